"""A server on a fresh data folder, with no key: what a newcomer has."""

from pathlib import Path

import pytest

from flora_mcp.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(api_key=None, data_directory=tmp_path / "data")

"""A server on a fresh data folder, with no key: what a newcomer has; and databases that servers share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from studio.postgres import Postgres, open_postgres

from flora_mcp.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(api_key=None, data_directory=tmp_path / "data")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the tests of this process."""
    with open_postgres() as opened:
        yield opened


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database of each kind: the test runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'server.sqlite3'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = f"shared_{next(server.numbers)}"
    server.execute(f"CREATE DATABASE {name}")
    try:
        yield server.url(name)
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")

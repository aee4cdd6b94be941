"""What every test shares: one event loop, asyncio, which DBOS and the MCP SDK need."""

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"

"""What every test shares: one event loop, asyncio, which DBOS and the MCP SDK need; and the order of modules."""

from collections import Counter

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def pytest_configure(config: pytest.Config) -> None:
    """Lets pytest-xdist hand out modules in our order: its own puts those with one test last, and some are long."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the longest modules first, if several processes share them: the last one keeps a processor idle."""
    if hasattr(config, "workerinput"):
        tests = Counter(item.path for item in items)
        items.sort(key=lambda item: ("_as_an_ordinary_user" not in item.path.name, -tests[item.path], item.path))

"""What every test shares: one event loop, asyncio, which DBOS and the MCP SDK need; an order of modules; a place."""

import os
import tempfile
from collections import Counter
from pathlib import Path

import pytest

LONG = ("_as_an_ordinary_user", "test_crash", "test_kills", "test_openapi")
"""In the names of modules that take long, however few tests they have."""

MEMORY, ROOM_BYTES = Path("/dev/shm"), 2**30
"""Linux keeps the files there in memory: the tests make a thousand databases, whose commits would wait for the disk."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Returns one process more than there are processors: many tests wait for other processes, budgets and beats."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def pytest_configure(config: pytest.Config) -> None:
    """Has files kept in memory, and pytest-xdist hand out modules in our order: its own puts some long ones last."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False
    if "TMPDIR" not in os.environ and _is_roomy(MEMORY):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _is_roomy(folder: Path) -> bool:
    """Whether the tests fit in, and programs that they write can be run there."""
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return False
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize >= ROOM_BYTES and not found.f_flag & os.ST_NOEXEC


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Puts the longest modules first, if several processes share them: the last one keeps a processor idle."""
    if hasattr(config, "workerinput"):
        tests = Counter(item.path for item in items)
        items.sort(key=lambda item: (_place(item.path), -tests[item.path], item.path))


def _place(path: Path) -> int:
    """Returns how early a module comes."""
    return next((place for place, part in enumerate(LONG) if part in path.name), len(LONG))

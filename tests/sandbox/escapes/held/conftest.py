"""What a worker holds, seen from outside while the neighbour's program runs in it."""

import sys
from pathlib import Path

import pytest


class Process:
    """A process as the kernel shows it."""

    def __init__(self, pid):
        self.pid = pid
        self.folder = Path(f"/proc/{pid}")

    def status(self):
        lines = (self.folder / "status").read_text().splitlines()
        return dict(line.split(":\t", 1) for line in lines if ":\t" in line)

    def limits(self):
        rows = (self.folder / "limits").read_text().splitlines()[1:]
        return {row[:25].strip(): row[25:46].strip() for row in rows}


@pytest.fixture
def worker(canaries):
    """The process of the neighbour, which waits for a call."""
    if not sys.platform.startswith("linux"):
        pytest.skip("reads /proc")
    return Process(canaries.neighbour.pid)

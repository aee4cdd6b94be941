"""Processes that store outputs in one folder are killed in the midst of it: nothing is half there."""

import hashlib
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import anyio
import anyio.to_thread
from fakes.filling import SIZE_BYTES, fetch

from flora_mcp.outputs import OutputStore, Shelf, StoredOutput
from flora_mcp.outputs._readable import PARTIAL
from flora_mcp.state import State

PROCESSES = 2
TURNS = 4


def fill_and_be_killed(folder: Path) -> set[str]:
    """Lets processes work side by side, kills each at a moment that nobody chose, and returns the runs they told of."""
    told: set[str] = set()
    with ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-W", "error", "-m", "fakes.filling", str(folder), str(number)],
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=Path(__file__).parents[1],
                )
            )
            for number in range(PROCESSES)
        ]
        for process in running:
            stack.callback(process.kill)
        for process in running:
            assert process.stdout is not None
            for _ in range(TURNS):
                told.add(process.stdout.readline().strip())
            process.kill()
            told.update(line.strip() for line in process.stdout if line.endswith("\n"))
    return told


def half_there(folder: Path) -> list[Path]:
    """Returns the files, in the store and in the user's folder, that are not all of what they say they are."""
    blobs = list((folder / "outputs" / "blobs").glob("??/*"))
    copies = [path for path in (folder / "Pictures").iterdir() if not path.name.startswith(PARTIAL)]
    assert blobs
    assert copies
    broken = [path for path in blobs if hashlib.sha256(path.read_bytes()).hexdigest() != path.stem]
    return broken + [path for path in copies if path.stat().st_size != SIZE_BYTES]


async def test_what_was_told_is_there_and_nothing_is_half_there(tmp_path: Path) -> None:
    told = await anyio.to_thread.run_sync(fill_and_be_killed, tmp_path)
    assert len(told) > PROCESSES
    assert half_there(tmp_path) == []

    state = State(f"sqlite:///{tmp_path / 'server.sqlite3'}")
    store = OutputStore(shelf=Shelf(directory=tmp_path / "outputs", state=state), fetch=fetch)
    outputs: list[StoredOutput] = []
    for run_id in told:
        outputs += await store.of_run(run_id)
    state.close()
    assert len(outputs) == 3 * len(told)
    assert half_there(tmp_path) == []

"""Stores outputs without end, as a process of its own that a test kills: `python -m fakes.filling FOLDER NUMBER`."""

import random
import sys
from pathlib import Path

import anyio

from fakes.media import Body, run_of
from flora_mcp.outputs import OutputStore, Shelf
from flora_mcp.state import State

SIZE_BYTES = 300_000


async def fetch(url: str, max_bytes: int) -> Body:
    return Body(random.Random(url).randbytes(SIZE_BYTES))


async def main(folder: Path, number: int) -> None:
    state = State(f"sqlite:///{folder / 'server.sqlite3'}")
    shelf = Shelf(
        directory=folder / "outputs",
        state=state,
        room_bytes=40 * SIZE_BYTES,
        output_directory=folder / "Pictures",
    )
    store = OutputStore(shelf=shelf, fetch=fetch)
    turn = 0
    while True:
        turn += 1
        # The first run is that of all processes.
        run_id = f"run_{number}_{turn}" if turn > 1 else "run_shared"
        urls = [f"https://media.example/{run_id}/{place}" for place in range(3)]
        collected = await store.collect(run_of(*urls, run_id=run_id), prompt="filling")
        assert len(collected) == 3, collected.failures
        sys.stdout.write(f"{run_id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    anyio.run(main, Path(sys.argv[1]), int(sys.argv[2]))

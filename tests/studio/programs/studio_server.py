"""A studio on a free port, over the directory it is given; tells its address on the standard output."""

import sys
from functools import partial
from pathlib import Path

import anyio

from flora_mcp.studio import Studio, listen, serve, url_of
from flora_mcp.studio.renderers import RenderProcesses

WORKER = Path(__file__).with_name("gated_worker.py")


async def main(directory: Path) -> None:
    listener = listen()
    url = url_of(listener)
    renderers = RenderProcesses(capacity=3, command=[sys.executable, "-I", str(WORKER)])
    async with Studio(directory=directory, public_url=url, renderers=renderers, poll_seconds=0.2) as studio:
        await serve(studio, listener, on_ready=partial(print, url, flush=True))


anyio.run(main, Path(sys.argv[1]))

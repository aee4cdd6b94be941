"""Starts studio processes in no time, by forks of itself, which has imported everything.

Each line of the standard input is the JSON of a `Life`; each line of the standard output that of a process which is
ready, with its `pid` and `url`. Processes die with this one.
"""

import asyncio
import ctypes
import json
import os
import signal
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import anyio
import psycopg  # noqa: F401 - imported once for all
from gated_worker import render

import flora_mcp.studio.runs.workflow  # noqa: F401
from flora_mcp.cli.signals import ending_on_signals
from flora_mcp.studio import Studio, listen, serve, url_of
from flora_mcp.studio.renderers import RenderHost, RenderProcesses, RenderThreads
from flora_mcp.studio.web import Web

DIE_WITH_PARENT = 1

WORKER = Path(__file__).with_name("gated_worker.py")


@dataclass(frozen=True, kw_only=True)
class Life:
    """What one process is to be."""

    directory: str
    database_url: str | None = None
    works: bool = True
    render_processes: bool = False
    lease_seconds: float = 1.0
    workspace_runs: int = 16
    reach: str = ""


async def live(life: Life) -> None:
    listener = listen()
    url = url_of(listener)
    renderers: RenderHost = RenderThreads({"t2i-studio-scene": render}, capacity=3)
    if life.render_processes:
        renderers = RenderProcesses(capacity=3, command=[sys.executable, "-I", str(WORKER)])
    studio = Studio(
        directory=Path(life.directory),
        public_url=url,
        database_url=life.database_url,
        renderers=renderers,
        web=Web(allowed_hosts=frozenset({life.reach})),
        poll_seconds=0.1,
        lease_seconds=life.lease_seconds,
        workspace_runs=life.workspace_runs,
        works=life.works,
    )
    loop = asyncio.get_running_loop()
    with anyio.CancelScope() as scope, ending_on_signals(partial(loop.call_soon_threadsafe, scope.cancel)):
        async with studio:
            await serve(studio, listener, on_ready=partial(tell, {"pid": os.getpid(), "url": url}))


def tell(found: dict[str, object]) -> None:
    os.write(1, (json.dumps(found) + "\n").encode())


def main() -> None:
    # Nobody waits for the children: the system forgets them as they end.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    parent = os.getpid()
    while line := os.read(0, 10_000):
        life = Life(**json.loads(line))
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            if sys.platform == "linux":
                ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
            if os.getppid() == parent:
                anyio.run(live, life)
            os._exit(0)


if __name__ == "__main__":
    main()

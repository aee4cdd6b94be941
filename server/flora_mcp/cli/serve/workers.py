"""Several processes that serve MCP on one socket, and the one that watches over them."""

import asyncio
import logging
import multiprocessing
import os
import signal
import socket
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path

import anyio

from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.logs import log_to_stderr
from flora_mcp.cli.serve import one
from flora_mcp.cli.serve.one import Serving
from flora_mcp.cli.signals import ending_on_signals

logger = logging.getLogger(__name__)

MOST_DEATHS = 5
DEATHS_SECONDS = 60.0
"""More workers that end by themselves in so long do not end by chance: others in their place would fare no better."""

LOOK_SECONDS = 1.0
"""Where a wait is not interrupted by signals, they are seen so late."""

GRACE_SECONDS = 4.0
"""A worker that has not ended so long after it was told to is ended hard: before the one that watches over it is."""

READY = ""
"""What a worker says once it answers; anything else is what is wrong."""


@dataclass(kw_only=True, eq=False)
class _Worker:
    process: SpawnProcess
    lifeline: Connection
    """Its end tells the worker to end, whether it is closed or this process dies."""
    word: Connection


def run(serving: Serving, listener: socket.socket, *, count: int, on_ready: Callable[[], None]) -> int:
    """Serves with so many processes until a signal comes, and returns 0. A worker that crashes is replaced.

    Raises:
        CommandError: workers cannot serve; the message is theirs.
    """
    context = multiprocessing.get_context("spawn")
    waker, wake = context.Pipe(duplex=False)
    workers: list[_Worker] = []
    with tempfile.TemporaryDirectory(prefix="flora-mcp-") as figures:
        serving = replace(serving, figures=Path(figures))
        try:
            with ending_on_signals(partial(wake.send_bytes, b"end")):
                workers += [_start(context, serving, listener) for _ in range(count)]
                _watch(workers, waker, again=partial(_start, context, serving, listener), on_ready=on_ready)
                _end(workers)
        finally:
            _end(workers)
            waker.close()
            wake.close()
    return 0


def _start(context: SpawnContext, serving: Serving, listener: socket.socket) -> _Worker:
    lifeline_end, lifeline = context.Pipe(duplex=False)
    word, word_end = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(serving, listener, lifeline_end, word_end), name="flora-mcp worker")
    process.start()
    lifeline_end.close()
    word_end.close()
    return _Worker(process=process, lifeline=lifeline, word=word)


def _watch(
    workers: list[_Worker], waker: Connection, *, again: Callable[[], _Worker], on_ready: Callable[[], None]
) -> None:
    """Returns when the server is to end."""
    starting = list(workers)
    deaths: deque[float] = deque(maxlen=MOST_DEATHS + 1)
    listening = {worker.word: worker for worker in workers}
    while True:
        sentinels = {worker.process.sentinel: worker for worker in workers}
        for event in wait([waker, *listening, *sentinels], LOOK_SECONDS):
            if event is waker:
                return
            if isinstance(event, Connection):
                worker = listening.pop(event)
                _hear(worker)
                if worker in starting:
                    starting.remove(worker)
                    if not starting:
                        on_ready()
            elif isinstance(event, int):
                gone = sentinels[event]
                if listening.pop(gone.word, None) is not None:
                    _hear(gone)
                _mourn(gone, deaths)
                workers.remove(gone)
                fresh = again()
                workers.append(fresh)
                listening[fresh.word] = fresh


def _hear(worker: _Worker) -> None:
    try:
        trouble: str = worker.word.recv()
    except EOFError:
        trouble = "a worker ended before it could serve"
    if trouble != READY:
        raise CommandError(trouble)


def _mourn(worker: _Worker, deaths: deque[float]) -> None:
    worker.process.join()
    worker.lifeline.close()
    worker.word.close()
    ended = f"A worker ended with {worker.process.exitcode}"
    deaths.append(time.monotonic())
    if len(deaths) > MOST_DEATHS and deaths[-1] - deaths[0] < DEATHS_SECONDS:
        raise CommandError(f"{ended}, and {MOST_DEATHS} others did within a minute; the log says why")
    logger.warning("%s; another one takes its place", ended)


def _end(workers: list[_Worker]) -> None:
    for worker in workers:
        worker.lifeline.close()
    deadline = time.monotonic() + GRACE_SECONDS
    for worker in workers:
        worker.process.join(max(0.0, deadline - time.monotonic()))
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        worker.word.close()
    workers.clear()


def _work(serving: Serving, listener: socket.socket, lifeline: Connection, word: Connection) -> None:
    """What a worker process does."""
    # Ctrl-C reaches all processes of a terminal; the one that watches tells the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    log_to_stderr(serving.settings.log_level)

    async def until_the_end() -> None:
        ending, loop = anyio.Event(), asyncio.get_running_loop()
        end = partial(loop.call_soon_threadsafe, ending.set)
        threading.Thread(target=_await_end, args=(lifeline, end), name="lifeline", daemon=True).start()
        with ending_on_signals(end):
            await one.work(serving, listener, ending=ending, on_ready=partial(word.send, READY))

    try:
        one.serve_until(until_the_end)
    except Exception as exc:  # the border of the process: whoever watches says what is wrong
        word.send(str(exc) or type(exc).__name__)


def _await_end(lifeline: Connection, end: Callable[[], object]) -> None:
    wait([lifeline])
    timer = threading.Timer(GRACE_SECONDS, os._exit, (1,))
    timer.daemon = True
    timer.start()
    end()

"""The worker process: takes one program from its host, runs it, says how it ended, and is gone."""

import os
from types import FrameType
from typing import Any, NoReturn, Protocol

from code_sandbox._lockdown.layers import Layers
from code_sandbox._lockdown.process import follow_parent, lock_process
from code_sandbox._lockdown.worker import WorkerLock
from code_sandbox._worker.channel import Channel, PolledInbox, ThreadedInbox, encoded
from code_sandbox._worker.languages import all_languages

OUT_OF_MEMORY_EXIT = 71


class Runs(Protocol):
    """What runs a program in the worker."""

    def run(self, text: str, *, language: str = "auto") -> dict[str, Any]:
        """Runs a program and returns its last frame."""

    def stop(self, frame: FrameType | None) -> None:
        """Ends the program at its limit of processor time."""


class MakesRuns(Protocol):
    """Makes what runs a program, before the worker locks itself in."""

    def __call__(self, *, channel: Channel, setup: dict[str, Any]) -> Runs:
        """Prepares all that does not depend on the program."""


class Worker:
    """A process that is ready for one program."""

    def __init__(self, *, channel: Channel, setup: dict[str, Any], interpreter: MakesRuns = all_languages) -> None:
        """Prepares all that does not depend on the program.

        Args:
            channel: The way to the host.
            setup: What every program of a sandbox sees, and its limits.
            interpreter: Made now. Only code chooses it: no frame can.
        """
        self._channel = channel
        self._interpreter = interpreter(channel=channel, setup=setup)
        self._lock = WorkerLock(
            cpu_seconds=setup["limits"]["cpu_seconds"],
            memory_bytes=setup["limits"]["memory_bytes"],
            on_cpu_limit=self._interpreter.stop,
            writes=(channel.descriptors - 1,),
        )
        self._ready = b""
        """The first word, if the lock turns out as it was prepared."""

    def prepare(self, layers: Layers) -> None:
        """Makes ready the lock and the first word of workers that will be forked.

        Args:
            layers: What the process has put around itself already. It is completed.
        """
        self._lock.prepare(layers, forks=True)
        self._ready = encoded(layers.ready_frame())

    def serve(self, layers: Layers) -> None:
        """Gives up what a program must not have, runs the one that comes, and says how it ended.

        Nothing of the program gets a last word, no finalizer and no exit handler: the process is to be killed now, or
        to leave by `os._exit`.

        Args:
            layers: What the process has put around itself already; after a fork, as `prepare` completed it.
        """
        try:
            as_prepared = self._lock.lock(layers)
            self._channel.write(self._ready if self._ready and as_prepared else encoded(layers.ready_frame()))
            start = self._channel.receive(None)
            assert start is not None
            self._channel.send(self._interpreter.run(start["program"], language=start["language"]))
        except MemoryError:
            os._exit(OUT_OF_MEMORY_EXIT)


def main(channel_kind: str, parent_id: int, interpreter: MakesRuns = all_languages) -> NoReturn:
    """Runs one program in a process that was started for it."""
    follow_parent(parent_id)
    if channel_kind == "socket":
        channel = Channel(inbox=PolledInbox(0), descriptor=0)
    else:
        channel = Channel(inbox=ThreadedInbox(0), descriptor=1)
    setup = channel.receive(None)
    assert setup is not None
    worker = Worker(channel=channel, setup=setup, interpreter=interpreter)
    worker.serve(lock_process(parent_id=parent_id))
    # The host measures the process while it lives, and kills it then.
    while True:
        channel.receive(None)

"""A worker that a zygote has forked."""

import asyncio
import select
from collections.abc import Callable

from code_sandbox._processes.memory import cpu_seconds, peak_bytes, resident_bytes
from code_sandbox.isolation import Ending

OWN_BYTES = 3 * 1024 * 1024
"""What a worker that waits for a program has for itself. The rest it shares with its siblings."""


class ForkedWorker:
    """A process whose only descriptor is a socket to us. The zygote alone kills and reaps it, by its number here."""

    def __init__(
        self,
        *,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pid: int,
        order_kill: Callable[[], None],
        ending: "asyncio.Future[Ending]",
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.pid = pid
        self._order_kill = order_kill
        self._ending = ending
        self._killed = False
        self._shared_bytes = 0

    @property
    def is_dead(self) -> bool:
        """The zygote has told how it ended."""
        return self._ending.done()

    def has_hung_up(self) -> bool:
        """Tells at once whether the process has closed its socket, before the loop or the zygote has noticed."""
        if self.reader.at_eof() or self.writer.transport.is_closing():
            return True
        poll = select.poll()
        poll.register(self.writer.get_extra_info("socket"), 0)
        return bool(poll.poll(0))

    def memory_bytes(self) -> int:
        """Returns what the process holds now and does not share."""
        if self._ending.done():
            return 0
        return max(0, resident_bytes(self.pid) - self._shared_bytes)

    def weigh(self) -> None:
        """Takes what the process holds now for what it shares with its siblings, but for a little."""
        self._shared_bytes = max(0, resident_bytes(self.pid) - OWN_BYTES)

    def kill(self) -> None:
        """Has the zygote kill the process."""
        if not self._killed and not self._ending.done():
            self._killed = True
            self._order_kill()

    def leave(self) -> Ending | None:
        """Ends one that has said its last word, and returns what it used so far: nobody waits for the zygote then."""
        cpu, peak = cpu_seconds(self.pid), peak_bytes(self.pid)
        if self._ending.done() or self._killed or cpu is None or not peak:
            return None
        self.discard()
        return Ending(exit_code=None, signal=None, cpu_seconds=cpu, peak_memory_bytes=peak)

    async def reap(self, *, grace_seconds: float = 0.0) -> Ending:
        """Waits until the zygote has reaped the process, and has it killed after the grace."""
        if not self._ending.done() and grace_seconds and not self._killed:
            await asyncio.wait([self._ending], timeout=grace_seconds)
        self.kill()
        if not self._ending.done():
            await asyncio.wait([self._ending])
        self.writer.transport.abort()
        ending = self._ending.result()
        if not self._killed or ending.signal is None:
            return ending
        return Ending(
            exit_code=None, signal=None, cpu_seconds=ending.cpu_seconds, peak_memory_bytes=ending.peak_memory_bytes
        )

    def discard(self) -> None:
        """Ends a worker that nobody has used. Its zygote reaps it."""
        self.kill()
        self.writer.transport.abort()

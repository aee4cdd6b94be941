"""Printed text on its way to the host: in small frames, soon, and never more than its bound."""

import time

from code_sandbox._worker.channel import Channel
from code_sandbox._worker.stop import LimitReached

EAGER_PRINTS = 200
"""So many prints are sent at once; after that they are gathered, for a frame costs the host more than a print."""
GATHER_BYTES = 4_096
GATHER_SECONDS = 0.05
CHUNK_CHARACTERS = 16_384
STOP_FACTOR = 16


class Prints:
    """Sends what is printed until the bound, counts what comes after, and ends the program at 16 times the bound."""

    def __init__(self, *, channel: Channel, max_bytes: int) -> None:
        self._channel = channel
        self._max_bytes = max_bytes
        self._kept_bytes = 0
        self._cut_bytes = 0
        self._told_cut_bytes = 0
        self._count = 0
        self._gathered: list[str] = []
        self._gathered_bytes = 0
        self._flushed = time.monotonic()
        self._is_closed = False

    def write(self, text: str) -> None:
        """Takes printed text.

        Raises:
            LimitReached: Far too much was printed.
        """
        if self._is_closed:
            return
        data = text.encode("utf-8", "replace")
        room = self._max_bytes - self._kept_bytes
        if self._cut_bytes or len(data) > room:
            kept = "" if self._cut_bytes else data[:room].decode("utf-8", "ignore")
            self._cut_bytes += len(data) - len(kept.encode("utf-8"))
            text = kept
            data = kept.encode("utf-8")
        self._kept_bytes += len(data)
        if text:
            self._gathered.append(text)
            self._gathered_bytes += len(data)
        self._count += 1
        most = self._max_bytes * STOP_FACTOR
        if self._kept_bytes + self._cut_bytes > most:
            self._cut_bytes = most - self._kept_bytes
            raise LimitReached("printed_bytes")
        if self._is_due():
            self.flush()

    def _is_due(self) -> bool:
        if self._count <= EAGER_PRINTS or self._gathered_bytes >= GATHER_BYTES:
            return True
        if self._cut_bytes >= 2 * self._told_cut_bytes + GATHER_BYTES:
            return True
        return bool(self._gathered) and time.monotonic() - self._flushed > GATHER_SECONDS

    def flush(self) -> None:
        """Sends what was gathered."""
        if not self._gathered and self._cut_bytes == self._told_cut_bytes:
            return
        text = "".join(self._gathered)
        self._gathered.clear()
        self._gathered_bytes = 0
        self._flushed = time.monotonic()
        for begin in range(0, max(1, len(text)), CHUNK_CHARACTERS):
            chunk = text[begin : begin + CHUNK_CHARACTERS]
            self._channel.send({"kind": "print", "text": chunk, "cut": self._cut_bytes})
        self._told_cut_bytes = self._cut_bytes

    def close(self) -> None:
        """Sends what was gathered, and takes nothing any more."""
        self._is_closed = True
        self.flush()

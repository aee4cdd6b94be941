"""The worker's half of the channel: frames over descriptors that the host handed down."""

import json
import os
import queue
import select
import threading
import time
from collections.abc import Mapping
from typing import Any, Protocol

from code_sandbox._python.records import Record

HEADER_BYTES = 4
CHUNK_BYTES = 65_536
ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
DECODER = json.JSONDecoder(object_hook=Record)


class Inbox(Protocol):
    """Where bytes from the host arrive."""

    def read(self, timeout_seconds: float | None) -> bytes | None:
        """Returns what arrived, b"" at the end, None if nothing came in time."""


class PolledInbox:
    """Waits with `poll`: no thread, and no second descriptor."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)

    def read(self, timeout_seconds: float | None) -> bytes | None:
        """Returns what arrived, b"" at the end, None if nothing came in time."""
        # Rounded up: a timer that is due in less than a millisecond would spin otherwise.
        if timeout_seconds is not None and not self._poll.poll(int(timeout_seconds * 1000 + 0.999)):
            return None
        return os.read(self._descriptor, CHUNK_BYTES)


class ThreadedInbox:
    """Reads in a thread: pipes cannot be polled on every system."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._chunks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=self._fill, daemon=True).start()

    def _fill(self) -> None:
        while True:
            try:
                chunk = os.read(self._descriptor, CHUNK_BYTES)
            except OSError:
                chunk = b""
            self._chunks.put(chunk)
            if not chunk:
                return

    def read(self, timeout_seconds: float | None) -> bytes | None:
        """Returns what arrived, b"" at the end, None if nothing came in time."""
        try:
            if timeout_seconds == 0:
                return self._chunks.get_nowait()
            return self._chunks.get(timeout=timeout_seconds)
        except queue.Empty:
            return None


def encoded(frame: Mapping[str, Any]) -> bytes:
    """Returns the frame with its length."""
    body = ENCODER.encode(frame).encode("utf-8", "replace")
    return len(body).to_bytes(HEADER_BYTES, "big") + body


class Channel:
    """Sends and receives frames. If the host goes away, so does the process."""

    def __init__(self, *, inbox: Inbox, descriptor: int) -> None:
        self.is_sending = False
        """While true, an exception from a signal would cut a frame in two."""
        self._inbox = inbox
        self.descriptors = descriptor + 1
        """How many descriptors, from 0 on, the channel needs."""
        self._descriptor = descriptor
        self._buffer = bytearray()

    def send(self, frame: dict[str, Any]) -> None:
        """Sends a frame; waits while the host is busy."""
        self.write(encoded(frame))

    def write(self, data: bytes) -> None:
        """Sends a frame that is encoded already."""
        self.is_sending = True
        try:
            while data:
                data = data[os.write(self._descriptor, data) :]
        except OSError:
            os._exit(0)
        finally:
            self.is_sending = False

    def receive(self, timeout_seconds: float | None) -> dict[str, Any] | None:
        """Returns the next frame, or None if none came in time. Objects in it are records."""
        deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        while True:
            frame = self.arrived()
            if frame is not None:
                return frame
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            chunk = self._inbox.read(left)
            if chunk is None:
                return None
            if not chunk:
                os._exit(0)
            self._buffer += chunk

    def arrived(self) -> dict[str, Any] | None:
        """Returns the next frame of those that came together, without asking the system for more."""
        if len(self._buffer) < HEADER_BYTES:
            return None
        end = HEADER_BYTES + int.from_bytes(self._buffer[:HEADER_BYTES], "big")
        if len(self._buffer) < end:
            return None
        text = self._buffer[HEADER_BYTES:end].decode()
        del self._buffer[:end]
        frame: dict[str, Any] = DECODER.raw_decode(text)[0]
        return frame

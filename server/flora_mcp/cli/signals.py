"""Ends a server in order when a signal asks for it."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))

GRACE_SECONDS = 10.0
"""A server that has not ended so long after the first signal is ended hard."""


@contextmanager
def ending_on_signals(end: Callable[[], object]) -> Iterator[None]:
    """Calls `end` on the first signal, inside the main thread. A second signal ends the process at once."""
    timers: list[threading.Timer] = []

    def handle(number: int, frame: FrameType | None) -> None:
        if timers:
            os._exit(128 + number)
        timer = threading.Timer(GRACE_SECONDS, os._exit, (128 + number,))
        timer.daemon = True
        timer.start()
        timers.append(timer)
        end()

    # A signal that is ignored, as under nohup, stays ignored.
    taken = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in taken}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for timer in timers:
            timer.cancel()

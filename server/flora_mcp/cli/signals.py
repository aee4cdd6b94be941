"""What signals do to a command."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))

GRACE_SECONDS = 5.0
"""A server that has not ended so long after the first signal is ended hard."""


@contextmanager
def interruptible_at_once() -> Iterator[None]:
    """Has Ctrl-C end the process on the spot: for the time of imports, when there is nothing to put in order.

    Python would raise `KeyboardInterrupt` inside whatever is imported, and some packages make another error of it.
    """
    before = signal.signal(signal.SIGINT, lambda number, _: os._exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


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

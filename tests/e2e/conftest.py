"""Signals as a person's terminal has them, whatever the suite was started from."""

import signal
from collections.abc import Iterator

import pytest

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGHUP", "SIGTERM") if hasattr(signal, name))


@pytest.fixture(autouse=True, scope="session")
def heard_signals() -> Iterator[None]:
    """A job in the background, or under nohup, ignores signals, and so would every process that it starts."""
    ignored = [number for number in SIGNALS if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)

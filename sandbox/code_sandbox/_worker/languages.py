"""Runs each program in the language it is written in."""

from types import FrameType
from typing import Any

from code_sandbox._javascript.engine import PACKAGES, Engine, load_engine
from code_sandbox._javascript.interpreter import JavaScript
from code_sandbox._python.interpreter import Interpreter
from code_sandbox._worker.channel import Channel
from code_sandbox._worker.detection import is_javascript
from code_sandbox._worker.failures import failure


class Languages:
    """Python, and JavaScript where its engine is installed."""

    def __init__(self, *, channel: Channel, setup: dict[str, Any], engine: Engine | None) -> None:
        """Prepares what most programs need: all of Python. JavaScript waits until there is such a program.

        Args:
            channel: The way to the host.
            setup: What every program of a sandbox sees, and its limits.
            engine: What runs JavaScript, already loaded.
        """
        self._channel = channel
        self._setup = setup
        self._engine = engine
        self._python = Interpreter(channel=channel, setup=setup)
        self._running: Interpreter | JavaScript | None = None

    def run(self, text: str, *, language: str = "auto") -> dict[str, Any]:
        """Runs a program and returns its last frame.

        Args:
            text: The program.
            language: "python", "javascript", or "auto" to look at the program.
        """
        wanted = language if language != "auto" else ("javascript" if is_javascript(text) else "python")
        if wanted == "python":
            self._running = self._python
            return self._python.run(text)
        if self._engine is None:
            return _unavailable()
        javascript = JavaScript(engine=self._engine, channel=self._channel, setup=self._setup)
        self._running = javascript
        return javascript.run(text)

    def stop(self, frame: FrameType | None) -> None:
        """Ends the program at its limit of processor time."""
        if self._running is not None:
            self._running.stop(frame)


def all_languages(*, channel: Channel, setup: dict[str, Any]) -> Languages:
    """Returns what runs programs in every language that is installed."""
    return Languages(channel=channel, setup=setup, engine=load_engine())


def _unavailable() -> dict[str, Any]:
    described = failure(
        "LanguageUnavailable",
        "the program is written in JavaScript, and no engine for that is installed here",
        hint=f"Write it in Python, or let {PACKAGES} be installed.",
    )
    return {"kind": "done", "status": "failed", "value": None, "failure": described}

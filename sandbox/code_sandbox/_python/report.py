"""Tells the host how a program ended: the error, the line, and a hint for the next attempt."""

from types import TracebackType
from typing import Any

from code_sandbox._python.hints import hint_for
from code_sandbox._python.program import FILENAME
from code_sandbox._python.render import Renderer
from code_sandbox._worker.failures import failure
from code_sandbox._worker.problems import ProblemsError, failure_of
from code_sandbox._worker.stop import LimitReached

ATTRIBUTE_BYTES = 16_000


class Reporter:
    """Describes errors of one program."""

    def __init__(self, *, errors: "Any") -> None:
        """Takes the classes of injected errors, which know their attributes."""
        self._errors = errors

    def failure(self, error: BaseException) -> dict[str, Any]:
        """Returns the failure as the host reads it."""
        if isinstance(error, LimitReached):
            return failure("LimitReached", "", line=line_of(error), limit=error.limit)
        if isinstance(error, ProblemsError):
            return failure_of(error.problems)
        message = _text_of(error)
        return failure(
            type(error).__name__,
            message,
            line=line_of(error),
            hint=_hint(error, message),
            attributes=_attributes(self._errors.attributes_of(error)),
        )


def line_of(error: BaseException) -> int | None:
    """Returns the line of the program that was running when the error came up."""
    line = None
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILENAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def awaiting_line(coroutine: Any) -> int | None:
    """Returns the line of the program in which a coroutine waits."""
    line = None
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None)
        if frame is not None and frame.f_code.co_filename == FILENAME:
            line = frame.f_lineno
        coroutine = getattr(coroutine, "cr_await", None)
    return line


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except LimitReached:
        raise
    except BaseException:
        # A program's own `__str__`: whatever it does, the report goes on.
        return "its text cannot be shown: __str__ failed"


def _hint(error: BaseException, message: str) -> str | None:
    notes = getattr(error, "__notes__", None)
    if isinstance(notes, list) and notes:
        return " ".join(str(note) for note in notes if type(note) is str)
    return hint_for(message)


def _attributes(attributes: dict[str, Any]) -> dict[str, Any]:
    try:
        rendered: dict[str, Any] = Renderer(max_bytes=ATTRIBUTE_BYTES).render(attributes)
    except LimitReached:
        return {}
    return rendered

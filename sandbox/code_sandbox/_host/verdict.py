"""Turns the end of a conversation and of its process into what the agent is told."""

import logging
import re
import signal
from dataclasses import dataclass
from typing import Any, cast

from code_sandbox._host.frames import ChannelError
from code_sandbox._host.session import Done, GoneError, LimitError
from code_sandbox.exposure import JSON
from code_sandbox.isolation import Ending
from code_sandbox.limits import Limits
from code_sandbox.outcome import Failure, Problem, Status

logger = logging.getLogger(__name__)

Verdict = Done | ChannelError | LimitError | GoneError

OUT_OF_MEMORY_EXIT = 71
"""A worker leaves with this code when even the report of an error found no memory."""

TEXT_CHARACTERS = 4_000
LINE_END = re.compile(r"\r\n|\r|\n")
"""What ends a line in Python: less than what `str.splitlines` takes for an end."""
CRASHES = {"SIGSEGV", "SIGBUS", "SIGILL", "SIGABRT", "SIGFPE"}

NEARLY_ALL = 0.8
"""An interpreter that crashes when it has so much of its memory has run out of it: a collection of garbage, for one,
does not survive that in CPython 3.11."""


@dataclass(frozen=True, kw_only=True)
class End:
    """All that is known when a program is over."""

    verdict: Verdict | None
    ending: Ending
    calls: list[str]
    """Paths of all calls that were made."""
    waiting_for: list[str]
    """Paths of the calls that were open."""
    closed: bool
    """The sandbox itself was closed meanwhile."""
    eviction: Failure | None
    """Why the host ended it for the sake of others."""


def refuse(program: str, limits: Limits) -> Failure | None:
    """Returns why a text cannot be a program, before a worker is started for it."""
    try:
        length = len(program.encode("utf-8"))
    except UnicodeEncodeError as exc:
        line = program.count("\n", 0, exc.start) + 1
        message = f"character {exc.start} is half of a surrogate pair: send valid Unicode"
        return Failure(type_name="SyntaxError", message=message, line=line)
    if length > limits.program_bytes:
        return _limit_failure("program_bytes", limits)
    return None


def judge(end: End, program: str, limits: Limits) -> tuple[Status, Failure | None, JSON]:
    """Returns the status, the failure and the value of an outcome."""
    verdict = end.verdict
    if isinstance(verdict, Done):
        if verdict.failure is None:
            return "completed", None, verdict.value
        return cast(Status, verdict.status), _reported(verdict.failure, program, limits), None
    if isinstance(verdict, LimitError):
        return "limit", _limit_failure(verdict.limit, limits, waiting_for=end.waiting_for), None
    if isinstance(verdict, ChannelError):
        logger.warning("a worker broke a rule of the channel: %s", verdict)
        message = "The program's worker broke the rules of its channel and was stopped."
        return "failed", Failure(type_name="WorkerCrashed", message=message), None
    failure = _crash(end, limits)
    return "limit" if failure.limit else "failed", failure, None


def _reported(claim: dict[str, JSON], program: str, limits: Limits) -> Failure:
    limit = cast("str | None", claim["limit"])
    line, source_line = _place(cast("int | None", claim["line"]), program)
    hint = cast("str | None", claim["hint"])
    return Failure(
        type_name=_cut(cast(str, claim["type_name"])),
        message=limits.explain(limit) if limit else _cut(cast(str, claim["message"])),
        line=line,
        source_line=source_line,
        hint=None if hint is None else _cut(hint),
        limit=limit,
        attributes=cast("dict[str, JSON]", claim["attributes"]),
        problems=tuple(_problem(each, program) for each in cast("list[dict[str, Any]]", claim["problems"])),
    )


def _problem(claim: dict[str, Any], program: str) -> Problem:
    line, source_line = _place(claim["line"], program)
    hint, signature = (None if claim[key] is None else _cut(claim[key]) for key in ("hint", "signature"))
    message = _cut(claim["message"])
    return Problem(message=message, line=line, source_line=source_line, hint=hint, signature=signature)


def _place(line: int | None, program: str) -> tuple[int | None, str | None]:
    lines = LINE_END.split(program)
    if line is None or not 1 <= line <= len(lines):
        return None, None
    return line, lines[line - 1].strip()[:300]


def _cut(text: str) -> str:
    return text if len(text) <= TEXT_CHARACTERS else text[:TEXT_CHARACTERS] + " …"


def _limit_failure(name: str, limits: Limits, *, waiting_for: list[str] | None = None) -> Failure:
    hint = None
    if waiting_for:
        hint = f"It was waiting for {', '.join(sorted(set(waiting_for)))}."
    return Failure(type_name="LimitReached", message=limits.explain(name), hint=hint, limit=name)


def _crash(end: End, limits: Limits) -> Failure:
    ending = end.ending
    if end.closed:
        return Failure(type_name="WorkerCrashed", message="The sandbox was closed while the program ran.")
    if end.eviction is not None:
        return end.eviction
    if ending.lost:
        return _innocent("The process that holds all workers went away, and this program with it.", end)
    name = signal.Signals(ending.signal).name if ending.signal is not None else None
    if ending.exit_code == OUT_OF_MEMORY_EXIT:
        return _limit_failure("memory_bytes", limits)
    if name == "SIGXCPU" or (name == "SIGKILL" and ending.cpu_seconds >= limits.cpu_seconds):
        return _limit_failure("cpu_seconds", limits)
    if name == "SIGKILL":
        return _innocent("The program's worker was killed from outside, perhaps by a system short of memory.", end)
    if name == "SIGSYS":
        message = "The program's worker asked the system for what no program may have, and was ended (SIGSYS)."
        return Failure(type_name="WorkerCrashed", message=message)
    if name in CRASHES and ending.peak_memory_bytes >= NEARLY_ALL * limits.memory_bytes:
        return _limit_failure("memory_bytes", limits)
    if name in CRASHES:
        return Failure(
            type_name="WorkerCrashed",
            message=f"The interpreter crashed ({name}).",
            hint="Very deep nesting or recursion is the usual cause: use a loop, or flatter data.",
        )
    how = f"signal {name}" if name else f"exit code {ending.exit_code}"
    logger.warning("a worker went away with %s", how)
    return Failure(type_name="WorkerCrashed", message=f"The program's worker went away ({how}).")


def _innocent(message: str, end: End) -> Failure:
    """Returns the failure of a program that did nothing wrong."""
    hint = "It had made no calls: send it again."
    if end.calls:
        paths = ", ".join(sorted(set(end.calls)))
        hint = f"Before you send it again, look what its calls have done already ({len(end.calls)}: {paths})."
    return Failure(type_name="WorkerCrashed", message=f"{message} That is not the program's fault.", hint=hint)

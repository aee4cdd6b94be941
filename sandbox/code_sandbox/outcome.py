"""What is left of a program after it ran."""

from dataclasses import dataclass, field
from typing import Literal

from code_sandbox.exposure import JSON

Status = Literal["completed", "failed", "limit"]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a program did not complete, in words an agent can act on."""

    type_name: str
    """The exception's class, `LimitReached` or `WorkerCrashed`; before the run `SyntaxError`, `PolicyError`, or
    `CheckError` for everything else that is certain to fail."""
    message: str
    line: int | None = None
    """Line of the program as it was sent; None if no line is to blame."""
    source_line: str | None = None
    hint: str | None = None
    limit: str | None = None
    """Name of the field of `Limits` or `Capacity` that was reached."""
    attributes: dict[str, JSON] = field(default_factory=dict)
    """Of the `CallFailed` behind it."""
    problems: tuple["Problem", ...] = ()
    """What the check before the run found, in the order of the lines, 50 at most; nothing was called then."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing to mend in a program before it can run."""

    message: str
    line: int | None = None
    """As in `Failure`."""
    source_line: str | None = None
    hint: str | None = None
    """What to write instead."""
    signature: str | None = None
    """Of the method that is meant; told once, with the first problem that concerns it."""


@dataclass(frozen=True, kw_only=True)
class CallRecord:
    """One call that reached the host, in the order in which they were sent."""

    number: int
    path: str
    started_after_seconds: float
    """After the worker started."""
    duration_seconds: float
    failed: bool
    """Raised, or was still open when the program ended and was cancelled."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The end of a program."""

    status: Status
    value: JSON = None
    """What the program returned; None unless completed."""
    printed: str = ""
    """The beginning of what was printed, in whole lines; if more was cut, the last line says so."""
    printed_cut_bytes: int = 0
    """Printed, and not in `printed`."""
    failure: Failure | None = None
    """None if completed."""
    calls: tuple[CallRecord, ...] = ()
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    """Of the whole worker, its start included. 0 where the system does not tell."""
    peak_memory_bytes: int = 0
    """Resident memory. 0 where the system does not tell, as after a crash."""

"""One program that an agent has sent: what it has done so far, and how it ended."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import anyio

from code_sandbox import Language, Outcome
from flora_mcp.executions.runs import TrackedRun

Status = Literal["running", "completed", "failed", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An output that the program has asked to be seen; all of a run's when `output_id` is None."""

    run_id: str
    output_id: str | None


@dataclass(kw_only=True, eq=False)
class Execution:
    """A program from its start on. It outlives the request that started it."""

    id: str
    program: str
    started_at: datetime
    language: Language = "auto"
    runs: list[TrackedRun] = field(default_factory=list)
    """What the program started, in order: this is what it has paid for."""
    doubts: list[str] = field(default_factory=list)
    """Of each paid call without a clear answer, what the error said: it was perhaps started and billed."""
    shown: list[Shown] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    """The prints of a program that has no outcome yet, as they came."""
    outcome: Outcome | None = None
    fault: str | None = None
    """Why the program could not be run at all; the fault is ours, not the program's."""
    finished: anyio.Event = field(default_factory=anyio.Event)
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)

    @property
    def status(self) -> Status:
        if not self.finished.is_set():
            return "running"
        if self.fault is not None:
            return "failed"
        if self.outcome is None:
            return "cancelled"
        return "completed" if self.outcome.status == "completed" else "failed"

    def started(self, run: TrackedRun) -> None:
        if run not in self.runs:
            self.runs.append(run)

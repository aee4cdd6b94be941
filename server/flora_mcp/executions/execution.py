"""One program that an agent has sent, or one wish: what it has done so far, and how it ended."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import anyio

from code_sandbox import Language, Outcome
from flora_mcp.executions.runs import TrackedRun

Status = Literal["running", "completed", "failed", "cancelled", "interrupted"]
"""`cancelled`: the call for it was cancelled, and no other came. `interrupted`: the process that ran it has ended."""

Kind = Literal["program", "wish"]
"""A program runs in the sandbox; a wish is the runs of one call of `generate`."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An output that the program has asked to be seen; all of a run's when `output_id` is None."""

    run_id: str
    output_id: str | None


@dataclass(kw_only=True, eq=False)
class Execution:
    """A program or a wish from its start on. It outlives the request that started it, and may live elsewhere."""

    id: str
    kind: Kind
    content: str
    """Stands for what was asked: the same again has the same one."""
    started_at: datetime
    program: str = ""
    language: Language = "auto"
    status: Status = "running"
    runs: list[TrackedRun] = field(default_factory=list)
    """What was started, in order: this is what has been paid for."""
    paying: list[str] = field(default_factory=list)
    """Each call under way that costs money."""
    paid: bool = False
    """It has made such a call, whatever became of it."""
    doubts: list[str] = field(default_factory=list)
    """Of each paid call without a clear answer, what the error said: it was perhaps started and billed."""
    shown: list[Shown] = field(default_factory=list)
    returned: list[Shown] = field(default_factory=list)
    """Outputs of other runs that are in the program's value."""
    printed: list[str] = field(default_factory=list)
    """The prints of a program that has no outcome yet, as they came."""
    notes: list[str] = field(default_factory=list)
    """What is to be said of a wish beside its runs."""
    outcome: Outcome | None = None
    fault: str | None = None
    """Why it could not be done at all; of a program, the fault is ours."""
    finished: anyio.Event = field(default_factory=anyio.Event)

    picked_up: bool = False
    """It turned out to be there already."""
    elsewhere: bool = False
    """Another process runs it, or ran it; what is here is read from the shared database."""
    mirrored: bool = False
    """It is being read from there."""
    claimed: bool = False
    """It is in the shared database as ours."""
    told: bool = False
    """An answer has told how it ended: the same content starts anew."""
    written: int = 0
    """Stands for what was written down last."""
    calls: int = 0
    """Calls of a tool that follow it now, in this process."""
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    claiming: anyio.Lock = field(default_factory=anyio.Lock)
    holding: anyio.Lock = field(default_factory=anyio.Lock)
    wanted: anyio.Event = field(default_factory=anyio.Event)
    """Set while a call wants it, or none was cancelled; else its next paid call waits."""
    landed: anyio.Event = field(default_factory=anyio.Event)
    """Set when a paid call has come back; a new one each time."""

    def __post_init__(self) -> None:
        self.wanted.set()

    @property
    def uncertain(self) -> list[str]:
        """What was perhaps started and billed: calls without a clear answer, and those cut off by the end."""
        cut_off = [] if self.status == "running" else self.paying
        return [*self.doubts, *(f"{each} was under way when the end came." for each in cut_off)]

    def started(self, run: TrackedRun) -> None:
        if run not in self.runs:
            self.runs.append(run)

    @property
    def is_worth_telling(self) -> bool:
        """Whether the same is not to be started again: of what was cut off before it paid, nothing need be told."""
        return not self.told and (self.paid or self.status not in {"cancelled", "interrupted"})

    @property
    def is_over(self) -> bool:
        """Whether it has ended and nothing more is to be heard of it but from `wait` with the ids of its runs."""
        if self.status == "running":
            return False
        return self.status == "failed" or all(run.is_terminal or run.trouble is not None for run in self.runs)

"""What a kind of durable job is, and what a workflow may do so that a crash repeats nothing."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import sqlalchemy as sa


class Journal(Protocol):
    """Records what a workflow has done; given to it by the engine."""

    def step(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Calls the function, or returns what it returned before a crash.

        Args:
            name: Of the step, for the records; steps are matched by their order, which must not vary.
            function: What is done; it must bear being repeated, as a crash may come before its result is recorded.
            arguments: Plain data, and so is what the function returns.
        """


class Work(Protocol):
    """One kind of job: where its jobs wait, and what is done with one. Called from threads."""

    @property
    def name(self) -> str:
        """The name of its workflows, kept through upgrades."""

    @property
    def capacity(self) -> int:
        """How many of its jobs go on at once in one process."""

    def pending(self, connection: sa.Connection, *, limit: int, besides: Sequence[str]) -> list[str]:
        """Returns the jobs to start next, in their order."""

    def unfinished(self, connection: sa.Connection) -> list[tuple[str, bool]]:
        """Returns every job that has not ended, and whether it has begun."""

    def perform(self, job_id: str, journal: Journal) -> None:
        """Does a job from its beginning to its end, in steps."""

    def conclude(self, job_id: str) -> None:
        """Ends a job whose workflow is over without having ended it, as when the database refused to."""

    def give_up(self, job_id: str) -> None:
        """Ends a job that the engine cannot start."""


class OnEnd(Protocol):
    """Told when a job's workflow is over, or is no longer this process's."""

    def __call__(self, work: Work, job_id: str, /, *, done: bool) -> None:
        """Takes note; `done` says whether the job was performed to its end."""

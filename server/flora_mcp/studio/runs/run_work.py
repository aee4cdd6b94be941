"""What all works have in common whose jobs are runs: where they wait, and how they end without their workflow."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

import sqlalchemy as sa

from flora_mcp.studio.renderers import JSON, RenderHost
from flora_mcp.studio.runs.states import UNFINISHED
from flora_mcp.studio.runs.work import Journal
from flora_mcp.studio.store import Database, runs

_NOT_FINISHED: Mapping[str, JSON] = {
    "error_code": "SERVER_ERROR",
    "error_message": "The studio could not finish this run, perhaps for want of disk space; its log says more. "
    "Run it again.",
}

_NOT_STARTED: Mapping[str, JSON] = {
    "error_code": "GENERATION_FAILED_TO_START",
    "error_message": "The studio's workflow engine does not start; its log, on the server's stderr, says why.",
}


class RunWork(ABC):
    """A `Work` whose jobs are the runs of some types.

    Args:
        database: Where the runs are.
        renderers: What makes their outputs.
        clock_ms: The wall clock, in Unix milliseconds.
        workspace_runs: How many runs of one workspace go on at once, on all machines; None for any number.
    """

    name: ClassVar[str]
    """Of its workflows, kept through upgrades."""

    types: ClassVar[tuple[str, ...]]
    """Of its runs."""

    def __init__(
        self,
        *,
        database: Database,
        renderers: RenderHost,
        clock_ms: Callable[[], int],
        workspace_runs: int | None,
    ) -> None:
        self._database = database
        self._renderers = renderers
        self._clock_ms = clock_ms
        self._workspace_runs = workspace_runs

    @property
    def capacity(self) -> int:
        return self._renderers.capacity

    def pending(self, connection: sa.Connection, *, limit: int, besides: Sequence[str]) -> list[str]:
        most = self._workspace_runs
        return runs.pending(connection, types=self.types, limit=limit, besides=besides, workspace_runs=most)

    def unfinished(self, connection: sa.Connection) -> list[tuple[str, bool]]:
        return runs.unfinished(connection, types=self.types)

    @abstractmethod
    def perform(self, job_id: str, journal: Journal) -> None:
        """Makes what a run asks for, in steps."""

    @abstractmethod
    def settle(self, run_id: str, outcome: Mapping[str, JSON]) -> None:
        """Ends a run, once: with its `files` and `facts`, or with `error_code` and `error_message`."""

    def begin(self, run_id: str) -> bool:
        """Marks the run as running; False when it has ended and nothing is left to do."""
        with self._database.moving() as connection:
            return runs.begin(connection, run_id, now_ms=self._clock_ms())

    def conclude(self, job_id: str) -> None:
        with self._database.reading() as connection:
            if runs.get(connection, job_id)["status"] not in UNFINISHED:
                return
        self.settle(job_id, _NOT_FINISHED)

    def give_up(self, job_id: str) -> None:
        self.settle(job_id, _NOT_STARTED)

"""Views of executions that other processes run, or ran."""

from collections.abc import Callable
from datetime import datetime, timedelta

import anyio
from anyio.abc import TaskGroup

from flora_mcp.executions import record
from flora_mcp.executions.execution import Execution
from flora_mcp.executions.intervals import Intervals
from flora_mcp.executions.journal import Journal
from flora_mcp.executions.pulse import Pulse
from flora_mcp.executions.runs import Runs
from flora_mcp.state.execution_row import ExecutionRow


class Mirror:
    """Keeps views up to date for as long as calls follow them.

    Args:
        journal: Where the executions are read.
        runs: Watches what they have started.
        pulse: Beats when there is news.
        intervals: How often they are read.
        clock: The time of day.
        tasks: Lives as long as the server works for the tenant.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        runs: Runs,
        pulse: Pulse,
        intervals: Intervals,
        clock: Callable[[], datetime],
        tasks: TaskGroup,
    ) -> None:
        self._journal = journal
        self._runs = runs
        self._pulse = pulse
        self._intervals = intervals
        self._clock = clock
        self._tasks = tasks

    def take_over(self, execution: Execution, row: ExecutionRow) -> None:
        """Makes an execution the view of what the row tells."""
        execution.id = row.id
        execution.kind = "wish" if row.kind == "wish" else "program"
        execution.elsewhere = True
        execution.started_at = self._clock() - timedelta(seconds=row.age_seconds)
        execution.told = row.told
        record.read(row.record, execution, runs=self._runs)
        execution.status = row.status
        self._pulse.beat()
        if row.status != "running":
            execution.finished.set()

    def follow(self, execution: Execution) -> None:
        """Begins to read an execution again and again, if it is a view that a call follows."""
        if execution.elsewhere and execution.status == "running" and execution.calls and not execution.mirrored:
            execution.mirrored = True
            self._tasks.start_soon(self._follow, execution)

    async def _follow(self, execution: Execution) -> None:
        while execution.calls and execution.status == "running":
            row = await self._journal.look(execution.id)
            if row is not None:
                self.take_over(execution, row)
                if row.held_at is not None and execution.calls and row.status == "running":
                    await self._journal.hold(row.id, held=False)
            await anyio.sleep(self._intervals.look)
        execution.mirrored = False
        self.follow(execution)

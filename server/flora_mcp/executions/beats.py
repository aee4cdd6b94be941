"""Says again and again that this process runs what it has claimed, and writes down what is new."""

from collections.abc import Callable, Sequence

import anyio

from flora_mcp.executions.execution import Execution
from flora_mcp.executions.gate import Gate
from flora_mcp.executions.intervals import Intervals
from flora_mcp.executions.journal import Journal


class Beats:
    """Works for as long as anything runs, and rests meanwhile.

    Args:
        journal: Where it is written.
        gate: Hears of what others say of an execution.
        intervals: How often.
        live: Tells what runs here and is claimed.
    """

    def __init__(
        self, *, journal: Journal, gate: Gate, intervals: Intervals, live: Callable[[], Sequence[Execution]]
    ) -> None:
        self._journal = journal
        self._gate = gate
        self._intervals = intervals
        self._live = live

    async def go_on(self) -> None:
        """Never returns."""
        beaten = float("-inf")
        while True:
            if not self._live():
                await self._gate.next_claim()
            await anyio.sleep(self._intervals.save)
            live = self._live()
            for execution in live:
                standing = await self._journal.save(execution)
                if not standing.owned:
                    self._gate.lose(execution)
            if live and anyio.current_time() - beaten >= self._intervals.beat:
                beaten = anyio.current_time()
                await self._beat(live)

    async def _beat(self, live: Sequence[Execution]) -> None:
        owned = await self._journal.beat()
        if owned is None:
            return
        for execution in live:
            if execution.status != "running":
                continue
            if execution.id not in owned:
                self._gate.lose(execution)
            elif owned[execution.id]:
                await self._gate.heard(execution)

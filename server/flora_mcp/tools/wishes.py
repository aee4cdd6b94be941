"""Follows the runs of one `generate`, and tells how they went."""

from dataclasses import dataclass

from mcp_types import CallToolResult

from flora_mcp.executions import Execution, Executions, Runs
from flora_mcp.outputs import OutputStore
from flora_mcp.tools import answer
from flora_mcp.tools.errors import ToolError
from flora_mcp.tools.patience import Patience, Progress
from flora_mcp.tools.programs import doubtful
from flora_mcp.tools.purse import Purse
from flora_mcp.tools.report import FINISHED, report, unfinished
from flora_mcp.tools.resent import resent


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What `generate` and `wait` share: following the runs of a wish and answering for them."""

    executions: Executions
    runs: Runs
    store: OutputStore
    patience: Patience
    purse: Purse

    async def follow(self, execution: Execution, progress: Progress, *, again: bool = False) -> CallToolResult:
        """Waits for the runs within the budget, then answers for them.

        Raises:
            ToolError: Nothing was started.
        """
        async with self.executions.followed(execution):
            await self.patience.wait(
                lambda: self._end(execution),
                progress=progress,
                watched=lambda: execution.runs,
                idle=lambda: "starting",
            )
            again = again or execution.picked_up
            told = [resent(execution, age_seconds=self.executions.age_seconds(execution))] if again else []
            if not execution.runs and execution.status != "running":
                await self.executions.told(execution)
                raise ToolError("\n".join([self._nothing(execution), *told, *doubtful(execution)]))
            result = await self._answer(execution, told)
            await self.executions.told(execution)
            return result

    async def _end(self, execution: Execution) -> None:
        await execution.finished.wait()
        await self.runs.settled(execution.runs)

    async def _answer(self, execution: Execution, told: list[str]) -> CallToolResult:
        parts = [self._lead(execution), *told, *doubtful(execution)]
        outcome = await report(execution.runs, store=self.store, purse=self.purse) if execution.runs else None
        if outcome is not None:
            # What kept runs from starting comes before the runs, where they were made after them.
            parts += [*execution.notes[:-1], outcome.text, *execution.notes[-1:]]
        failed = bool(execution.runs) and all(run.status == "failed" for run in execution.runs)
        outputs = outcome.outputs if outcome is not None else ()
        return await answer.pictures("\n".join(parts), outputs, is_error=failed)

    def _lead(self, execution: Execution) -> str:
        if execution.status == "running":
            return (
                f"Still starting runs, as {execution.id}: call wait with ids [{execution.id!r}]. Do not generate again."
            )
        rest = unfinished(execution.runs)
        lead = f"Not done yet: call wait with ids {rest}. Do not generate again." if rest else FINISHED
        return lead if execution.status == "completed" else f"{self._cut_off(execution)} {lead}"

    def _nothing(self, execution: Execution) -> str:
        if execution.fault is not None:
            return execution.fault
        certain = "" if execution.uncertain else " Nothing was started, nothing was spent."
        return f"{self._cut_off(execution)}{certain}"

    def _cut_off(self, execution: Execution) -> str:
        if execution.status == "cancelled":
            hold = f"{self.executions.hold_seconds:g} s"
            return f"Not all runs were started: the call was cancelled, and no other one came within {hold}."
        return "Perhaps not all runs were started: the server that did it has ended."

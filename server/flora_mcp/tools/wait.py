"""The tool `wait`: takes up runs and programs that an earlier call has left behind."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from mcp_types import CallToolResult, Tool, ToolAnnotations
from pydantic import Field

from flora_mcp.executions import Execution, Executions, JournalError, Runs, TrackedRun
from flora_mcp.tools import answer
from flora_mcp.tools.arguments import Arguments, read, schema
from flora_mcp.tools.errors import ToolError
from flora_mcp.tools.patience import Progress
from flora_mcp.tools.programs import Programs
from flora_mcp.tools.report import FINISHED, report, unfinished
from flora_mcp.tools.wishes import Wishes

DESCRIPTION = """Waits for runs, or for a program, that an earlier call left running; returns pictures and facts. \
Free. Example: {"ids": ["run_a", "run_b"]}. If not done, call it again."""


class WaitArguments(Arguments):
    ids: Annotated[
        list[str],
        Field(min_length=1, max_length=100, description="Run ids (run_), or one program's id (exe_)."),
    ]


class Wait:
    """Long-polls, within the time budget, whatever the ids name."""

    definition = Tool(
        name="wait",
        title="Wait for runs",
        description=DESCRIPTION,
        input_schema=schema(WaitArguments),
        annotations=ToolAnnotations(title="Wait for runs", read_only_hint=True, idempotent_hint=True),
    )

    def __init__(self, *, executions: Executions, programs: Programs, wishes: Wishes, runs: Runs) -> None:
        self._executions = executions
        self._programs = programs
        self._wishes = wishes
        self._runs = runs

    async def __call__(self, arguments: Mapping[str, Any], progress: Progress) -> CallToolResult:
        ids = read(WaitArguments, arguments, tool="wait").ids
        executions = [each for each in ids if each.startswith("exe_")]
        unknown = [each for each in ids if not each.startswith(("exe_", "run_"))]
        if unknown:
            raise ToolError(f"wait cannot read {unknown!r}; it takes run ids (run_…) or an execution id (exe_…).")
        if executions:
            return await self._wait_for_program(executions, ids, progress)
        return await self._wait_for_runs(list(dict.fromkeys(ids)), progress)

    async def _wait_for_program(
        self, executions: Sequence[str], ids: Sequence[str], progress: Progress
    ) -> CallToolResult:
        if len(ids) > 1:
            raise ToolError(f"wait takes one execution id at a time, and got {len(ids)} ids. Call it once for each.")
        try:
            execution: Execution | None = await self._executions.get(executions[0])
        except JournalError as exc:
            raise ToolError(str(exc)) from exc
        if execution is None:
            raise ToolError(
                f"No program {executions[0]!r} is known here: it ended days ago, or the id is not quite right. "
                "Its runs went on; list them with client.generations.list(workspace_id=…) in execute."
            )
        if execution.kind == "wish":
            return await self._wishes.follow(execution, progress)
        return await self._programs.follow(execution, progress)

    async def _wait_for_runs(self, ids: Sequence[str], progress: Progress) -> CallToolResult:
        runs: list[TrackedRun] = [self._runs.track(run_id) for run_id in ids]
        await self._fetch_missing(runs)
        done = await self._programs.patience.wait(
            lambda: self._runs.settled(runs), progress=progress, watched=lambda: runs, idle=lambda: "waiting"
        )
        told = await report(runs, store=self._programs.store, purse=self._programs.purse)
        await self._executions.told_of_runs(run.run_id for run in runs if run.is_terminal)
        rest = unfinished(runs)
        lead = FINISHED if done or not rest else f"Not done yet. Call wait again with ids {rest}."
        return await answer.pictures(f"{lead}\n{told.text}", told.outputs, is_error=all(run.trouble for run in runs))

    async def _fetch_missing(self, runs: Sequence[TrackedRun]) -> None:
        """Gets the outputs that an earlier call could not: asking again is how a failed download is repeated."""
        for run in runs:
            made = (run.state.outputs if run.settled.is_set() and run.state is not None else None) or ()
            if len(made) > len(await self._programs.store.of_run(run.run_id)):
                await self._runs.settle_again(run)

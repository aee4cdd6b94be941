"""Follows one program to its end, or to the end of the call's budget, and tells what it did."""

from collections.abc import Sequence
from dataclasses import dataclass

from mcp_types import CallToolResult

from code_sandbox import JSON
from flora_mcp.executions import Execution, Executions, Runs, strings
from flora_mcp.flora import Rules
from flora_mcp.outputs import OutputStore, StoredOutput
from flora_mcp.tools import answer, excerpt
from flora_mcp.tools.failures import failure
from flora_mcp.tools.patience import Patience, Progress
from flora_mcp.tools.purse import Purse
from flora_mcp.tools.report import FINISHED, Report, report, unfinished
from flora_mcp.tools.resent import resent
from flora_mcp.tools.withheld import explanations

VALUE_CHARS = 8_000
PRINTED_CHARS = 8_000
DOUBTS = 5
"""Doubtful calls that are told of in full."""


@dataclass(frozen=True, kw_only=True)
class Programs:
    """What `execute` and `wait` share: following a program and answering for it."""

    executions: Executions
    runs: Runs
    store: OutputStore
    patience: Patience
    purse: Purse
    rules: Rules

    async def follow(self, execution: Execution, progress: Progress, *, again: bool = False) -> CallToolResult:
        """Waits for the program, and for what it leaves behind, within the budget; then answers for it.

        Args:
            execution: What is followed; it is wanted for as long as that takes.
            progress: Hears how things go.
            again: It was there already when it was sent.
        """
        async with self.executions.followed(execution):
            await self.patience.wait(
                lambda: self._end(execution),
                progress=progress,
                watched=lambda: execution.runs,
                idle=lambda: _last_line(execution) or "the program is running",
            )
            result = await self._answer(execution, again=again or execution.picked_up)
            await self.executions.told(execution)
            return result

    async def _end(self, execution: Execution) -> None:
        """Returns when nothing more is to be expected: a program may return as soon as its runs have started.

        Of a program that failed, only the pictures that are there already are waited for.
        """
        await execution.finished.wait()
        shown = [self.runs.track(each.run_id) for each in (*execution.shown, *execution.returned)]
        failed = execution.status == "failed"
        await self.runs.settled([run for run in execution.runs if not failed or run.is_terminal] + shown)

    async def _answer(self, execution: Execution, *, again: bool) -> CallToolResult:
        told = await report(execution.runs, store=self.store, purse=self.purse) if execution.runs else None
        parts = [self._lead(execution, told)]
        parts += [resent(execution, age_seconds=self.executions.age_seconds(execution))] if again else []
        parts += [*_outcome(execution), *self._forbidden(execution), *doubtful(execution)]
        parts += [self.purse.session()] if execution.uncertain and told is None else []
        if told is not None:
            parts.append(told.text)
        outputs, others = await self._outputs(execution, told)
        parts.extend(await self._others(execution))
        cut_off = execution.status in {"cancelled", "interrupted"}
        # Some clients show no picture of an error; what was cut off has done no wrong.
        is_error = execution.status == "failed" or (cut_off and not execution.runs)
        return await answer.pictures("\n".join(filter(None, parts)), outputs, others=others, is_error=is_error)

    def _lead(self, execution: Execution, told: Report | None) -> str:
        rest = unfinished(execution.runs)
        call_wait = f"call wait with ids {rest}"
        if execution.status == "running":
            return (
                f"Still running as {execution.id}; nothing is lost. Call wait with ids [{execution.id!r}]. "
                "Do not send the program again: that would pay again."
            )
        if execution.status == "completed":
            done = FINISHED if told is not None else "The program is done."
            return f"The program is done, its runs are not: {call_wait}." if rest else done
        if execution.status == "failed" and _not_run(execution):
            return "The program was not run: nothing was called, nothing is to be paid. Mend it and send it again."
        more = f" They are not done: {call_wait}." if rest and execution.status != "failed" else ""
        return f"{self.ended(execution)} {_kept(execution)}{more}"

    def ended(self, execution: Execution) -> str:
        """Says how a program ended that did not complete."""
        if execution.status == "cancelled":
            hold = f"{self.executions.hold_seconds:g} s"
            return f"The program was ended: the call for it was cancelled, and no other one came within {hold}."
        if execution.status == "interrupted":
            return "The program was cut off: the server that ran it has ended. Sent again, it runs anew."
        return "The program failed."

    def _forbidden(self, execution: Execution) -> list[str]:
        failure = execution.outcome.failure if execution.outcome is not None else None
        return explanations(failure, self.rules) if failure is not None else []

    async def _outputs(
        self, execution: Execution, told: Report | None
    ) -> tuple[Sequence[StoredOutput], Sequence[StoredOutput]]:
        """Returns the outputs to show, and those to link.

        Shown is what the program asked for and what it returned; if it named none, all that it made.
        """
        value = execution.outcome.value if execution.outcome is not None else None
        names = set(strings(value))
        made = told.outputs if told is not None else ()
        shown: dict[str, StoredOutput] = {}
        for each in (*execution.shown, *execution.returned):
            for output in await self.store.of_run(each.run_id):
                if each.output_id in {None, output.output_id}:
                    shown[output.uri] = output
        shown |= {each.uri: each for each in made if each.source_url in names or each.run_id in names}
        if not shown:
            return made, ()
        return list(shown.values()), [each for each in made if each.uri not in shown]

    async def _others(self, execution: Execution) -> list[str]:
        """Tells of runs that the program has shown or returned, and that it did not start."""
        own = {run.run_id for run in execution.runs}
        named = [each.run_id for each in (*execution.shown, *execution.returned)]
        others = [self.runs.track(run_id) for run_id in dict.fromkeys(named) if run_id not in own]
        if not others:
            return []
        told = await report(others, store=self.store, purse=self.purse)
        return ["Shown from before:", *told.lines]


def doubtful(execution: Execution) -> list[str]:
    """Tells of calls that perhaps started something, and that were perhaps billed."""
    doubts = execution.uncertain
    if not doubts:
        return []
    lead = f"Without a clear answer, perhaps started and billed: {len(doubts)} calls."
    return [lead, *(f"  {doubt}" for doubt in doubts[:DOUBTS])]


def _kept(execution: Execution) -> str:
    if execution.runs:
        return "Runs it has started go on and are paid for."
    return "Nobody knows whether it has started runs." if execution.uncertain else "It has started no runs."


def _outcome(execution: Execution) -> list[str]:
    outcome = execution.outcome
    printed = outcome.printed if outcome is not None else "".join(execution.printed)
    parts = []
    if execution.fault is not None:
        parts.append(execution.fault)
    if outcome is not None and outcome.failure is not None:
        parts.append(failure(outcome.failure))
    if outcome is not None and outcome.value is not None:
        parts.append(f"Returned:{_shown(outcome.value)}")
    if printed.strip():
        parts.append(f"Printed:\n{excerpt.text(printed.rstrip(), chars=PRINTED_CHARS)}")
    return parts


def _shown(value: JSON) -> str:
    """Returns a value as JSON; a text of several lines, such as a page of `help`, as it reads."""
    if isinstance(value, str) and "\n" in value:
        return f"\n{excerpt.text(value, chars=VALUE_CHARS)}"
    return f" {excerpt.dump(value, chars=VALUE_CHARS)}"


def _not_run(execution: Execution) -> bool:
    outcome = execution.outcome
    return outcome is not None and outcome.failure is not None and bool(outcome.failure.problems)


def _last_line(execution: Execution) -> str:
    lines = "".join(execution.printed[-20:]).strip().splitlines()
    return lines[-1][:200] if lines else ""

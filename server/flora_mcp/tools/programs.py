"""Follows one program to its end, or to the end of the call's budget, and tells what it did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mcp_types import CallToolResult

from code_sandbox import Failure
from flora_mcp.executions import Execution, Runs
from flora_mcp.flora import Rules
from flora_mcp.outputs import OutputStore, StoredOutput
from flora_mcp.tools import answer, excerpt
from flora_mcp.tools.patience import Patience, Progress
from flora_mcp.tools.purse import Purse
from flora_mcp.tools.report import FINISHED, Report, report, unfinished
from flora_mcp.tools.withheld import explanations

VALUE_CHARS = 8_000
PRINTED_CHARS = 8_000
DOUBTS = 5
"""Doubtful calls that are told of in full."""

JAVASCRIPT_INSTALLATION = 'pip install "flora-mcp[javascript]"'


@dataclass(frozen=True, kw_only=True)
class Programs:
    """What `execute` and `wait` share: following a program and answering for it."""

    runs: Runs
    store: OutputStore
    patience: Patience
    purse: Purse
    rules: Rules

    async def follow(self, execution: Execution, progress: Progress) -> CallToolResult:
        """Waits for the program, and for what it leaves behind, within the budget; then answers for it."""
        await self.patience.wait(
            lambda: self._end(execution),
            progress=progress,
            watched=lambda: execution.runs,
            idle=lambda: _last_line(execution) or "the program is running",
        )
        return await self._answer(execution)

    async def _end(self, execution: Execution) -> None:
        """Returns when nothing more is to be expected: a program may return as soon as its runs have started.

        Of a program that failed, only the pictures that are there already are waited for.
        """
        await execution.finished.wait()
        shown = [self.runs.track(each.run_id) for each in execution.shown]
        completed = execution.status == "completed"
        await self.runs.settled([run for run in execution.runs if completed or run.is_terminal] + shown)

    async def _answer(self, execution: Execution) -> CallToolResult:
        told = await report(execution.runs, store=self.store, purse=self.purse) if execution.runs else None
        parts = [self._lead(execution, told), *_outcome(execution), *self._forbidden(execution)]
        if execution.doubts:
            parts.append(f"Without a clear answer, perhaps started and billed: {len(execution.doubts)} calls.")
            parts += [f"  {doubt}" for doubt in execution.doubts[:DOUBTS]]
            parts += [] if told is not None else [self.purse.session()]
        if told is not None:
            parts.append(told.text)
        outputs = await self._outputs(execution, told)
        parts.extend(await self._others(execution))
        failed = execution.status in {"failed", "cancelled"}
        return await answer.pictures("\n".join(part for part in parts if part), outputs, is_error=failed)

    def _lead(self, execution: Execution, told: Report | None) -> str:
        rest = unfinished(execution.runs)
        if execution.status == "running":
            return (
                f"Still running as {execution.id}; nothing is lost. Call wait with ids [{execution.id!r}]. "
                "Do not send the program again: that would pay again."
            )
        if execution.status == "cancelled":
            return "The program was cancelled."
        if execution.status == "failed":
            if _not_run(execution):
                return "The program was not run: nothing was called, nothing is to be paid. Mend it and send it again."
            kept = "Runs it has started go on and are paid for." if execution.runs else "It has started no runs."
            if execution.doubts and not execution.runs:
                kept = "Nobody knows whether it has started runs."
            return f"The program failed. {kept}"
        if rest:
            return f"The program is done, its runs are not: call wait with ids {rest}."
        return FINISHED if told is not None else "The program is done."

    def _forbidden(self, execution: Execution) -> list[str]:
        failure = execution.outcome.failure if execution.outcome is not None else None
        return explanations(failure, self.rules) if failure is not None else []

    async def _outputs(self, execution: Execution, told: Report | None) -> Sequence[StoredOutput]:
        """The outputs to show: those the program asked for; else those it returned; else all it made."""
        shown: dict[str, StoredOutput] = {}
        for each in execution.shown:
            for output in await self.store.of_run(each.run_id):
                if each.output_id in {None, output.output_id}:
                    shown[output.uri] = output
        if shown or told is None:
            return list(shown.values())
        value = execution.outcome.value if execution.outcome is not None else None
        names = set(_strings(value))
        returned = [each for each in told.outputs if each.source_url in names or each.run_id in names]
        return returned or told.outputs

    async def _others(self, execution: Execution) -> list[str]:
        """Tells of runs that the program has shown and that it did not start."""
        own = {run.run_id for run in execution.runs}
        others = [self.runs.track(each.run_id) for each in execution.shown if each.run_id not in own]
        if not others:
            return []
        told = await report(list(dict.fromkeys(others)), store=self.store, purse=self.purse)
        return ["Shown from before:", *told.lines]


def _outcome(execution: Execution) -> list[str]:
    outcome = execution.outcome
    printed = outcome.printed if outcome is not None else "".join(execution.printed)
    parts = []
    if execution.fault is not None:
        parts.append(f"The sandbox could not run it: {execution.fault}")
    if outcome is not None and outcome.failure is not None:
        parts.append(failure(outcome.failure))
    if outcome is not None and outcome.value is not None:
        parts.append(f"Returned: {excerpt.dump(outcome.value, chars=VALUE_CHARS)}")
    if printed.strip():
        parts.append(f"Printed:\n{excerpt.text(printed.rstrip(), chars=PRINTED_CHARS)}")
    return parts


def failure(each: Failure) -> str:
    """Returns an error as an agent can act on it: what, where, and what to do."""
    if each.problems:
        return problems(each)
    lines = [f"{each.type_name}: {each.message}"]
    if each.line is not None:
        lines.append(f"  line {each.line}: {each.source_line or ''}".rstrip())
    known = {key: value for key, value in each.attributes.items() if key in {"status", "code", "request_id"} and value}
    if known:
        lines.append("  " + ", ".join(f"{key} {value}" for key, value in known.items()))
    if each.hint:
        lines.append(f"  Hint: {each.hint}")
    if each.type_name == "LanguageUnavailable":
        lines.append(f"  Where the server runs: {JAVASCRIPT_INSTALLATION}")
    return "\n".join(lines)


def problems(each: Failure) -> str:
    """Returns all that the check before the run found: each line once, what is wrong there, then the signatures."""
    count = f"{each.message}:" if len(each.problems) > 1 else f"{each.type_name}:"
    lines = [count]
    shown: int | None = None
    for problem in each.problems:
        if problem.line is not None and problem.line != shown:
            lines.append(f"line {problem.line}: {problem.source_line or ''}".rstrip())
            shown = problem.line
        ended = problem.message if problem.message.endswith((".", "?")) else f"{problem.message}."
        lines.append(f"  {ended} {problem.hint or ''}".rstrip())
    signatures = [problem.signature for problem in each.problems if problem.signature]
    if signatures:
        lines += ["Signatures:", *(f"  {signature}" for signature in signatures)]
    return "\n".join(lines)


def _not_run(execution: Execution) -> bool:
    outcome = execution.outcome
    return outcome is not None and outcome.failure is not None and bool(outcome.failure.problems)


def _last_line(execution: Execution) -> str:
    lines = "".join(execution.printed[-20:]).strip().splitlines()
    return lines[-1][:200] if lines else ""


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for each in value.values() for text in _strings(each)]
    if isinstance(value, list):
        return [text for each in value for text in _strings(each)]
    return []

"""What an answer says of runs: how each ended, what it made, and what it cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from flora_mcp.executions import TrackedRun
from flora_mcp.outputs import OutputStore, StoredOutput, describe
from flora_mcp.tools.purse import Purse

FINISHED = "Finished; there is nothing to call again."


@dataclass(frozen=True, kw_only=True)
class Report:
    """Lines about some runs, and the outputs that belong to them."""

    summary: str
    """How many runs there are, and what they cost."""
    lines: tuple[str, ...]
    """Of each run in turn."""
    outputs: tuple[StoredOutput, ...]

    @property
    def text(self) -> str:
        return "\n".join([self.summary, *self.lines])


async def report(runs: Sequence[TrackedRun], *, store: OutputStore, purse: Purse) -> Report:
    """Tells of each run in a line, with a line for each of its outputs.

    Args:
        runs: in the order in which they are told of.
        store: where their outputs are.
        purse: knows what they cost.
    """
    lines: list[str] = []
    outputs: list[StoredOutput] = []
    for number, run in enumerate(runs, start=1):
        lines.append(f"{number}. {line(run)}")
        if run.status == "completed":
            stored = await store.of_run(run.run_id)
            outputs.extend(stored)
            lines.extend(f"   {describe(output)}" for output in stored)
            lines.extend(_ignored(run))
            lines.extend(_missing(run, stored))
        note = purse.spending.note(run.run_id)
        lines.extend([f"   note: {note}"] if note else [])
    return Report(summary=_summary(runs, purse=purse), lines=tuple(lines), outputs=tuple(outputs))


def line(run: TrackedRun) -> str:
    """Tells of one run: its state, its model, and the reason when it failed."""
    model = f", model {run.model_id}" if run.model_id else ""
    if run.trouble is not None:
        return f"{run.run_id} cannot be read: {run.trouble}"
    if run.state is not None and run.status == "failed":
        reason = ": ".join(part for part in (run.state.error_code, run.state.error_message) if part)
        return f"{run.run_id} failed{model}: {reason or 'no reason given'}"
    if run.is_terminal:
        return f"{run.run_id} {run.status}{model}"
    return f"{run.run_id} {run.status} {run.progress:.0f}%{model}"


def unfinished(runs: Sequence[TrackedRun]) -> list[str]:
    """Returns the ids of the runs that `wait` can be asked about."""
    return [run.run_id for run in runs if not run.is_terminal and run.trouble is None]


def _summary(runs: Sequence[TrackedRun], *, purse: Purse) -> str:
    """Tells the states, what the runs cost, and beside it what was quoted before and what the session has spent."""
    counts: dict[str, int] = {}
    for run in runs:
        counts[run.status] = counts.get(run.status, 0) + 1
    states = ", ".join(f"{count} {status}" for status, count in counts.items())
    cost = sum(run.cost_usd for run in runs)
    open_runs = sum(not run.is_settled for run in runs)
    share = f"{open_runs} of {len(runs)} " if open_runs < len(runs) else ""
    how = f"{',' if share else ''} {share}as quoted" if open_runs and cost else ""
    quotes = [run.quoted_cost_usd for run in runs if run.quoted_cost_usd is not None]
    quoted = f"Quoted before: {sum(quotes):.3f}. " if quotes else ""
    later = " Settled costs come later: wait tells them." if how else ""
    return f"Runs: {states}. Spent {cost:.3f} {purse.money}{how}.\n{quoted}{purse.session()}{later}"


def _ignored(run: TrackedRun) -> list[str]:
    """Tells of words of the prompt that the model could not read, where it says so."""
    facts = (run.state.facts if run.state is not None else None) or {}
    words = facts.get("ignored")
    return [f"   words not drawn: {', '.join(map(str, words))}"] if isinstance(words, list) and words else []


def _missing(run: TrackedRun, stored: Sequence[StoredOutput]) -> list[str]:
    """Tells of outputs that FLORA has and we could not store: their address still leads to them."""
    have = {output.output_id for output in stored}
    made = (run.state.outputs if run.state is not None else None) or ()
    return [
        f"   output {output.output_id} could not be stored here; its address is {output.url[:500]}"
        for output in made
        if output.output_id not in have
    ]

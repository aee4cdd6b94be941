"""What is written down of an execution, so that other processes, and later ones, can answer for it."""

import json
from dataclasses import asdict
from typing import Any

from code_sandbox import Failure, Outcome, Problem
from flora_mcp.executions.execution import Execution, Shown
from flora_mcp.executions.runs import Runs

PRINTED_CHARS = 20_000
"""Of the prints of a program that still runs: the last ones."""

KNOWN_OF_A_RUN = ("run_id", "model_id", "workspace_id", "technique_id", "prompt", "quoted_cost_usd")


def write(execution: Execution) -> str:
    """Returns all that an answer may tell of an execution, as ASCII."""
    outcome = execution.outcome
    kept = None
    if outcome is not None:
        kept = {
            "status": outcome.status,
            "value": outcome.value,
            "printed": outcome.printed,
            "printed_cut_bytes": outcome.printed_cut_bytes,
            "failure": None if outcome.failure is None else asdict(outcome.failure),
        }
    return json.dumps(
        {
            "runs": [{name: getattr(run, name) for name in KNOWN_OF_A_RUN} for run in execution.runs],
            "paying": execution.paying,
            "paid": execution.paid,
            "doubts": execution.doubts,
            "shown": [asdict(each) for each in execution.shown],
            "returned": [asdict(each) for each in execution.returned],
            "printed": "".join(execution.printed)[-PRINTED_CHARS:],
            "notes": execution.notes,
            "outcome": kept,
            "fault": execution.fault,
        }
    )


def read(text: str, execution: Execution, *, runs: Runs) -> None:
    """Gives the execution what was written down; its runs are watched from now on."""
    told: dict[str, Any] = json.loads(text)
    execution.runs = [runs.track(**each) for each in told["runs"]]
    execution.paying = told["paying"]
    execution.paid = told["paid"]
    execution.doubts = told["doubts"]
    execution.shown = [Shown(**each) for each in told["shown"]]
    execution.returned = [Shown(**each) for each in told["returned"]]
    execution.printed = [told["printed"]]
    execution.notes = told["notes"]
    execution.outcome = None if told["outcome"] is None else _outcome(told["outcome"])
    execution.fault = told["fault"]


def _outcome(told: dict[str, Any]) -> Outcome:
    failure = told["failure"]
    if failure is not None:
        problems = tuple(Problem(**each) for each in failure["problems"])
        failure = Failure(**{**failure, "problems": problems})
    return Outcome(**{**told, "failure": failure})

"""Queries on runs, their outputs and their charges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from flora_mcp.studio import errors
from flora_mcp.studio.callers import EVERYBODY, Caller
from flora_mcp.studio.pages import Page, Slice, read_page
from flora_mcp.studio.renderers.rendering import JSON
from flora_mcp.studio.runs.states import UNFINISHED, RunStatus, sources
from flora_mcp.studio.store import balances, canvas, projects, webhooks
from flora_mcp.studio.store.tables import charges, outputs, runs, waits
from flora_mcp.studio.store.turns import in_turn

UPSTREAM_FAILED = "UPSTREAM_NODE_FAILED"
"""The `error_code` of a run that waited for one that failed (choice)."""


@dataclass(frozen=True, kw_only=True)
class NewRun:
    """A run that was accepted.

    Attributes:
        node_id: The node of the project's canvas that it runs, if it does.
        waits_for: Runs that must have ended before this one starts; it fails when one of them does.
    """

    run_id: str
    workspace_id: str
    project_id: str
    media_type: str
    model_id: str
    prompt: str
    params: Mapping[str, JSON]
    credits: int
    type: Literal["generation", "action", "technique"] = "generation"
    inputs: Sequence[Mapping[str, JSON]] | None = None
    node_id: str | None = None
    waits_for: Sequence[str] = ()
    callback_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewOutput:
    """A stored file of a run."""

    output_id: str
    type: str
    file_name: str
    mime_type: str
    size_bytes: int
    sha256: str
    width_px: int | None
    height_px: int | None
    text: str | None = None


def create(connection: sa.Connection, run: NewRun, *, now_ms: int) -> None:
    """Records an accepted run and reserves its cost.

    Raises:
        ApiError: 402, the workspace has not enough; nothing was changed.
    """
    taken = balances.reserve(connection, run.workspace_id, amount=run.credits)
    row = {
        "run_id": run.run_id,
        "workspace_id": run.workspace_id,
        "project_id": run.project_id,
        "type": run.type,
        "status": "pending",
        "progress": 0,
        "media_type": run.media_type,
        "model_id": run.model_id,
        "prompt": run.prompt,
        "params": dict(run.params),
        "inputs": None if run.inputs is None else [dict(each) for each in run.inputs],
        "callback_url": run.callback_url,
        "node_id": run.node_id,
        "created_at_ms": now_ms,
    }
    connection.execute(runs.insert().values(row))
    for cause in run.waits_for:
        connection.execute(waits.insert().values(run_id=run.run_id, waits_for=cause))
    charge = {
        "run_id": run.run_id,
        "workspace_id": run.workspace_id,
        "credits": run.credits,
        "state": "reserved",
        "reserved_at_ms": now_ms,
        "taken_credits": taken,
    }
    connection.execute(charges.insert().values(charge))


def get(connection: sa.Connection, run_id: str, *, caller: Caller = EVERYBODY) -> sa.RowMapping:
    """Returns a run with its charge."""
    row = connection.execute(_with_charge().where(runs.c.run_id == run_id)).mappings().one_or_none()
    if row is None or not caller.reads(row["workspace_id"]):
        raise errors.not_found(f"Run {run_id!r} was not found; GET /generations lists what there is.")
    return row


def read_some(
    connection: sa.Connection,
    page: Slice,
    *,
    workspace_id: str | None,
    project_id: str | None,
    status: RunStatus | None,
    run_type: Literal["generation", "technique"] = "generation",
    model_id: str | None = None,
) -> Page[sa.RowMapping]:
    """Returns a page of runs of one type, newest first."""
    query = _with_charge().where(runs.c.type == run_type)
    if model_id is not None:
        query = query.where(runs.c.model_id == model_id)
    if workspace_id is not None:
        query = query.where(runs.c.workspace_id == workspace_id)
    if project_id is not None:
        query = query.where(runs.c.project_id == project_id)
    if status is not None:
        query = query.where(runs.c.status == status)
    return read_page(connection, query, (runs.c.number,), page)


def outputs_of(connection: sa.Connection, run_ids: Sequence[str]) -> dict[str, list[sa.RowMapping]]:
    """Returns the outputs of each run, in order."""
    found: dict[str, list[sa.RowMapping]] = {run_id: [] for run_id in run_ids}
    query = sa.select(outputs).where(outputs.c.run_id.in_(run_ids)).order_by(outputs.c.number)
    for row in connection.execute(query).mappings():
        found[row["run_id"]].append(row)
    return found


def pending(
    connection: sa.Connection,
    *,
    types: Sequence[str],
    limit: int,
    besides: Sequence[str],
    workspace_runs: int | None = None,
) -> list[str]:
    """Returns the runs of some types to start next: workspaces take turns, each with its oldest first.

    One that waits for another is not yet among them.

    Args:
        connection: A transaction.
        types: Of runs.
        limit: The most runs to return.
        besides: Runs to leave out.
        workspace_runs: The most runs of one workspace, those that a worker does included; None for any number.
    """
    ready = sa.and_(runs.c.status == "pending", runs.c.type.in_(types), runs.c.run_id.not_in(besides), ~_waiting())
    return list(connection.scalars(in_turn(ready, workspace_runs=workspace_runs).limit(limit)))


def unfinished(connection: sa.Connection, *, types: Sequence[str]) -> list[tuple[str, bool]]:
    """Returns every run of some types that has not ended, oldest first, and whether it has begun."""
    query = sa.select(runs.c.run_id, runs.c.status).where(runs.c.status.in_(UNFINISHED), runs.c.type.in_(types))
    return [(row.run_id, row.status == "running") for row in connection.execute(query.order_by(runs.c.number))]


def begin(connection: sa.Connection, run_id: str, *, now_ms: int) -> bool:
    """Moves a pending run to running; False when the run has already ended."""
    if _move(connection, run_id, "running", started_at_ms=now_ms):
        return True
    return bool(get(connection, run_id)["status"] == "running")


def advance(connection: sa.Connection, run_id: str, *, progress: int) -> None:
    """Raises a running run's progress; a render that starts over never lowers it."""
    change = runs.update().where(runs.c.run_id == run_id, runs.c.status == "running", runs.c.progress < progress)
    connection.execute(change.values(progress=progress))


def complete(
    connection: sa.Connection,
    run_id: str,
    *,
    files: Sequence[NewOutput],
    node_ids: Sequence[str],
    facts: Mapping[str, JSON],
    now_ms: int,
) -> bool:
    """Ends a run with its files stored and its cost settled; False when it had ended before.

    Args:
        connection: A transaction.
        run_id: The run.
        files: Its outputs, in order.
        node_ids: A fresh id for each file; none where the run leaves the canvas alone, as headless actions do (sdk).
        facts: What is known about the outputs.
        now_ms: The time.
    """
    if not _move(connection, run_id, "completed", progress=100, completed_at_ms=now_ms, facts=dict(facts)):
        return False
    run = get(connection, run_id)
    for file in files:
        connection.execute(outputs.insert().values(run_id=run_id, **vars(file)))
    if node_ids:
        shown = [file.output_id for file in files]
        canvas.show(connection, run, output_ids=shown, node_ids=node_ids, now_ms=now_ms)
    _end_charge(connection, run_id, state="settled", now_ms=now_ms)
    projects.touch(connection, run["project_id"], now_ms=now_ms)
    webhooks.announce(connection, run, now_ms=now_ms)
    return True


def fail(connection: sa.Connection, run_id: str, *, code: str, message: str, now_ms: int) -> bool:
    """Ends a run without files, and all that wait for it, and gives their cost back; False when it had ended before."""
    values = {"error_code": code, "error_message": message}
    # Failed runs report progress 100 and a completed_at (skill).
    if not _move(connection, run_id, "failed", progress=100, completed_at_ms=now_ms, **values):
        return False
    _end_charge(connection, run_id, state="refunded", now_ms=now_ms)
    webhooks.announce(connection, get(connection, run_id), now_ms=now_ms)
    dependants = sa.select(waits.c.run_id).where(waits.c.waits_for == run_id).order_by(waits.c.run_id)
    for dependant in connection.scalars(dependants).all():
        cause = f"Run {run_id!r}, which this one waited for, failed: {code}. Run both again."
        fail(connection, dependant, code=UPSTREAM_FAILED, message=cause, now_ms=now_ms)
    return True


def _waiting() -> sa.ColumnElement[bool]:
    """Whether a run waits for another that has not ended."""
    cause = runs.alias()
    return (
        sa.exists()
        .where(waits.c.run_id == runs.c.run_id, waits.c.waits_for == cause.c.run_id)
        .where(cause.c.status.in_(UNFINISHED))
    )


def _move(connection: sa.Connection, run_id: str, status: RunStatus, **values: object) -> bool:
    change = runs.update().where(runs.c.run_id == run_id, runs.c.status.in_(sources(status)))
    return connection.execute(change.values(status=status, **values)).rowcount == 1


def _end_charge(connection: sa.Connection, run_id: str, *, state: str, now_ms: int) -> None:
    change = charges.update().where(charges.c.run_id == run_id, charges.c.state == "reserved")
    ended = connection.execute(change.values(state=state, ended_at_ms=now_ms)).rowcount
    assert ended == 1
    if state == "refunded":
        charge = connection.execute(sa.select(charges).where(charges.c.run_id == run_id)).mappings().one()
        balances.give_back(connection, charge["workspace_id"], amount=charge["taken_credits"])


def _with_charge() -> sa.Select[tuple[object, ...]]:
    return sa.select(runs, charges.c.credits, charges.c.state.label("charge")).join(
        charges, charges.c.run_id == runs.c.run_id
    )

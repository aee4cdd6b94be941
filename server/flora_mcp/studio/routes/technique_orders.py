"""Starting runs of techniques: from a request, in whichever form it came, to runs that are recorded and paid for."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import sqlalchemy as sa

from flora_mcp.studio import errors
from flora_mcp.studio.callbacks import check_callback, check_signed
from flora_mcp.studio.callers import Caller
from flora_mcp.studio.errors import ApiError
from flora_mcp.studio.routes import technique_inputs
from flora_mcp.studio.routes.context import Context
from flora_mcp.studio.routes.technique_inputs import Given, Inputs
from flora_mcp.studio.routes.techniques import check_there, definition_of, find
from flora_mcp.studio.store import idempotency, runs, techniques, workspaces
from flora_mcp.studio.store.techniques import KeyedRequest, KeyTakenError
from flora_mcp.studio.techniques import Definition, Plan, Value, credits_of, seconds_of

KEY_ATTEMPTS = 5
"""A key may be taken and be free again between two looks at it, when the request that took it fails."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a request asks for.

    Attributes:
        technique: The technique's row.
        workspace_id: Who pays.
        given: The values as they were sent.
        callback_url: Told of each run's end.
        header_key: Of the header: a repetition is refused.
        keyed: The key of the body: a repetition is answered with the runs of the first request.
    """

    technique: sa.RowMapping
    workspace_id: str
    given: Sequence[Given]
    callback_url: str | None = None
    header_key: str | None = None
    keyed: KeyedRequest | None = None


@dataclass(frozen=True, kw_only=True)
class Started:
    """The runs of an order, with their charges.

    Attributes:
        outputs: Of each run; none of fresh ones.
        seconds: How long each takes about.
        replayed: They were started by a former request.
    """

    rows: Sequence[sa.RowMapping]
    outputs: Mapping[str, list[sa.RowMapping]] = field(default_factory=dict)
    seconds: int = 0
    replayed: bool = False


def place(
    connection: sa.Connection, technique_id: str, *, workspace_id: str | None, caller: Caller
) -> tuple[sa.RowMapping, str]:
    """Returns a technique and the workspace that pays for its run.

    That is the one that was named, else the caller's, else the technique's own, else the studio's first (choice: FLORA
    takes that of the key).

    Raises:
        ApiError: 404 or 403, the caller may not run it, or not there.
    """
    row = find(connection, technique_id, caller=caller)
    paying = workspace_id or caller.workspace_id or row["workspace_id"]
    if paying is None:
        paying = workspaces.read_all(connection)[0]["workspace_id"]
    workspaces.get(connection, paying)
    caller.check_writes(paying)
    if row["workspace_id"] not in (None, paying):
        raise errors.not_found(f"Technique {technique_id[:80]!r} was not found in workspace {paying!r}.")
    check_there(row)
    return row, str(paying)


async def start(context: Context, order: Order) -> Started:
    """Starts the runs of an order, or finds those that a former request with its key has started.

    Raises:
        ApiError: The order cannot be carried out; nothing was started.
    """
    for _ in range(KEY_ATTEMPTS):
        found = await _replayed(context, order.keyed)
        if found is not None:
            return found
        try:
            return await _started(context, order)
        except KeyTakenError:
            continue
    raise errors.conflict("The idempotency key is in use by a request of this moment; repeat this one.")


async def _replayed(context: Context, keyed: KeyedRequest | None) -> Started | None:
    if keyed is None:
        return None
    now_ms = context.clock_ms()

    def work(connection: sa.Connection) -> Started | None:
        run_ids = techniques.runs_of_key(connection, keyed, now_ms=now_ms)
        if run_ids is None:
            return None
        rows = [runs.get(connection, run_id) for run_id in run_ids]
        return Started(rows=rows, outputs=runs.outputs_of(connection, run_ids), replayed=True)

    return await context.database.read(work)


async def _started(context: Context, order: Order) -> Started:
    definition = definition_of(order.technique)
    _check(context, definition, order)
    async with AsyncExitStack() as stack:
        inputs = await technique_inputs.resolved(
            context, definition, order.given, workspace_id=order.workspace_id, stack=stack
        )
        plans = [_plan(context, definition, values) for values in inputs.runs]
        rows = await context.database.write(lambda connection: _record(connection, context, order, inputs, plans))
    context.wake()
    seconds = [seconds_of(step, catalog=context.catalog, actions=context.actions) for step in plans[0].steps]
    return Started(rows=rows, seconds=sum(seconds))


def _check(context: Context, definition: Definition, order: Order) -> None:
    fields = technique_inputs.problems_of(definition, order.given)
    try:
        check_callback(context.web, order.callback_url)
    except ApiError as exc:
        fields.extend(exc.fields)
    if fields:
        raise errors.invalid_fields(fields)


def _plan(context: Context, definition: Definition, values: dict[str, Value]) -> Plan:
    seeded = next((each.id for each in definition.inputs if each.format == "seed"), None)
    given = values.get(seeded) if seeded is not None else None
    seed = int(given) if isinstance(given, str) else context.ids.seed()
    return Plan(definition=definition, values=values, seed=seed)


def _record(
    connection: sa.Connection, context: Context, order: Order, inputs: Inputs, plans: Sequence[Plan]
) -> list[sa.RowMapping]:
    """Records the runs with their costs, their key and their assets, all or nothing."""
    now_ms, technique, workspace_id = context.clock_ms(), order.technique, order.workspace_id
    technique_id = technique["technique_id"]
    check_signed(connection, order.callback_url, workspace_id=workspace_id, now_ms=now_ms)
    idempotency.claim(
        connection,
        order.header_key,
        workspace_id=workspace_id,
        operation="technique",
        destination=technique_id,
        now_ms=now_ms,
    )
    project_id = techniques.project_of(connection, workspace_id, fresh_id=context.ids.new("prj_"), now_ms=now_ms)
    for fetched in inputs.fetched:
        fetched.record(connection, node_id=context.ids.node(), now_ms=now_ms)
    rows = []
    for plan in plans:
        new = runs.NewRun(
            run_id=context.ids.new("run_"),
            type="technique",
            workspace_id=workspace_id,
            project_id=project_id,
            media_type="image",
            model_id=technique_id,
            prompt=technique["name"],
            params=plan.record(),
            credits=credits_of(plan, catalog=context.catalog, actions=context.actions),
            callback_url=order.callback_url,
        )
        runs.create(connection, new, now_ms=now_ms)
        rows.append(runs.get(connection, new.run_id))
    if order.keyed is not None:
        techniques.keep_key(connection, order.keyed, [row["run_id"] for row in rows], now_ms=now_ms)
    return rows

"""Running what is on a canvas: nodes that generate, and actions."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.canvas import execution
from flora_mcp.studio.canvas.canvas import Canvas, Node
from flora_mcp.studio.canvas.execution import Skip, Start
from flora_mcp.studio.catalog import Action
from flora_mcp.studio.renderers.rendering import JSON
from flora_mcp.studio.routes.canvas_access import Here, here
from flora_mcp.studio.routes.canvas_forms import NewActionNode, NewNodeRuns
from flora_mcp.studio.routes.requests import read_body
from flora_mcp.studio.routes.run_answers import usd
from flora_mcp.studio.store import canvas as canvases
from flora_mcp.studio.store import graphs, projects, runs


async def run_nodes(request: Request) -> Response:
    """Starts what can be started; the rest is skipped, each for its reason."""
    place = here(request)
    body = await read_body(request, NewNodeRuns)

    def work(connection: sa.Connection) -> list[dict[str, JSON]]:
        project = place.change(connection, "nodes")
        canvas, states = place.read(connection)
        planned = execution.plan(canvas, states, asked=body.node_ids, offer=place.offer)
        starts = [each for each in planned if isinstance(each, Start)]
        run_ids = {start.node.node_id: place.context.ids.new("run_") for start in starts}
        for start in execution.in_order(starts):
            _start(connection, place, canvas, start, run_ids=run_ids, workspace_id=project["workspace_id"])
        if starts:
            projects.touch(connection, place.project_id, now_ms=place.context.clock_ms())
        return [_told(place, each, run_ids) for each in planned]

    told = await place.context.database.write(work)
    place.context.wake()
    return JSONResponse({"project_id": place.project_id, "runs": told})


async def create_action(request: Request) -> Response:
    place = here(request)
    body = await read_body(request, NewActionNode)
    action = _action(place, body.action_id)
    action.resolve(body.params or {})
    node_id = place.context.ids.node()

    def work(connection: sa.Connection) -> None:
        place.change(connection, "action node")
        row = {
            "node_id": node_id,
            "block": "codeBlock",
            "type": action.outputs[0].type,
            "label": action.name,
            "action_id": action.action_id,
            "params": body.params or None,
        }
        now_ms = place.context.clock_ms()
        canvases.place(connection, row, project_id=place.project_id, now_ms=now_ms)
        projects.touch(connection, place.project_id, now_ms=now_ms)

    await place.context.database.write(work)
    answer = {"action_id": action.action_id, "node_id": node_id, "project_id": place.project_id}
    return JSONResponse({**answer, "canvas_url": place.canvas_url}, status_code=201)


async def run_action(request: Request) -> Response:
    """Runs an action node on what its edges bring; its outputs appear on the canvas."""
    place = here(request)
    name = str(request.path_params["node_id"])
    run_id = place.context.ids.new("run_")

    def work(connection: sa.Connection) -> Action:
        project = place.change(connection, "action run")
        canvas, states = place.read(connection)
        node, action = _action_node(place, canvas, name)
        if node.node_id in states and states[node.node_id].running:
            raise errors.conflict(f"A run of node {name[:80]!r} has not ended; wait for it.")
        inputs, causes = execution.action_inputs(canvas, states, node=node, action=action)
        run = runs.NewRun(
            run_id=run_id,
            type="action",
            workspace_id=project["workspace_id"],
            project_id=place.project_id,
            media_type=action.outputs[0].type,
            model_id=action.action_id,
            prompt=action.name,
            params=action.resolve(node.params or {}),
            inputs=_inputs(canvas, inputs, {}),
            credits=0,
            node_id=node.node_id,
            waits_for=_waits(canvas, causes, {}),
        )
        runs.create(connection, run, now_ms=place.context.clock_ms())
        graphs.set_last_run(connection, place.project_id, node.node_id, run_id=run_id)
        return action

    action = await place.context.database.write(work)
    place.context.wake()
    started = {
        "run_id": run_id,
        "type": "action",
        "charged_cost": 0,
        "estimated_seconds": action.estimated_seconds,
        "action": {"action_id": action.action_id},
        "poll_url": place.context.poll_url(run_id),
        "project_id": place.project_id,
    }
    return JSONResponse(started, status_code=201)


def _start(
    connection: sa.Connection,
    place: Here,
    canvas: Canvas,
    start: Start,
    *,
    run_ids: Mapping[str, str],
    workspace_id: str,
) -> None:
    params = dict(start.params)
    if params.get("seed") is None and "seed" in params:
        params["seed"] = place.context.ids.seed()
    node, model = start.node, start.model
    run = runs.NewRun(
        run_id=run_ids[node.node_id],
        workspace_id=workspace_id,
        project_id=place.project_id,
        media_type=model.type,
        model_id=model.model_id,
        prompt=start.prompt,
        params=params,
        inputs=_inputs(canvas, start.inputs, run_ids) or None,
        credits=model.estimated_credits,
        node_id=node.node_id,
        waits_for=_waits(canvas, start.causes, run_ids),
    )
    runs.create(connection, run, now_ms=place.context.clock_ms())
    graphs.set_last_run(connection, place.project_id, node.node_id, run_id=run.run_id)


def _inputs(canvas: Canvas, inputs: Sequence[Mapping[str, JSON]], run_ids: Mapping[str, str]) -> list[dict[str, JSON]]:
    """Returns inputs as a run keeps them: what a node is still making is named by its run."""
    found = []
    for each in inputs:
        kept = dict(each)
        node_id = kept.pop("node_id", None)
        if node_id is not None:
            kept["run_id"] = _run_of(canvas, str(node_id), run_ids)
        found.append(kept)
    return found


def _waits(canvas: Canvas, causes: Sequence[str], run_ids: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(_run_of(canvas, cause, run_ids) for cause in causes))


def _run_of(canvas: Canvas, node_id: str, run_ids: Mapping[str, str]) -> str:
    """Returns the run that a node is in: one that starts now, or one that has not ended."""
    run_id = run_ids.get(node_id) or canvas.nodes[node_id].last_run_id
    assert run_id is not None
    return run_id


def _told(place: Here, each: Start | Skip, run_ids: Mapping[str, str]) -> dict[str, JSON]:
    if isinstance(each, Skip):
        return {"node_id": each.asked, "status": "skipped", "reason": each.reason, "message": each.message}
    run_id = run_ids[each.node.node_id]
    return {
        "node_id": each.asked,
        "status": "started",
        "run_id": run_id,
        "type": "generation",
        "poll_url": place.context.poll_url(run_id),
        "charged_cost": usd(each.model.estimated_credits),
        "estimated_seconds": each.model.estimated_seconds,
        "model": {"model_id": each.model.model_id},
    }


def _action(place: Here, action_id: str | None) -> Action:
    action = place.offer.action(action_id)
    if action is None:
        ids = ", ".join(each.action_id for each in place.context.actions.actions)
        raise errors.invalid("action_id", f"{(action_id or '')[:80]!r} is no action of this studio; use one of {ids}.")
    return action


def _action_node(place: Here, canvas: Canvas, name: str) -> tuple[Node, Action]:
    node = canvas.find(name)
    if node is None:
        raise errors.not_found(f"Node {name[:80]!r} was not found on this canvas; GET …/graph lists what there is.")
    if node.kind.word != "action":
        message = f"Node {name[:80]!r} is of type {node.kind.word!r}; one that generates runs through POST …/nodes/run."
        raise errors.invalid("node_id", message)
    if node.locked:
        raise errors.conflict(f"Node {name[:80]!r} is locked on the canvas.")
    return node, _action(place, node.action_id)


ROUTES = [
    Route("/workspaces/{workspace_id}/projects/{project_id}/nodes/run", run_nodes, methods=["POST"]),
    Route("/projects/{project_id}/actions", create_action, methods=["POST"]),
    Route("/projects/{project_id}/actions/{node_id}/run", run_action, methods=["POST"]),
]

"""The canvas of a project in full: as a graph, by changesets, and as one definition."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio.canvas import definition as definitions
from flora_mcp.studio.canvas import reading
from flora_mcp.studio.canvas.canvas import Canvas
from flora_mcp.studio.canvas.definition import LOOKS, DefinedEdge, DefinedNode, Definition
from flora_mcp.studio.canvas.faults import Faults
from flora_mcp.studio.canvas.graph import graph
from flora_mcp.studio.canvas.operations import (
    MOST_OPERATIONS,
    Addition,
    Changes,
    Connection,
    Origin,
    Removal,
    Update,
)
from flora_mcp.studio.renderers.rendering import JSON
from flora_mcp.studio.routes import canvas_changes
from flora_mcp.studio.routes.canvas_access import Here, here
from flora_mcp.studio.routes.canvas_forms import (
    EdgeEnds,
    NewChangeset,
    NewDefinition,
    NewNode,
    NodeChange,
    NodeRemoval,
    Place,
    Replacement,
)
from flora_mcp.studio.routes.requests import Body, read_body, read_object
from flora_mcp.studio.store import canvas as canvases

_FORMS: dict[str, type[Body]] = {
    "add": NewNode,
    "update": NodeChange,
    "connect": EdgeEnds,
    "disconnect": EdgeEnds,
    "remove": NodeRemoval,
}

_CODES = {"missing": "required", "extra_forbidden": "unknown_key"}


async def read_graph(request: Request) -> Response:
    place = here(request)

    def work(connection: sa.Connection) -> dict[str, JSON]:
        place.project(connection)
        canvas, states = place.read(connection)
        return graph(canvas, states, offer=place.offer, address=place.address)

    told = await place.context.database.read(work)
    return JSONResponse({"project_id": place.project_id, "canvas_url": place.canvas_url, **told})


async def apply_changeset(request: Request) -> Response:
    place = here(request)
    faults = Faults()
    changes = _changes(await read_object(request), faults)

    def wanted(_canvas: Canvas, collected: Faults) -> Changes:
        collected.fields.extend(faults.fields)
        return changes

    made = await canvas_changes.make(place, wanted, operation="changeset")
    created = {ref: {"id": node.short_id, "node_id": node.node_id} for ref, node in made.applied.created.items()}
    return JSONResponse(
        {
            "project_id": place.project_id,
            "canvas_url": place.canvas_url,
            "revision": made.revision,
            "created": created,
            "applied": dict(made.applied.counts),
            "warnings": list(made.applied.warnings),
        }
    )


class WholeCanvas(HTTPEndpoint):
    """Both methods in one endpoint, so that a 405 can name them."""

    async def get(self, request: Request) -> Response:
        place = here(request)

        def work(connection: sa.Connection) -> Response:
            place.project(connection)
            return _defined(place, connection)

        return await place.context.database.read(work)

    async def put(self, request: Request) -> Response:
        place = here(request)
        body = await read_body(request, Replacement)
        wanted = _definition(body.definition)

        def work(connection: sa.Connection) -> Response:
            place.change(connection, "definition")
            before, faults = place.read(connection)[0], Faults()
            after = reading.read(
                wanted,
                before=before,
                short_ids=lambda count: canvases.take_short_ids(connection, place.project_id, count=count),
                resolve=lambda url: place.own_media(connection, url),
                faults=faults,
            )
            faults.check()
            place.write(connection, before=before, after=after)
            return _defined(place, connection)

        return await place.context.database.write(work)


def _defined(place: Here, connection: sa.Connection) -> Response:
    canvas, states = place.read(connection)
    return JSONResponse(
        {
            "project_id": place.project_id,
            "canvas_url": place.canvas_url,
            "definition": definitions.written(canvas, states, address=place.address),
            "summary": canvas.summary(),
        }
    )


def _changes(found: dict[str, Any], faults: Faults) -> Changes:
    """Returns the operations that can be read; the others are faults."""
    for name in found.keys() - _FORMS.keys():
        faults.add(name[:80], "unknown_key", f"A changeset has {', '.join(NewChangeset.model_fields)}.")
    read: dict[str, list[tuple[Origin, Any]]] = {name: [] for name in _FORMS}
    unreadable: set[str] = set()
    count = 0
    for name, form in _FORMS.items():
        items = found.get(name, [])
        if not isinstance(items, list):
            faults.add(name, "invalid_value", "It must be a list of operations.")
            continue
        count += len(items)
        if count > MOST_OPERATIONS:
            text = f"There are more than {MOST_OPERATIONS} operations; send them in several changesets."
            faults.add(name, "too_many", text)
            faults.check()
        for number, item in enumerate(items):
            operation = _operation(item, form, f"{name}[{number}]", faults)
            if operation is not None:
                read[name].append((Origin(path=f"{name}[{number}]"), operation))
            elif isinstance(item, dict) and isinstance(item.get("ref"), str):
                unreadable.add(item["ref"])
    return Changes(
        add=[
            Addition(origin=origin, position=_position(each.position), **_plain(each, "position"))
            for origin, each in read["add"]
        ],
        update=[
            Update(origin=origin, position=_position(each.position), **_plain(each, "position"))
            for origin, each in read["update"]
        ],
        connect=[Connection(origin=origin, **_plain(each)) for origin, each in read["connect"]],
        disconnect=[Connection(origin=origin, **_plain(each)) for origin, each in read["disconnect"]],
        remove=[Removal(origin=origin, id=each.id) for origin, each in read["remove"]],
        unreadable=frozenset(unreadable),
    )


def _operation(item: object, form: type[Body], path: str, faults: Faults) -> Body | None:
    try:
        return form.model_validate(item)
    except ValidationError as exc:
        names = [field.alias or name for name, field in form.model_fields.items()]
        for error in exc.errors(include_url=False, include_input=False):
            field = ".".join([path, *(str(part) for part in error["loc"])])[:160]
            code = _CODES.get(error["type"], "invalid_value")
            text = {"required": "Required.", "unknown_key": f"Accepted are {', '.join(names)}."}.get(code, error["msg"])
            faults.add(field, code, text)
        return None


def _plain(body: Body, *besides: str) -> dict[str, Any]:
    return {name: getattr(body, name) for name in type(body).model_fields if name not in besides}


def _present(body: Body, names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(body, name)) is not None}


def _position(place: Place | None) -> tuple[float, float] | None:
    return None if place is None else (place.x, place.y)


def _definition(body: NewDefinition) -> Definition:
    nodes = [
        DefinedNode(
            position=_position(each.position),
            looks=_present(each, LOOKS),
            **_plain(each, "position", *LOOKS),
        )
        for each in body.nodes
    ]
    edges = [
        DefinedEdge(
            extra=_present(each, ("data", "type")),
            **_plain(each, "data", "type"),
        )
        for each in body.edges
    ]
    return Definition(
        nodes=nodes,
        edges=edges,
        inputs=body.node_inputs,
        outputs=body.node_outputs,
        documents=body.layer_editor_documents,
    )


_PROJECT = "/workspaces/{workspace_id}/projects/{project_id}"

ROUTES = [
    Route(f"{_PROJECT}/graph", read_graph, methods=["GET"]),
    Route(f"{_PROJECT}/canvas/changeset", apply_changeset, methods=["POST"]),
    Route(f"{_PROJECT}/canvas/definition", WholeCanvas),
]

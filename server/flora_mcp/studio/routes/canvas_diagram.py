"""The canvas as a Mermaid flowchart: read as one, and added to by one."""

import sqlalchemy as sa
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from flora_mcp.studio import errors
from flora_mcp.studio.canvas import diagram as diagrams
from flora_mcp.studio.canvas.canvas import Canvas
from flora_mcp.studio.canvas.faults import Faults
from flora_mcp.studio.canvas.mermaid import parse
from flora_mcp.studio.canvas.operations import MOST_OPERATIONS, Changes
from flora_mcp.studio.canvas.sketch import Wish, sketch
from flora_mcp.studio.routes import canvas_changes
from flora_mcp.studio.routes.canvas_access import here
from flora_mcp.studio.routes.canvas_forms import DiagramNode, NewDiagram
from flora_mcp.studio.routes.requests import read_object, validated


class Diagram(HTTPEndpoint):
    """Both methods in one endpoint, so that a 405 can name them."""

    async def get(self, request: Request) -> Response:
        place = here(request)

        def work(connection: sa.Connection) -> Canvas:
            place.project(connection)
            return place.read(connection)[0]

        canvas = await place.context.database.read(work)
        return JSONResponse(
            {
                "project_id": place.project_id,
                "canvas_url": place.canvas_url,
                "diagram": diagrams.write(canvas),
                "summary": canvas.summary(),
            }
        )

    async def patch(self, request: Request) -> Response:
        place = here(request)
        found = await read_object(request)
        _check_keys(found.get("node_params"))
        body = validated(found, NewDiagram)
        read = parse(body.diagram)
        if len(read.nodes) + len(read.arrows) > MOST_OPERATIONS:
            text = f"too_many: It has more than {MOST_OPERATIONS} nodes and edges; send it in parts."
            raise errors.invalid("diagram", text)
        wishes = {name: Wish(**dict(each)) for name, each in (body.node_params or {}).items()}
        warnings: list[str] = []

        def wanted(canvas: Canvas, faults: Faults) -> Changes:
            drawn = sketch(read, canvas, wishes=wishes, faults=faults)
            warnings[:] = drawn.warnings
            return drawn.changes

        applied = (await canvas_changes.make(place, wanted, operation="diagram")).applied
        answer = {
            "project_id": place.project_id,
            "canvas_url": place.canvas_url,
            # What was added, under the ids that it has now.
            "diagram": diagrams.write(applied.canvas, nodes=applied.created.values(), edges=applied.edges),
            "created_node_count": applied.counts["added"],
            "created_edge_count": applied.counts["connected"],
        }
        told = [*warnings, *applied.warnings]
        return JSONResponse({**answer, "warnings": told} if told else answer)


def _check_keys(node_params: object) -> None:
    """Says what is usually meant by parameters that are not keyed by a node."""
    if not isinstance(node_params, dict):
        return
    bare = [
        name for name in DiagramNode.model_fields if name in node_params and not isinstance(node_params[name], dict)
    ]
    if bare:
        text = f"It is keyed by the ids of the diagram: {{'img1': {{{bare[0]!r}: …}}}}, not {{{bare[0]!r}: …}}."
        raise errors.invalid("node_params", text)


ROUTES = [Route("/projects/{project_id}/canvas", Diagram)]

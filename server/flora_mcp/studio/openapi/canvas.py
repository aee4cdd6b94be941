"""The canvas of a project: what is on it, changes of it, and runs on it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from flora_mcp.studio.openapi.generations import ModelRef, RunStart
from flora_mcp.studio.openapi.operation import CREATED, Operation
from flora_mcp.studio.openapi.shapes import Answer, ProjectId, RunId, Url, Usd, absent
from flora_mcp.studio.routes.canvas_forms import NewActionNode, NewChangeset, NewDiagram, NewNodeRuns, Replacement

Count = Annotated[int, Field(ge=0)]


class Point(Answer):
    """A place on the canvas."""

    x: float
    y: float


class NodeAction(Answer):
    """The action of an action node."""

    action_id: str | None
    params: dict[str, Any] | None


class GraphNode(Answer):
    """One node, whatever it shows (sdk:resources/workspaces/projects/projects.ts)."""

    id: str
    node_id: str
    type: str
    label: str
    prompt: str | None
    model: str | None
    model_id: str | None
    params: dict[str, Any] | None
    position: Point
    status: Literal["idle", "generating", "done", "error"] | None
    output_url: Url | None
    output_text: str | None
    action: NodeAction | None
    error_code: str | None = absent()
    error_message: str | None = absent()


class GraphEdge(Answer):
    """One edge, by the short ids of its ends."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    slot: str | None = Field(alias="in")


class Graph(Answer):
    """A canvas as nodes and edges; `revision` is another whenever something is."""

    project_id: ProjectId
    canvas_url: Url
    revision: str
    nodes: list[GraphNode]
    edges: list[GraphEdge]


class CreatedNode(Answer):
    """The ids of a node that was added."""

    id: str
    node_id: str


class AppliedCounts(Answer):
    """How many of each operation were done."""

    added: Count
    updated: Count
    connected: Count
    disconnected: Count
    removed: Count


class AppliedChangeset(Answer):
    """What a changeset has done (sdk:resources/workspaces/projects/canvas.ts)."""

    project_id: ProjectId
    canvas_url: Url
    revision: str
    created: dict[str, CreatedNode]
    applied: AppliedCounts
    warnings: list[str]


class Summary(Answer):
    """What is on a canvas, counted."""

    node_count: Count
    edge_count: Count
    group_count: Count
    isolated_node_count: Count
    workflow_count: Count


class DefinedNode(Answer):
    """One node of a definition (sdk:resources/workspaces/projects/canvas.ts)."""

    id: str
    type: str
    data: dict[str, Any]
    position: Point
    width: float = absent()
    height: float = absent()
    parent_id: str = absent()
    style: dict[str, Any] | None = absent()
    z_index: float | None = absent()
    hidden: bool | None = absent()
    extent: Literal["parent"] | list[Any] | None = absent()
    expand_parent: bool | None = absent()
    origin: list[Any] | None = absent()


class DefinedEdge(Answer):
    """One edge of a definition."""

    id: str
    source: str
    source_handle: str | None
    target: str
    target_handle: str | None
    data: dict[str, Any] | None = absent()
    type: str | None = absent()


class Definition(Answer):
    """All that a canvas can be built again from."""

    nodes: list[DefinedNode]
    edges: list[DefinedEdge]
    node_inputs: dict[str, dict[str, Any]]
    node_outputs: dict[str, dict[str, Any]]
    layer_editor_documents: dict[str, dict[str, Any]] = absent()


class DefinedCanvas(Answer):
    """A canvas with its definition."""

    project_id: ProjectId
    canvas_url: Url
    definition: Definition
    summary: Summary


class DrawnCanvas(Answer):
    """A canvas as a Mermaid flowchart (sdk:resources/projects/canvas.ts)."""

    project_id: ProjectId
    canvas_url: Url
    diagram: str
    summary: Summary


class DrawnAddition(Answer):
    """What a diagram has added, under the ids that it has now."""

    project_id: ProjectId
    canvas_url: Url
    diagram: str
    created_node_count: Count
    created_edge_count: Count
    warnings: list[str] = absent()


class NodeRun(Answer):
    """What became of one node of a request (sdk:resources/workspaces/projects/projects.ts)."""

    node_id: str
    status: Literal["started", "skipped"]
    run_id: RunId = absent()
    type: Literal["generation"] = absent()
    poll_url: Url = absent()
    charged_cost: Usd = absent()
    estimated_seconds: Count = absent()
    model: ModelRef = absent()
    reason: str = absent()
    message: str = absent()


class NodeRuns(Answer):
    """What became of each node, in the order of the request."""

    project_id: ProjectId
    runs: list[NodeRun]


class ActionNode(Answer):
    """An action that was put on a canvas (sdk:resources/projects/actions.ts)."""

    action_id: str
    node_id: str
    project_id: ProjectId
    canvas_url: Url


_PROJECT = "/workspaces/{workspace_id}/projects/{project_id}"

OPERATIONS = (
    Operation(
        endpoint=f"GET {_PROJECT}/graph",
        name="workspaces.projects.graph",
        summary="Reads every node and edge of a canvas.",
        answer=Graph,
        refusals=(400, 404),
    ),
    Operation(
        endpoint=f"POST {_PROJECT}/canvas/changeset",
        name="workspaces.projects.canvas.applyChangeset",
        summary="Changes a canvas, whole or not at all.",
        answer=AppliedChangeset,
        body=NewChangeset,
        refusals=(400, 404),
        keyed=True,
    ),
    Operation(
        endpoint=f"GET {_PROJECT}/canvas/definition",
        name="workspaces.projects.canvas.retrieveDefinition",
        summary="Reads all that a canvas can be built again from.",
        answer=DefinedCanvas,
        refusals=(400, 404),
    ),
    Operation(
        endpoint=f"PUT {_PROJECT}/canvas/definition",
        name="workspaces.projects.canvas.replaceDefinition",
        summary="Builds a canvas anew.",
        answer=DefinedCanvas,
        body=Replacement,
        refusals=(400, 404),
        keyed=True,
    ),
    Operation(
        endpoint=f"POST {_PROJECT}/nodes/run",
        name="workspaces.projects.runNodes",
        summary="Runs nodes of a canvas; what cannot run is skipped.",
        answer=NodeRuns,
        body=NewNodeRuns,
        refusals=(400, 402, 404),
        keyed=True,
    ),
    Operation(
        endpoint="GET /projects/{project_id}/canvas",
        name="projects.canvas.retrieve",
        summary="Reads a canvas as a Mermaid flowchart.",
        answer=DrawnCanvas,
        refusals=(400, 404),
    ),
    Operation(
        endpoint="PATCH /projects/{project_id}/canvas",
        name="projects.canvas.update",
        summary="Adds to a canvas what a Mermaid flowchart shows.",
        answer=DrawnAddition,
        body=NewDiagram,
        refusals=(400, 404),
        keyed=True,
    ),
    Operation(
        endpoint="POST /projects/{project_id}/actions",
        name="projects.actions.create",
        summary="Puts an action on a canvas.",
        answer=ActionNode,
        body=NewActionNode,
        status=CREATED,
        refusals=(400, 404),
        keyed=True,
    ),
    Operation(
        endpoint="POST /projects/{project_id}/actions/{node_id}/run",
        name="projects.actions.run",
        summary="Runs an action of a canvas on what its edges bring.",
        answer=RunStart,
        status=CREATED,
        refusals=(400, 402, 404),
        keyed=True,
    ),
)

"""A project's canvas: its nodes and edges in the three forms in which FLORA gives them."""

from __future__ import annotations

from pydantic import Field

from flora_mcp.flora.types.jobs import ModelChoice
from flora_mcp.flora.types.values import JSON, Number, Shape


class Position(Shape):
    """A place on the canvas, in its own units; y grows downwards."""

    x: Number
    y: Number


class GraphAction(Shape):
    """What an action node runs."""

    action_id: str | None = None
    """None of a node with code of its own."""
    params: dict[str, JSON] | None = None


class GraphNode(Shape):
    """One node in full (`sdk:resources/workspaces/projects/projects.ts`)."""

    id: str
    """Short, such as `n1`; stays with the node once it was read."""
    node_id: str
    """A UUID, for the node's whole life."""
    type: str
    """`image`, `video`, `text`, `audio`, `action`, `batch`, `group` and more."""
    label: str | None = None
    prompt: str | None = None
    model: str | None = None
    """The model's name."""
    model_id: str | None = None
    """Better than the name, which may change."""
    params: dict[str, JSON] | None = None
    """What the model reads beside the prompt."""
    position: Position | None = None
    """Absolute, also inside a group."""
    status: str | None = None
    """`idle`, `generating`, `done` or `error`; None where nothing is generated."""
    output_url: str | None = None
    output_text: str | None = None
    action: GraphAction | None = None
    error_code: str | None = None
    error_message: str | None = None


class GraphEdge(Shape):
    """One connection (`sdk:resources/workspaces/projects/projects.ts`)."""

    source: str = Field(alias="from")
    """`from` on the wire: a node's short id."""
    target: str = Field(alias="to")
    """`to` on the wire: a node's short id."""
    slot: str | None = Field(default=None, alias="in")
    """`in` on the wire: the input it ends in, such as `image` or `enabled`."""


class Graph(Shape):
    """A canvas in full (`sdk:resources/workspaces/projects/projects.ts`)."""

    project_id: str
    canvas_url: str | None = None
    revision: str
    """Equal means unchanged; it tells no order."""
    nodes: list[GraphNode] = []
    edges: list[GraphEdge] = []


class NodeRun(Shape):
    """What became of one node that was to run (`sdk:resources/workspaces/projects/projects.ts`)."""

    node_id: str
    """As it was asked for."""
    status: str
    """`started` or `skipped`; a skipped node costs nothing."""
    run_id: str | None = None
    type: str | None = None
    poll_url: str | None = None
    charged_cost: Number | None = None
    """USD; an estimate."""
    estimated_seconds: Number | None = None
    model: ModelChoice | None = None
    reason: str | None = None
    """Why it was skipped: `node_not_found`, `node_not_executable`, `node_locked`, `no_model_configured`,
    `generation_already_running`, `run_failed_to_start` or `video_generation_not_available`."""
    message: str | None = None


class NodeRuns(Shape):
    """One entry for each node asked for, in that order."""

    project_id: str
    runs: list[NodeRun]


class CreatedNode(Shape):
    """The ids that a new node got."""

    id: str
    node_id: str


class AppliedChanges(Shape):
    """How much a changeset did."""

    added: Number = 0
    updated: Number = 0
    connected: Number = 0
    disconnected: Number = 0
    removed: Number = 0


class Changes(Shape):
    """What a changeset did (`sdk:resources/workspaces/projects/canvas.ts`)."""

    project_id: str
    canvas_url: str | None = None
    revision: str
    """As `workspaces.projects.graph` tells it."""
    created: dict[str, CreatedNode] = {}
    """By the `ref` of the addition."""
    applied: AppliedChanges
    warnings: list[str] = []


class CanvasSummary(Shape):
    """How much is on a canvas."""

    node_count: Number = 0
    edge_count: Number = 0
    group_count: Number = 0
    isolated_node_count: Number = 0
    workflow_count: Number = 0


class DefinitionNode(Shape):
    """One node as FLORA stores it (`sdk:resources/workspaces/projects/canvas.ts`)."""

    id: str
    type: str
    """Such as `emptyImageBlock`, `resultImageBlock`, `textBlock` or `group`."""
    data: dict[str, JSON] = {}
    position: Position | None = None
    width: Number | None = None
    height: Number | None = None
    style: dict[str, JSON] | None = None
    z_index: Number | None = None
    hidden: bool | None = None
    parent_id: str | None = None
    extent: JSON = None
    expand_parent: bool | None = None
    origin: JSON = None


class DefinitionEdge(Shape):
    """One connection as FLORA stores it (`sdk:resources/workspaces/projects/canvas.ts`)."""

    id: str
    source: str
    source_handle: str | None = None
    target: str
    target_handle: str | None = None
    data: dict[str, JSON] | None = None
    type: str | None = None


class Definition(Shape):
    """All that a canvas can be built again from (`sdk:resources/workspaces/projects/canvas.ts`)."""

    nodes: list[DefinitionNode]
    edges: list[DefinitionEdge]
    node_inputs: dict[str, dict[str, JSON]]
    """By node id."""
    node_outputs: dict[str, dict[str, JSON]]
    """By node id."""
    layer_editor_documents: dict[str, dict[str, JSON]] | None = None
    """By node id."""


class CanvasDefinition(Shape):
    """A canvas as one definition."""

    project_id: str
    canvas_url: str | None = None
    definition: Definition
    summary: CanvasSummary | None = None


class CanvasDiagram(Shape):
    """A canvas as a Mermaid flowchart (`sdk:resources/projects/canvas.ts`)."""

    project_id: str
    canvas_url: str | None = None
    diagram: str
    summary: CanvasSummary | None = None


class DiagramChanges(Shape):
    """What a Mermaid flowchart added (`sdk:resources/projects/canvas.ts`)."""

    project_id: str
    canvas_url: str | None = None
    diagram: str
    created_node_count: Number = 0
    created_edge_count: Number = 0
    warnings: list[str] | None = None

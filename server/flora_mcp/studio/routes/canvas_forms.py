"""What requests about a canvas hold."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from flora_mcp.studio.canvas.canvas import MOST_EDGES, MOST_NODES
from flora_mcp.studio.canvas.mermaid import MOST_CHARACTERS
from flora_mcp.studio.canvas.operations import MOST_OPERATIONS
from flora_mcp.studio.routes.requests import MOST_PROMPT_CHARACTERS, Body, Name

MOST_NODE_RUNS = 50
"""Nodes that one request runs (sdk)."""

MOST_LABEL_CHARACTERS = 500

Coordinate = Annotated[float, Field(ge=-1e7, le=1e7)]
Extent = Annotated[float, Field(gt=0, le=1e6)]
NodeName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Label = Annotated[str, StringConstraints(max_length=MOST_LABEL_CHARACTERS)]
Prompt = Annotated[str, StringConstraints(max_length=MOST_PROMPT_CHARACTERS)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=8192)]


class Place(Body):
    x: Coordinate
    y: Coordinate


class NewNode(Body):
    ref: NodeName
    type: Literal["image", "video", "text", "audio", "group", "static_image", "layer_editor"]
    label: Label | None = None
    prompt: Prompt | None = None
    model: Name | None = None
    params: dict[str, Any] | None = None
    position: Place | None = None
    group: NodeName | None = None
    content_url: Address | None = None


class NodeChange(Body):
    id: NodeName
    label: Label | None = None
    prompt: Prompt | None = None
    model: Name | None = None
    params: dict[str, Any] | None = None
    position: Place | None = None


class EdgeEnds(Body):
    """An edge by its ends; its words are no names in Python."""

    source: NodeName = Field(alias="from")
    target: NodeName = Field(alias="to")
    slot: Name | None = Field(default=None, alias="in")


class NodeRemoval(Body):
    id: NodeName


class NewChangeset(Body):
    """POST …/canvas/changeset."""

    add: list[NewNode] = Field(default=[], max_length=MOST_OPERATIONS)
    update: list[NodeChange] = Field(default=[], max_length=MOST_OPERATIONS)
    connect: list[EdgeEnds] = Field(default=[], max_length=MOST_OPERATIONS)
    disconnect: list[EdgeEnds] = Field(default=[], max_length=MOST_OPERATIONS)
    remove: list[NodeRemoval] = Field(default=[], max_length=MOST_OPERATIONS)


class NewDefinedNode(Body):
    id: NodeName
    type: NodeName
    data: dict[str, Any]
    position: Place | None = None
    width: Extent | None = None
    height: Extent | None = None
    style: dict[str, Any] | None = None
    z_index: float | None = None
    hidden: bool | None = None
    parent_id: NodeName | None = None
    extent: Literal["parent"] | list[Any] | None = None
    expand_parent: bool | None = None
    origin: list[Any] | None = None


class NewDefinedEdge(Body):
    id: NodeName
    source: NodeName
    source_handle: str | None
    target: NodeName
    target_handle: str | None
    data: dict[str, Any] | None = None
    type: str | None = None


class NewDefinition(Body):
    nodes: list[NewDefinedNode] = Field(max_length=MOST_NODES)
    edges: list[NewDefinedEdge] = Field(max_length=MOST_EDGES)
    node_inputs: dict[str, dict[str, Any]]
    node_outputs: dict[str, dict[str, Any]]
    layer_editor_documents: dict[str, dict[str, Any]] = {}


class Replacement(Body):
    """PUT …/canvas/definition."""

    definition: NewDefinition


class DiagramNode(Body):
    aspect_ratio: Name | None = None
    content_url: Address | None = None
    model: Name | None = None
    model_parameters: dict[str, Any] | None = None
    prompt: Prompt | None = None
    resolution: Name | None = None


class NewDiagram(Body):
    """PATCH /projects/{project_id}/canvas; `node_params` is keyed by the ids of the diagram."""

    diagram: str = Field(min_length=1, max_length=MOST_CHARACTERS)
    node_params: dict[str, DiagramNode] | None = None


class NewNodeRuns(Body):
    """POST …/nodes/run."""

    node_ids: list[NodeName] = Field(min_length=1, max_length=MOST_NODE_RUNS)


class NewActionNode(Body):
    """POST /projects/{project_id}/actions."""

    action_id: Name
    params: dict[str, Any] | None = None

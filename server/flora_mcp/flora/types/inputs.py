"""The shapes of what calls take: dicts with these keys. Further keys are passed on."""

# Annotations are evaluated here: `TypedDict` finds out which keys are required when the class is made.
from typing import Literal, NotRequired, TypedDict

from flora_mcp.flora.types.jobs import MediaType
from flora_mcp.flora.types.values import JSON


class TechniqueInput(TypedDict):
    """A value for one input of a technique (`sdk:resources/techniques/runs.ts`)."""

    id: str
    type: Literal["text", "imageUrl", "videoUrl"]
    value: str


class ActionInput(TypedDict):
    """A medium or text for an action (`sdk:resources/actions.ts`)."""

    type: MediaType
    name: NotRequired[str]
    url: NotRequired[str]
    text: NotRequired[str]


class Place(TypedDict):
    """A position on a canvas."""

    x: float
    y: float


class NodeAddition(TypedDict):
    """A node to make (`sdk:resources/workspaces/projects/canvas.ts`)."""

    ref: str
    type: Literal["image", "video", "text", "audio", "group", "static_image", "layer_editor"]
    label: NotRequired[str]
    prompt: NotRequired[str]
    model: NotRequired[str]
    params: NotRequired[dict[str, JSON]]
    position: NotRequired[Place]
    group: NotRequired[str]
    content_url: NotRequired[str]


class NodeUpdate(TypedDict):
    """A node to change (`sdk:resources/workspaces/projects/canvas.ts`)."""

    id: str
    label: NotRequired[str]
    prompt: NotRequired[str]
    model: NotRequired[str]
    params: NotRequired[dict[str, JSON]]
    position: NotRequired[Place]


Connection = TypedDict("Connection", {"from": str, "to": str, "in": NotRequired[str]})
"""An edge, to make or to cut (`sdk:resources/workspaces/projects/canvas.ts`)."""


class NodeRemoval(TypedDict):
    """A node to delete (`sdk:resources/workspaces/projects/canvas.ts`)."""

    id: str


class DiagramNodeParams(TypedDict, total=False):
    """What a node of a Mermaid flowchart gets beside its label (`sdk:resources/projects/canvas.ts`)."""

    aspect_ratio: str | None
    content_url: str | None
    model: str | None
    model_parameters: dict[str, JSON] | None
    prompt: str | None
    resolution: str | None


class NewDefinition(TypedDict):
    """A whole canvas (`sdk:resources/workspaces/projects/canvas.ts`); a node without a position is laid out."""

    nodes: list[dict[str, JSON]]
    edges: list[dict[str, JSON]]
    node_inputs: dict[str, JSON]
    node_outputs: dict[str, JSON]
    layer_editor_documents: NotRequired[dict[str, JSON]]

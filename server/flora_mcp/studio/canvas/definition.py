"""The definition of a canvas: all that it can be built again from, to the last key that nobody here reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flora_mcp.studio.canvas.canvas import Canvas, Edge, Node
from flora_mcp.studio.canvas.graph import NOTHING, Address, State
from flora_mcp.studio.renderers.rendering import JSON

Object = Mapping[str, JSON]

OUTPUT_TYPES: Mapping[str, str] = {"image": "imageUrl", "video": "videoUrl", "audio": "audioUrl", "text": "text"}

LOOKS = ("style", "z_index", "hidden", "extent", "expand_parent", "origin")
"""Fields of a node that say how it looks; they are kept as they are."""

SHOWN = ("type", "url", "text", "run_id", "output_id", "asset_id")
"""What the studio itself says of an output."""


@dataclass(frozen=True, kw_only=True)
class DefinedNode:
    """A node of a definition; `looks` holds those of `LOOKS` that were given."""

    id: str
    type: str
    data: Object
    position: tuple[float, float] | None = None
    width: float | None = None
    height: float | None = None
    parent_id: str | None = None
    looks: Object = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DefinedEdge:
    """An edge of a definition; `extra` holds `data` and `type` when they were given."""

    id: str
    source: str
    target: str
    source_handle: str | None
    target_handle: str | None
    extra: Object = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Definition:
    """A whole canvas, as it was sent."""

    nodes: Sequence[DefinedNode]
    edges: Sequence[DefinedEdge]
    inputs: Mapping[str, Object]
    outputs: Mapping[str, Object]
    documents: Mapping[str, Object]


def written(canvas: Canvas, states: Mapping[str, State], *, address: Address) -> dict[str, JSON]:
    """Returns the definition of a canvas."""
    nodes = canvas.nodes.values()
    inputs = {node.node_id: _inputs(node) for node in nodes}
    outputs = {node.node_id: _outputs(node, states.get(node.node_id, NOTHING), address) for node in nodes}
    found: dict[str, JSON] = {
        "nodes": [_node(node) for node in nodes],
        "edges": [_edge(edge) for edge in canvas.edges],
        "node_inputs": {name: each for name, each in inputs.items() if each},
        "node_outputs": {name: each for name, each in outputs.items() if each},
    }
    if any(node.block == "layerEditorNode" for node in nodes):
        documents = {node.node_id: _extra(node, "document") for node in nodes}
        found["layer_editor_documents"] = {name: each for name, each in documents.items() if each}
    return found


def _extra(node: Node, name: str) -> dict[str, JSON]:
    found = (node.extra or {}).get(name)
    return dict(found) if isinstance(found, dict) else {}


def _node(node: Node) -> dict[str, JSON]:
    told: dict[str, JSON] = {
        "id": node.node_id,
        "type": node.block,
        "data": {**({} if node.label is None else {"label": node.label}), **_extra(node, "data")},
        "position": {"x": node.x, "y": node.y},
    }
    rest: dict[str, JSON] = {"width": node.width, "height": node.height, "parent_id": node.parent_id}
    return {**told, **{name: value for name, value in rest.items() if value is not None}, **_extra(node, "look")}


def _edge(edge: Edge) -> dict[str, JSON]:
    return {
        "id": edge.edge_id,
        "source": edge.source_id,
        "source_handle": edge.source_handle,
        "target": edge.target_id,
        "target_handle": edge.target_handle,
        **(edge.extra or {}),
    }


def _inputs(node: Node) -> dict[str, JSON]:
    own: dict[str, JSON] = {
        "prompt": node.prompt,
        "model": node.model_id,
        "action_id": node.action_id,
        "params": dict(node.params) if node.params else None,
    }
    return {**{name: value for name, value in own.items() if value is not None}, **_extra(node, "inputs")}


def _outputs(node: Node, state: State, address: Address) -> dict[str, JSON]:
    own: dict[str, JSON] = {}
    if state.file is not None:
        own = {"type": OUTPUT_TYPES.get(node.type, "documentUrl"), "url": address(state.file)}
    elif state.text is not None or node.content is not None:
        own = {"type": "text", "text": state.text if state.text is not None else node.content}
    for name, value in (("run_id", node.run_id), ("output_id", node.output_id), ("asset_id", node.asset_id)):
        if value is not None:
            own[name] = value
    return {**own, **_extra(node, "outputs")}

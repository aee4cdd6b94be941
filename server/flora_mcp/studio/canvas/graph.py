"""The graph: every node with its state, every edge, and a mark that tells whether anything has changed."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flora_mcp.studio.canvas.canvas import Canvas, Node, offset
from flora_mcp.studio.canvas.offer import Offer
from flora_mcp.studio.renderers.rendering import JSON

PLACES = 3
"""Decimals of a position."""

RUNNING = ("pending", "running")


@dataclass(frozen=True, kw_only=True)
class File:
    """What a node shows: a file by its address, and by where it is stored."""

    owner_id: str
    file_name: str
    stored_name: str


@dataclass(frozen=True, kw_only=True)
class State:
    """What the runs of a node have come to; `run_status` is None when none was started on it."""

    file: File | None = None
    text: str | None = None
    run_status: str | None = None
    error_code: str | None = None
    error_message: str | None = None

    @property
    def running(self) -> bool:
        return self.run_status in RUNNING


NOTHING = State()

Address = Callable[[File], str]
"""Returns where a file can be fetched from."""


def text_of(node: Node, state: State) -> str | None:
    """Returns the text that a node passes on; one that was typed in is its prompt."""
    if state.text is not None:
        return state.text
    if node.content is not None:
        return node.content
    return node.prompt if node.media == "text" and node.kind.generates else None


def status(node: Node, state: State) -> str | None:
    """Returns the state of a node as FLORA tells it (sdk); None where nothing is generated."""
    if not node.kind.generates and node.kind.word != "action":
        return None
    if state.running:
        return "generating"
    if state.run_status == "failed":
        return "error"
    shows = state.file is not None or state.text is not None or node.content is not None
    return "done" if shows or state.run_status == "completed" else "idle"


def graph(canvas: Canvas, states: Mapping[str, State], *, offer: Offer, address: Address) -> dict[str, JSON]:
    """Returns `nodes`, `edges` and `revision`, as GET …/graph gives them."""
    nodes: list[JSON] = [
        _node(canvas, node, states.get(name, NOTHING), offer=offer) for name, node in canvas.nodes.items()
    ]
    edges: list[JSON] = [
        {
            "from": canvas.nodes[edge.source_id].short_id,
            "to": canvas.nodes[edge.target_id].short_id,
            "in": edge.target_handle,
        }
        for edge in canvas.edges
    ]
    # Addresses are not in the mark, as they are signed anew from time to time.
    files = {name: state.file for name, state in states.items() if state.file is not None}
    marked = [nodes, edges, {name: [file.owner_id, file.file_name] for name, file in files.items()}]
    digest = hashlib.sha256(json.dumps(marked, sort_keys=True).encode()).hexdigest()
    for node, told in zip(canvas.nodes.values(), nodes, strict=True):
        assert isinstance(told, dict)
        if node.node_id in files:
            told["output_url"] = address(files[node.node_id])
    return {"revision": digest[:32], "nodes": nodes, "edges": edges}


def _node(canvas: Canvas, node: Node, state: State, *, offer: Offer) -> dict[str, JSON]:
    left, top = offset(canvas.nodes, node.parent_id)
    model = offer.model(node.model_id or "", media=node.kind.media)
    is_action = node.kind.word == "action"
    params: JSON = dict(node.params) if node.params else None
    told: dict[str, JSON] = {
        "id": node.short_id,
        "node_id": node.node_id,
        "type": node.kind.word,
        "label": node.title,
        "prompt": node.prompt,
        "model": model.name if model else node.model_id,
        "model_id": node.model_id,
        "params": None if is_action else params,
        "position": {"x": round(left + node.x, PLACES), "y": round(top + node.y, PLACES)},
        "status": status(node, state),
        "output_url": None,
        "output_text": state.text if state.text is not None else node.content,
        "action": {"action_id": node.action_id, "params": params} if is_action else None,
    }
    if told["status"] == "error":
        told["error_code"] = state.error_code
        told["error_message"] = state.error_message
    return told

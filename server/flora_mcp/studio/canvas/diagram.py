"""Writes a canvas as a Mermaid flowchart, of which `mermaid.parse` reads the same."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flora_mcp.studio.canvas.canvas import Canvas, Edge, Node

SHORT_TYPES: Mapping[str, str] = {"static_image": "image", "static_video": "video", "static_audio": "audio"}
"""What diagrams call nodes of some kinds: they tell less than the graph (sdk)."""

LABEL_CHARACTERS = 80
"""How much of a label is shown (choice; sdk: labels are truncated)."""

_TYPE = re.compile(r"(?P<text>.*?)\s*\((?P<word>[A-Za-z_ 0-9]+)\)", re.DOTALL)
_CODED = re.compile(r'["#&<>`\\]')


@dataclass(frozen=True, kw_only=True)
class Label:
    """What a label says: a text, and the type of the node when it ends with one in parentheses."""

    text: str
    word: str | None


def read_label(label: str) -> Label:
    """Takes a label apart."""
    found = _TYPE.fullmatch(label.strip())
    if found is None:
        return Label(text=label.strip(), word=None)
    return Label(text=found["text"], word=found["word"].strip().lower().replace(" ", "_"))


def label_of(node: Node) -> str:
    """Returns what a diagram shows of a node."""
    text = " ".join(node.title.split())
    if len(text) > LABEL_CHARACTERS:
        text = f"{text[: LABEL_CHARACTERS - 1]}…"
    return f"{text} ({SHORT_TYPES.get(node.kind.word, node.kind.word)})"


def write(canvas: Canvas, *, nodes: Iterable[Node] | None = None, edges: Iterable[Edge] | None = None) -> str:
    """Returns the diagram of a canvas, or of some of its nodes and edges."""
    shown = canvas.nodes.values() if nodes is None else nodes
    lines = ["graph LR", *(f'  {node.short_id}["{_escaped(label_of(node))}"]' for node in shown)]
    for edge in canvas.edges if edges is None else edges:
        source, target = canvas.nodes[edge.source_id].short_id, canvas.nodes[edge.target_id].short_id
        slot = "" if not edge.target_handle else f"|{_escaped(edge.target_handle).replace('|', '#124;')}|"
        lines.append(f"  {source} -->{slot} {target}")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    return _CODED.sub(lambda found: f"#{ord(found[0])};", " ".join(text.split()))

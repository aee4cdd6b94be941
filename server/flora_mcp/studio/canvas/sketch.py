"""Turns a Mermaid flowchart into a change: it adds nodes and edges, and alters nothing that is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flora_mcp.studio.canvas.canvas import Canvas
from flora_mcp.studio.canvas.diagram import SHORT_TYPES, read_label
from flora_mcp.studio.canvas.faults import Faults
from flora_mcp.studio.canvas.kinds import BLOCKS
from flora_mcp.studio.canvas.mermaid import Declared, Diagram
from flora_mcp.studio.canvas.operations import Addition, Changes, Connection, Origin
from flora_mcp.studio.renderers.rendering import JSON

DRAWN_TYPES = ("image", "video", "text", "audio")
"""What a diagram can add (sdk)."""

FIELD = "diagram"


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a node of a diagram gets beside its label (sdk:resources/projects/canvas.ts)."""

    aspect_ratio: str | None = None
    content_url: str | None = None
    model: str | None = None
    model_parameters: Mapping[str, JSON] | None = None
    prompt: str | None = None
    resolution: str | None = None


@dataclass(frozen=True, kw_only=True)
class Sketch:
    """A change, and what its diagram said that is not done."""

    changes: Changes
    warnings: Sequence[str]


def sketch(diagram: Diagram, canvas: Canvas, *, wishes: Mapping[str, Wish], faults: Faults) -> Sketch:
    """Returns the change that a diagram asks for; what is wrong with it goes to `faults`."""
    for line, message in diagram.faults:
        faults.add(FIELD, "invalid_syntax", f"line {line}: {message}.")
    warnings = list(diagram.warnings)
    refs = {name: _ref(name, canvas) for name in diagram.nodes}
    for name, declared in diagram.nodes.items():
        if canvas.find(name) is not None:
            warnings.append(
                f"line {declared.line}: {name!r} is a node of the canvas; with a label it is added as a new node. "
                "Leave the label out to mean the one that is there."
            )
    unreadable = set()
    additions = []
    for name, declared in diagram.nodes.items():
        addition = _addition(declared, refs[name], wishes.get(name, Wish()), warnings=warnings, faults=faults)
        if addition is None:
            unreadable.add(refs[name])
        else:
            additions.append(addition)
    for name in wishes.keys() - diagram.nodes.keys():
        known = ", ".join(diagram.nodes) or "none"
        text = f"The diagram gives no node of this id a label; it does so for {known}."
        faults.add(f"node_params.{name[:80]}", "unknown_node", text)
    connections = [
        Connection(
            origin=Origin(path=FIELD, line=arrow.line),
            source=refs.get(arrow.source, arrow.source),
            target=refs.get(arrow.target, arrow.target),
            slot=arrow.slot,
        )
        for arrow in diagram.arrows
    ]
    changes = Changes(add=additions, connect=connections, unreadable=frozenset(unreadable))
    return Sketch(changes=changes, warnings=warnings)


def _ref(name: str, canvas: Canvas) -> str:
    """Returns the name of a node in the change, which must be that of no node of the canvas or the diagram."""
    while canvas.find(name) is not None:
        name += "'"
    return name


def _addition(declared: Declared, ref: str, wish: Wish, *, warnings: list[str], faults: Faults) -> Addition | None:
    label = read_label(declared.label)
    words = {SHORT_TYPES.get(kind.word, kind.word) for kind in BLOCKS.values()}
    text, word = label.text, label.word
    if word not in words:
        text, word = declared.label, "image"
        warnings.append(
            f"line {declared.line}: the label of {declared.name!r} does not end with a type; it is taken as an image. "
            f"End it with one of {', '.join(f'({each.capitalize()})' for each in DRAWN_TYPES)}."
        )
    if word not in DRAWN_TYPES:
        message = f"line {declared.line}: a diagram adds no node of type {word!r}; use {', '.join(DRAWN_TYPES)}."
        faults.add(FIELD, "unknown_type", message)
        return None
    origin = Origin(path=f"node_params.{declared.name}")
    if wish.content_url is not None and text and wish.prompt is None:
        warnings.append(
            f"line {declared.line}: {declared.name!r} shows media, so its label is no prompt; a label of the type "
            "alone says so."
        )
    params = {
        **(wish.model_parameters or {}),
        **{
            name: value
            for name, value in (("aspect_ratio", wish.aspect_ratio), ("resolution", wish.resolution))
            if value is not None
        },
    }
    prompt = wish.prompt
    if prompt is None and wish.content_url is None:
        prompt = text or None
    return Addition(
        origin=origin,
        ref=ref,
        type=word,
        label=text or None,
        prompt=prompt,
        model=wish.model,
        params=params or None,
        content_url=wish.content_url,
        params_name="model_parameters",
    )

"""Reads a definition: checked whole, what the studio understands taken, and the rest kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from flora_mcp.studio.canvas.canvas import MOST_EDGES, MOST_NODES, Canvas, Edge, Node, cycle
from flora_mcp.studio.canvas.definition import SHOWN, DefinedNode, Definition, Object
from flora_mcp.studio.canvas.faults import Faults
from flora_mcp.studio.canvas.kinds import BLOCKS
from flora_mcp.studio.canvas.operations import Media
from flora_mcp.studio.canvas.placement import place
from flora_mcp.studio.renderers.rendering import JSON


def read(
    definition: Definition,
    *,
    before: Canvas,
    short_ids: Callable[[int], Sequence[str]],
    resolve: Callable[[str], Media | None],
    faults: Faults,
) -> Canvas:
    """Returns the canvas that a definition describes; what is wrong with it goes to `faults`.

    Args:
        definition: What was sent.
        before: The canvas that it replaces; a node that stays keeps its short id and its last run.
        short_ids: Returns so many new short ids.
        resolve: Returns the media behind an address of this studio.
        faults: Takes what is wrong.
    """
    _check(definition, faults)
    if faults.fields:
        return before
    fresh = [node.id for node in definition.nodes if node.id not in before.nodes]
    ids = dict(zip(fresh, short_ids(len(fresh)), strict=True))
    nodes: dict[str, Node] = {}
    for defined in definition.nodes:
        former = before.nodes.get(defined.id)
        node = _read_node(defined, definition, short_id=former.short_id if former else ids[defined.id])
        shown = definition.outputs.get(defined.id, {})
        nodes[defined.id] = _with_output(node, shown, before=before, resolve=resolve)
        if former is not None:
            nodes[defined.id] = replace(nodes[defined.id], last_run_id=former.last_run_id)
    edges = [
        Edge(
            edge_id=edge.id,
            source_id=edge.source,
            target_id=edge.target,
            source_handle=edge.source_handle,
            target_handle=edge.target_handle,
            extra=edge.extra or None,
        )
        for edge in definition.edges
    ]
    unplaced = {node.id for node in definition.nodes if node.position is None}
    return Canvas(nodes=place(nodes, edges, unplaced=unplaced) if unplaced else nodes, edges=tuple(edges))


def _check(definition: Definition, faults: Faults) -> None:
    seen: set[str] = set()
    for number, node in enumerate(definition.nodes):
        path = f"definition.nodes[{number}]"
        if node.id in seen:
            faults.add(f"{path}.id", "duplicate_id", f"{node.id[:80]!r} is the id of another node; use each once.")
        if node.type not in BLOCKS:
            faults.add(f"{path}.type", "unknown_type", f"{node.type[:80]!r} is none of {', '.join(BLOCKS)}.")
        seen.add(node.id)
    _check_parents(definition, faults)
    edge_ids: set[str] = set()
    for number, edge in enumerate(definition.edges):
        path = f"definition.edges[{number}]"
        if edge.id in edge_ids:
            faults.add(f"{path}.id", "duplicate_id", f"{edge.id[:80]!r} is the id of another edge; use each once.")
        edge_ids.add(edge.id)
        for name, end in (("source", edge.source), ("target", edge.target)):
            if end not in seen:
                faults.add(f"{path}.{name}", "unknown_node", f"{end[:80]!r} is no node of this definition.")
        if edge.source == edge.target:
            faults.add(path, "self_edge", f"{edge.source[:80]!r} cannot be its own input.")
    circle = cycle((edge.source, edge.target) for edge in definition.edges if edge.source != edge.target)
    if circle:
        text = f"The edges between {', '.join(sorted(circle)[:10])} lead back to where they began."
        faults.add("definition.edges", "cycle", text)
    for name, keys in (
        ("node_inputs", definition.inputs),
        ("node_outputs", definition.outputs),
        ("layer_editor_documents", definition.documents),
    ):
        for key in keys.keys() - seen:
            faults.add(f"definition.{name}.{key[:80]}", "unknown_node", f"{key[:80]!r} is no node of this definition.")
    for count, most, what in (
        (len(definition.nodes), MOST_NODES, "nodes"),
        (len(definition.edges), MOST_EDGES, "edges"),
    ):
        if count > most:
            faults.add(f"definition.{what}", "too_many", f"There are {count} {what}; a canvas takes {most}.")


def _check_parents(definition: Definition, faults: Faults) -> None:
    by_id = {node.id: node for node in definition.nodes}
    circle = cycle((node.id, node.parent_id) for node in definition.nodes if node.parent_id is not None)
    for number, node in enumerate(definition.nodes):
        field = f"definition.nodes[{number}].parent_id"
        if node.parent_id is None:
            continue
        parent = by_id.get(node.parent_id)
        if parent is None:
            faults.add(field, "unknown_node", f"{node.parent_id[:80]!r} is no node of this definition.")
        elif parent.type != "group":
            faults.add(field, "not_a_group", f"{node.parent_id[:80]!r} is of type {parent.type[:80]!r}; name a group.")
        elif node.id in circle:
            faults.add(field, "group_cycle", f"{node.id[:80]!r} would be inside itself.")


def _read_node(defined: DefinedNode, definition: Definition, *, short_id: str) -> Node:
    """Takes what the studio understands; the rest is kept beside it."""
    kind = BLOCKS[defined.type]
    data, inputs = dict(defined.data), dict(definition.inputs.get(defined.id, {}))
    taken: dict[str, str | None] = {
        "label": _taken(data, "label"),
        "prompt": _taken(inputs, "prompt"),
        "model_id": _taken(inputs, "model"),
        "action_id": _taken(inputs, "action_id"),
    }
    params = inputs.get("params")
    params = inputs.pop("params") if isinstance(params, dict) and params else None
    kept: dict[str, JSON] = {
        "data": data,
        "inputs": inputs,
        "look": dict(defined.looks),
        "document": dict(definition.documents.get(defined.id, {})),
    }
    x, y = defined.position or (0.0, 0.0)
    return Node(
        node_id=defined.id,
        short_id=short_id,
        block=defined.type,
        type=kind.media or kind.word,
        params=params if isinstance(params, dict) else None,
        x=x,
        y=y,
        width=defined.width,
        height=defined.height,
        parent_id=defined.parent_id,
        extra={name: value for name, value in kept.items() if value} or None,
        **taken,
    )


def _taken(found: dict[str, JSON], name: str) -> str | None:
    """Takes a text out of an object; what is no text stays there."""
    value = found.get(name)
    if not isinstance(value, str):
        return None
    del found[name]
    return value


def _with_output(node: Node, shown: Object, *, before: Canvas, resolve: Callable[[str], Media | None]) -> Node:
    """Lets a node show what its definition says it does: media of this studio, or its own text."""
    url, text = shown.get("url"), shown.get("text")
    rest: dict[str, JSON] = {name: value for name, value in shown.items() if name not in SHOWN}
    media = resolve(url) if isinstance(url, str) else None
    if media is None and isinstance(text, str):
        named = shown.get("run_id"), shown.get("output_id")
        # A text has no address, so only one that this canvas showed before is known again.
        known = any((each.run_id, each.output_id) == named for each in before.nodes.values() if each.run_id is not None)
        if known:
            media = Media(type="text", run_id=str(named[0]), output_id=str(named[1]))
        elif "url" not in shown:
            rest.update({name: shown[name] for name in ("run_id", "output_id", "asset_id") if name in shown})
            node = replace(node, content=text)
            return _with_extra(node, "outputs", rest)
    if media is None:
        return _with_extra(node, "outputs", dict(shown))
    kind = node.type if node.kind.word != "action" else media.type
    node = replace(node, type=kind, run_id=media.run_id, output_id=media.output_id, asset_id=media.asset_id)
    return _with_extra(node, "outputs", rest)


def _with_extra(node: Node, name: str, value: dict[str, JSON]) -> Node:
    return replace(node, extra={**(node.extra or {}), name: value}) if value else node

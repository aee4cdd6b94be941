"""Places the nodes of a canvas that have no place yet, and makes groups large enough for them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flora_mcp.studio.canvas.canvas import Edge, Node, cycle
from flora_mcp.studio.canvas.layout import Box, arrange
from flora_mcp.studio.canvas.sizes import GAP


def place(nodes: Mapping[str, Node], edges: Sequence[Edge], *, unplaced: set[str]) -> dict[str, Node]:
    """Returns all nodes, those in `unplaced` below the others of their group, or of the canvas.

    A group that gets members, or has no size, grows around them; what lies beside it is not moved.
    """
    found = dict(nodes)
    inside: dict[str | None, list[str]] = {None: []}
    for name, node in nodes.items():
        inside.setdefault(node.parent_id, []).append(name)
    # Inner groups first, as how large they are decides where they go.
    for parent_id in sorted(inside, key=lambda name: _depth(nodes, name), reverse=True):
        _place_inside(found, edges, inside[parent_id], parent_id=parent_id, unplaced=unplaced)
    return found


def _place_inside(
    found: dict[str, Node], edges: Sequence[Edge], names: Sequence[str], *, parent_id: str | None, unplaced: set[str]
) -> None:
    free = [found[name] for name in names if name in unplaced]
    fixed = [found[name] for name in names if name not in unplaced]
    margin = 0.0 if parent_id is None else GAP
    left = min((node.x for node in fixed), default=margin)
    top = max((node.y + node.size[1] + GAP for node in fixed), default=margin)
    pairs = _lifted(found, edges, set(names)) if len(free) > 1 else []
    boxes = [Box(name=node.node_id, width=node.size[0], height=node.size[1]) for node in free]
    for name, (x, y) in arrange(boxes, pairs).items():
        found[name] = replace(found[name], x=left + x, y=top + y)
    if parent_id is None:
        return
    group = found[parent_id]
    if free or group.width is None or group.height is None:
        ends = [(found[name].x + found[name].size[0], found[name].y + found[name].size[1]) for name in names]
        width = max(group.width or 0.0, max(end[0] for end in ends) + GAP)
        height = max(group.height or 0.0, max(end[1] for end in ends) + GAP)
        found[parent_id] = replace(group, width=width, height=height)


def _lifted(found: Mapping[str, Node], edges: Sequence[Edge], names: set[str]) -> list[tuple[str, str]]:
    """Returns the edges as seen among siblings: what ends inside a group ends at the group."""
    pairs = []
    for edge in edges:
        source, target = (_among(found, end, names) for end in (edge.source_id, edge.target_id))
        if source is not None and target is not None and source != target:
            pairs.append((source, target))
    # Groups can be on a circle although none of their members is.
    circle = cycle(pairs)
    return [pair for pair in pairs if not circle.issuperset(pair)]


def _among(found: Mapping[str, Node], name: str | None, names: set[str]) -> str | None:
    while name is not None and name not in names:
        name = found[name].parent_id
    return name


def _depth(nodes: Mapping[str, Node], name: str | None) -> int:
    depth = 0
    while name is not None:
        depth, name = depth + 1, nodes[name].parent_id
    return depth

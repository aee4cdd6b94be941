"""Nodes and edges as values: a change makes a new canvas, and what differs is what is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flora_mcp.studio.canvas.kinds import BLOCKS, Kind
from flora_mcp.studio.canvas.sizes import NODE_HEIGHT, NODE_WIDTH
from flora_mcp.studio.renderers.rendering import JSON

MOST_NODES = 2000
"""On one canvas, before a changeset, a diagram or a definition is refused (choice)."""

MOST_EDGES = 5000

LABEL_CHARACTERS = 60
"""How much of a prompt names a node that has no label."""


@dataclass(frozen=True, kw_only=True)
class Node:
    """One node; `x` and `y` count from its parent, as definitions do (sdk)."""

    node_id: str
    short_id: str
    block: str
    type: str
    label: str | None = None
    prompt: str | None = None
    model_id: str | None = None
    action_id: str | None = None
    params: Mapping[str, JSON] | None = None
    content: str | None = None
    x: float = 0.0
    y: float = 0.0
    width: float | None = None
    height: float | None = None
    parent_id: str | None = None
    run_id: str | None = None
    output_id: str | None = None
    asset_id: str | None = None
    last_run_id: str | None = None
    extra: Mapping[str, JSON] | None = None

    @property
    def kind(self) -> Kind:
        return BLOCKS[self.block]

    @property
    def media(self) -> str | None:
        """What edges carry from here: `image`, `video`, `audio` or `text`; None when it is not known."""
        return self.type if self.kind.word == "action" else self.kind.media

    @property
    def size(self) -> tuple[float, float]:
        return self.width or NODE_WIDTH, self.height or NODE_HEIGHT

    @property
    def title(self) -> str:
        """What people and diagrams call it."""
        if self.label:
            return self.label
        prompt = " ".join((self.prompt or "").split())
        if len(prompt) > LABEL_CHARACTERS:
            prompt = f"{prompt[: LABEL_CHARACTERS - 1]}…"
        return prompt or self.kind.word.replace("_", " ").capitalize()

    @property
    def locked(self) -> bool:
        """Whether its definition says so; where is a choice."""
        data = (self.extra or {}).get("data")
        return isinstance(data, dict) and data.get("locked") is True


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One connection; the target's handle is the slot that it ends in."""

    edge_id: str
    source_id: str
    target_id: str
    source_handle: str | None = None
    target_handle: str | None = None
    extra: Mapping[str, JSON] | None = None


@dataclass(frozen=True, kw_only=True)
class Canvas:
    """All nodes of a project by their id, and all edges, both in the order in which they came."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    edges: Sequence[Edge] = ()

    def find(self, name: str) -> Node | None:
        """Returns the node with a UUID or a short id."""
        if name in self.nodes:
            return self.nodes[name]
        return next((node for node in self.nodes.values() if node.short_id == name), None)

    def summary(self) -> dict[str, JSON]:
        """Returns the five counts of a canvas. A workflow is a part that edges hold together (choice)."""
        connected = {name for edge in self.edges for name in (edge.source_id, edge.target_id)}
        alone = [node for node in self.nodes.values() if node.node_id not in connected and node.block != "group"]
        return {
            "node_count": len(self.nodes),
            "edge_count": len(self.edges),
            "group_count": sum(node.block == "group" for node in self.nodes.values()),
            "isolated_node_count": len(alone),
            "workflow_count": _parts(self.edges),
        }


def offset(nodes: Mapping[str, Node], parent_id: str | None) -> tuple[float, float]:
    """Returns where the inside of a group begins on the canvas."""
    x = y = 0.0
    while parent_id is not None:
        parent = nodes[parent_id]
        x, y, parent_id = x + parent.x, y + parent.y, parent.parent_id
    return x, y


def members(nodes: Mapping[str, Node], group_id: str) -> set[str]:
    """Returns all that is in a group, at any depth."""
    found: set[str] = set()
    waiting = [group_id]
    while waiting:
        parent = waiting.pop()
        inside = [name for name, node in nodes.items() if node.parent_id == parent and name not in found]
        found.update(inside)
        waiting.extend(inside)
    return found


def cycle(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Returns the ids that lie on a circle of edges, or between two circles; none when there is an order."""
    after: dict[str, set[str]] = {}
    for source, target in pairs:
        after.setdefault(source, set()).add(target)
        after.setdefault(target, set())
    # What nothing leads to is on no circle, nor is what leads to nothing.
    for _ in range(2):
        after = _reversed(_without_beginnings(after))
    return set(after)


def _without_beginnings(after: dict[str, set[str]]) -> dict[str, set[str]]:
    count = dict.fromkeys(after, 0)
    for targets in after.values():
        for target in targets:
            count[target] += 1
    ready = [name for name, number in count.items() if number == 0]
    left = dict(after)
    while ready:
        for target in left.pop(ready.pop()):
            count[target] -= 1
            if count[target] == 0:
                ready.append(target)
    return left


def _reversed(after: dict[str, set[str]]) -> dict[str, set[str]]:
    before: dict[str, set[str]] = {name: set() for name in after}
    for source, targets in after.items():
        for target in targets & before.keys():
            before[target].add(source)
    return before


def _parts(edges: Sequence[Edge]) -> int:
    leader: dict[str, str] = {}

    def top(name: str) -> str:
        while (above := leader.setdefault(name, name)) != name:
            leader[name] = leader[above]
            name = above
        return name

    for edge in edges:
        leader[top(edge.source_id)] = top(edge.target_id)
    return sum(top(name) == name for name in list(leader))

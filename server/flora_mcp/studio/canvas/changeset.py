"""Applies a change to a canvas: all of it, or nothing and every cause."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flora_mcp.studio.canvas import additions, wiring
from flora_mcp.studio.canvas.canvas import MOST_EDGES, MOST_NODES, Canvas, Edge, Node, members, offset
from flora_mcp.studio.canvas.faults import Faults
from flora_mcp.studio.canvas.offer import Offer
from flora_mcp.studio.canvas.operations import Changes, Connection, Media, Removal, Update
from flora_mcp.studio.canvas.placement import place as place_nodes
from flora_mcp.studio.canvas.updates import updated


@dataclass(frozen=True, kw_only=True)
class Supply:
    """What a change works with.

    Attributes:
        offer: Which models and actions there are.
        short_ids: One for each addition.
        new_id: Makes ids of nodes and edges.
        media: What stands behind the `content_url` of each ref.
    """

    offer: Offer
    short_ids: list[str]
    new_id: Callable[[], str]
    media: Mapping[str, Media] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Applied:
    """A canvas after a change, and what became of the change."""

    canvas: Canvas
    created: Mapping[str, Node]
    edges: tuple[Edge, ...]
    counts: Mapping[str, int]
    warnings: tuple[str, ...]


def apply(canvas: Canvas, changes: Changes, *, supply: Supply, faults: Faults) -> Applied:
    """Returns the changed canvas; what is wrong goes to `faults`, and then the result means nothing."""
    draft = _Draft(canvas, supply, faults)
    draft.unknown_is_told = changes.unreadable
    draft.add(changes)
    for number, update in enumerate(changes.update):
        draft.update(update, again=any(draft.same(update.id, each.id) for each in changes.update[:number]))
    for connection in changes.connect:
        draft.connect(connection)
    for connection in changes.disconnect:
        draft.disconnect(connection)
    for removal in changes.remove:
        draft.remove(removal)
    return draft.finish()


class _Draft:
    """A canvas while it is changed, operation by operation."""

    def __init__(self, canvas: Canvas, supply: Supply, faults: Faults) -> None:
        self._before = canvas
        self._supply = supply
        self._faults = faults
        self._nodes = dict(canvas.nodes)
        self._edges = list(canvas.edges)
        self._arriving: dict[str, list[Edge]] = {}
        self._after: dict[str, list[str]] = {}
        for edge in canvas.edges:
            self._index(edge)
        self._made: list[Edge] = []
        self._created: dict[str, Node] = {}
        self._broken: set[str] = set()
        self._unplaced: set[str] = set()
        self._warnings: list[str] = []
        self._counts = dict.fromkeys(("added", "updated", "connected", "disconnected", "removed"), 0)
        self._by_short_id = {node.short_id: name for name, node in canvas.nodes.items()}
        self.unknown_is_told: frozenset[str] = frozenset()

    def same(self, one: str, other: str) -> bool:
        """Whether two names mean one node."""
        return self._by_short_id.get(one, one) == self._by_short_id.get(other, other)

    def add(self, changes: Changes) -> None:
        """Makes all new nodes, then puts them into their groups."""
        faults = self._faults
        for addition, short_id in zip(changes.add, self._supply.short_ids, strict=True):
            known = len(faults.fields)
            taken = addition.ref in self._created or self._live(addition.ref)
            if addition.ref in self._created:
                text = f"{addition.ref[:80]!r} is the ref of another addition; use each once."
                faults.add(addition.origin.field("ref"), "duplicate_ref", addition.origin.text(text))
            elif taken:
                text = f"{addition.ref[:80]!r} is a node of the canvas; use another ref."
                faults.add(addition.origin.field("ref"), "ref_collides", addition.origin.text(text))
            made = additions.Identity(node_id=self._supply.new_id(), short_id=short_id)
            media = self._supply.media.get(addition.ref)
            node = additions.node_of(addition, made, offer=self._supply.offer, media=media, faults=faults)
            if taken:
                continue
            self._created[addition.ref] = self._nodes[node.node_id] = node
            if addition.position is None:
                self._unplaced.add(node.node_id)
            if len(faults.fields) > known:
                self._broken.add(node.node_id)
        self._counts["added"] = len(self._created)
        grouped = additions.grouped(changes.add, self._created, find=self._find, faults=faults)
        additions.settle(self._nodes, grouped, unplaced=self._unplaced)

    def update(self, update: Update, *, again: bool) -> None:
        node = self._found(update.id, update.origin.field("id"), update.origin.text)
        if node is None:
            return
        if again:
            self._faults.add(
                update.origin.field("id"), "duplicate_update", f"{update.id!r} is updated twice; use one for each node."
            )
            return
        place = None
        if update.position is not None:
            left, top = offset(self._nodes, node.parent_id)
            place = update.position[0] - left, update.position[1] - top
        changed = updated(
            node, update, place=place, offer=self._supply.offer, faults=self._faults, warnings=self._warnings
        )
        if changed == node:
            self._warnings.append(f"{update.origin.path}: node {update.id!r} is so already; nothing was changed.")
            return
        self._nodes[node.node_id] = changed
        self._counts["updated"] += 1

    def connect(self, wanted: Connection) -> None:
        origin = wanted.origin
        source = self._found(wanted.source, origin.field("from"), origin.text)
        target = self._found(wanted.target, origin.field("to"), origin.text)
        if source is None or target is None or self._broken & {source.node_id, target.node_id}:
            return
        pair = source.node_id, target.node_id
        arriving = self._arriving.get(target.node_id, [])
        if any(edge.source_id == source.node_id for edge in arriving):
            self._warnings.append(
                f"{origin.text(origin.path)}: {wanted.source!r} and {wanted.target!r} are connected already."
            )
            return
        try:
            slot = wiring.slot_of(
                wiring.Ends(source=source, target=target, wanted=wanted.slot, arriving=arriving), self._supply.offer
            )
        except wiring.UnfitError as exc:
            name = "in" if exc.code in {"unknown_slot", "slot_mismatch", "slot_full"} else "to"
            name = "from" if exc.code == "not_connectable" and not source.kind.gives else name
            self._faults.add(origin.field(name), exc.code, origin.text(str(exc)))
            return
        if wiring.leads(self._after, start=target.node_id, end=source.node_id):
            text = f"Edges lead from {wanted.target!r} to {wanted.source!r} already; nothing could run first."
            self._faults.add(origin.path, "cycle", origin.text(text))
            return
        edge = Edge(edge_id=self._supply.new_id(), source_id=pair[0], target_id=pair[1], target_handle=slot)
        self._index(edge)
        self._edges.append(edge)
        self._made.append(edge)
        self._counts["connected"] += 1

    def disconnect(self, wanted: Connection) -> None:
        origin = wanted.origin
        source = self._found(wanted.source, origin.field("from"), origin.text)
        target = self._found(wanted.target, origin.field("to"), origin.text)
        if source is None or target is None:
            return
        cut = {
            edge.edge_id
            for edge in self._edges
            if (edge.source_id, edge.target_id) == (source.node_id, target.node_id)
            and wanted.slot in (None, edge.target_handle)
        }
        if not cut:
            slot = "" if wanted.slot is None else f" that ends in {wanted.slot[:80]!r}"
            text = f"There is no edge from {wanted.source!r} to {wanted.target!r}{slot}."
            self._faults.add(origin.path, "unknown_edge", text)
        self._edges = [edge for edge in self._edges if edge.edge_id not in cut]
        self._counts["disconnected"] += len(cut)

    def remove(self, removal: Removal) -> None:
        node = self._before.find(removal.id)
        if node is not None and node.node_id not in self._nodes:
            self._warnings.append(f"{removal.origin.path}: {removal.id!r} went with its group already.")
            return
        node = self._found(removal.id, removal.origin.field("id"), removal.origin.text)
        if node is None:
            return
        gone = {node.node_id} | members(self._nodes, node.node_id)
        self._nodes = {name: each for name, each in self._nodes.items() if name not in gone}
        self._edges = [edge for edge in self._edges if not gone & {edge.source_id, edge.target_id}]
        self._counts["removed"] += len(gone)

    def finish(self) -> Applied:
        for count, most, what in (
            (len(self._nodes), MOST_NODES, "nodes"),
            (len(self._edges), MOST_EDGES, "edges"),
        ):
            if count > most and self._counts["added"] + self._counts["connected"]:
                text = f"The canvas would have {count} {what}; it takes {most}. Use another project."
                self._faults.add("add" if what == "nodes" else "connect", "too_many", text)
        nodes, left = self._nodes, {edge.edge_id for edge in self._edges}
        if not self._faults.fields:
            nodes = place_nodes(nodes, self._edges, unplaced=self._unplaced & nodes.keys())
        return Applied(
            canvas=Canvas(nodes=nodes, edges=tuple(self._edges)),
            created={ref: nodes.get(node.node_id, node) for ref, node in self._created.items()},
            edges=tuple(edge for edge in self._made if edge.edge_id in left),
            counts=self._counts,
            warnings=tuple(self._warnings),
        )

    def _index(self, edge: Edge) -> None:
        """Notes an edge for those that are connected later; nothing is cut before the last of them is."""
        self._arriving.setdefault(edge.target_id, []).append(edge)
        self._after.setdefault(edge.source_id, []).append(edge.target_id)

    def _live(self, name: str) -> bool:
        """Whether a name is that of a node which was there before."""
        return name in self._before.nodes or name in self._by_short_id

    def _find(self, name: str) -> Node | None:
        if name in self._created:
            return self._nodes.get(self._created[name].node_id)
        return self._nodes.get(self._by_short_id.get(name, name))

    def _found(self, name: str, field: str, text: Callable[[str], str]) -> Node | None:
        """Returns a node by its ref, short id or UUID; when there is none, that is a fault."""
        node = self._find(name)
        if node is None and name not in self.unknown_is_told:
            known = [*itertools.islice(self._created, 10), *itertools.islice(self._by_short_id, 10)]
            there = f"there are {', '.join(known)}" if known else "the canvas is empty"
            self._faults.add(field, "unknown_node", text(f"{name[:80]!r} is no node here; {there}."))
        return node

"""Which edges there may be, and in which slot each ends."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flora_mcp.studio.canvas.canvas import Edge, Node
from flora_mcp.studio.canvas.offer import Offer
from flora_mcp.studio.catalog import Action, Slot

MEDIA_WORDS = ("image", "video", "audio", "text")

GATE = "enabled"
"""The slot that switches a node on and off (sdk); it is kept, and no run of this studio reads it (choice)."""


class UnfitError(Exception):
    """Two nodes that cannot be connected so; `code` is one of `faults.CODES`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Ends:
    """An edge that is wanted, and those that end at its target already."""

    source: Node
    target: Node
    wanted: str | None
    arriving: Sequence[Edge]


def slot_of(ends: Ends, offer: Offer) -> str | None:
    """Returns the slot that an edge ends in; None where the target names none.

    Raises:
        UnfitError: There is no such slot, or it takes something else, or no more.
    """
    source, target, wanted = ends.source, ends.target, ends.wanted
    if source.node_id == target.node_id:
        raise UnfitError("self_edge", f"{target.short_id!r} cannot be its own input.")
    if not source.kind.gives:
        raise UnfitError("not_connectable", f"A node of type {source.kind.word!r} gives nothing; begin elsewhere.")
    if not target.kind.takes:
        raise UnfitError(
            "not_connectable", f"A node of type {target.kind.word!r} takes nothing; end at one that generates."
        )
    if wanted == GATE:
        return wanted
    action = offer.action(target.action_id) if target.kind.word == "action" else None
    if action is not None:
        return _action_slot(ends, action)
    if not target.kind.generates:
        return wanted or source.media
    if wanted is not None and wanted not in MEDIA_WORDS:
        accepted = ", ".join((*MEDIA_WORDS, GATE))
        raise UnfitError(
            "unknown_slot", f"{wanted[:80]!r} is no input of a {target.kind.word} node; use one of {accepted}."
        )
    if wanted is not None and source.media not in (None, wanted):
        raise UnfitError(
            "slot_mismatch", f"The source gives {source.media}, not {wanted}; leave 'in' out or use {source.media!r}."
        )
    return wanted or source.media


def _action_slot(ends: Ends, action: Action) -> str:
    taken = Counter(edge.target_handle for edge in ends.arriving)
    wanted, media = ends.wanted, ends.source.media
    named = [slot for slot in action.inputs if slot.name == wanted]
    if not named and wanted is not None and wanted not in MEDIA_WORDS:
        raise UnfitError(
            "unknown_slot", f"{wanted[:80]!r} is no input of {action.action_id}; it takes {_told(action.inputs)}."
        )
    kind = media if named or wanted is None else wanted
    fitting = [slot for slot in named or action.inputs if kind in (None, slot.type)]
    if not fitting or (media is not None and kind != media):
        given = "something unknown" if media is None else media
        raise UnfitError("slot_mismatch", f"The source gives {given}; {action.action_id} takes {_told(action.inputs)}.")
    for slot in fitting:
        if taken[slot.name] < slot.most:
            return slot.name
    raise UnfitError(
        "slot_full", f"{', '.join(repr(slot.name) for slot in fitting)} of {action.action_id} takes no further edge."
    )


def leads(after: Mapping[str, Iterable[str]], *, start: str, end: str) -> bool:
    """Whether edges lead from one node to another; `after` holds the targets of each source."""
    seen, waiting = {start}, [start]
    while waiting:
        name = waiting.pop()
        if name == end:
            return True
        fresh = [target for target in after.get(name, ()) if target not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return False


def _told(slots: Sequence[Slot]) -> str:
    return ", ".join(f"{slot.type} {slot.name!r}" for slot in slots)

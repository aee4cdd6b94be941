"""Settings that one picture can show together, because what lies behind the one is the other."""

from typing import NamedTuple

from flora_mcp.studio.renderers.scene.graph import Setting
from flora_mcp.studio.renderers.scene.language.request import Request


class Vista(NamedTuple):
    """A setting, and the others that are seen from it."""

    setting: Setting
    beyond: frozenset[Setting] = frozenset()


_SEEN_FROM: dict[Setting, frozenset[Setting]] = {
    "lake": frozenset({"mountains", "forest"}),
    "beach": frozenset({"ocean"}),
    "mountains": frozenset({"field"}),
    "snow": frozenset({"forest"}),
}
"""What the far shore of a lake, the sea of a beach, the foot of mountains and open snow show anyway."""
_SEEN_ALONE: dict[Setting, frozenset[Setting]] = {
    "mountains": frozenset({"field", "snow"}),
    "city": frozenset({"lake", "ocean"}),
}
"""The same without things: then only the peaks need snow, and a city is seen across its water."""


def vista(request: Request, named: list[Setting]) -> Vista:
    """Returns the setting, among those the prompt names outdoors, that shows most of them; the first wins a tie."""
    if request.wishes and request.camera & {"top", "high"}:
        return Vista(named[0])
    best = Vista(named[0])
    for setting in named:
        # What floats needs the water under it, whatever the shore would show.
        if setting == "beach" and named[0] == "ocean" and any(wish.noun.home == "water" for wish in request.wishes):
            continue
        seen = _SEEN_FROM.get(setting, frozenset())
        if not request.wishes:
            seen = _SEEN_ALONE.get(setting, seen)
        beyond = frozenset(other for other in named if other in seen)
        # Of three settings the first must be among those that are shown.
        if named[0] in (setting, *beyond) and len(beyond) > len(best.beyond):
            best = Vista(setting, beyond)
    return best

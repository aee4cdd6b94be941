"""What bodies keep from a place: light on its way, and the open sky."""

import itertools
from dataclasses import dataclass

import numpy as np

from flora_mcp.studio.renderers.scene.bodies import Body
from flora_mcp.studio.renderers.scene.kin import Crowd, Lines, Numbers, within
from flora_mcp.studio.renderers.scene.marching import Stretch
from flora_mcp.studio.renderers.scene.sdf import Floats

_STEPS = 26
_FEW, _FEW_LATE = 200, 40
"""One of so many points may be measured not quite to the end; of those measured for long, more."""
_LATE = 12
"""Steps that are long."""
_CLEAR_SHADE = 0.42
"""How much of the light clear bodies hold back at most."""
_TAPS = ((0.035, 0.30), (0.11, 0.34), (0.24, 0.30), (0.42, 0.24))
"""How far out along the normal the sky is probed, in sizes of the body, and how much each probe counts."""


@dataclass(frozen=True, kw_only=True)
class Beam:
    """Light on its way to many points."""

    towards: Floats
    """Unit vectors to the light, (3, 1) or (3, N)."""
    hardness: float
    """Distance to the light over its radius; 6 is a window, 60 the sun."""
    reach: Floats | None = None
    """Distance to the light, (N,); None is endless."""
    source: Floats | None = None
    """Where a light with a `reach` is, (3, 1)."""


def shade(crowd: Crowd, points: Floats, beam: Beam, *, contact: bool = False) -> Floats:
    """Returns the share of a light's rays that arrive at points, 0 to 1, with a penumbra.

    Points lie a little above their surface; with `contact`, bodies stand on that surface, so that the first
    millimetres matter and are measured exactly.
    """
    open_share = np.ones(points.shape[1], dtype=np.float32)
    lines = Lines(points, beam.towards, length=beam.reach, end=beam.source)
    for kin in crowd.kins:
        shape = kin.body.shape
        margin = min(1.5 / beam.hardness, 0.35) * max(shape.height, shape.width, shape.depth)
        at, member = lines.near(kin.middle, kin.radius + kin.scale * np.float32(1.74 * margin))
        # What is in the dark already needs no second shadow.
        lit = open_share[at] > np.float32(0.01)
        at, member = at[lit], member[lit]
        if not at.size:
            continue
        start = kin.inwards(points.take(at, axis=1), member)
        towards = beam.towards if beam.towards.shape[1] == 1 else beam.towards.take(at, axis=1)
        heading = kin.headings(towards, member)
        enter, leave = kin.body.crossing(start, heading, margin=margin)
        if beam.reach is not None:
            leave = np.minimum(leave, beam.reach[at] / kin.sizes(member))
        through = np.flatnonzero(enter < leave)
        if not through.size:
            continue
        stretch = Stretch(start=start, heading=heading, enter=enter, leave=leave).only(through)
        share = _penumbra(kin.body, stretch, hardness=beam.hardness, contact=contact)
        if kin.body.clear:
            share = 1.0 - (1.0 - share) * np.float32(_CLEAR_SHADE)
        _dim(open_share, at[through], member[through], share)
    return open_share


def _dim(total: Floats, at: Numbers, member: Numbers, share: Floats) -> None:
    """Multiplies shares into a total; a point comes once for each member, and members come in order."""
    borders = np.flatnonzero(np.diff(member)) + 1
    for first, last in itertools.pairwise((0, *borders.tolist(), member.size)):
        total[at[first:last]] *= share[first:last]


def _penumbra(body: Body, stretch: Stretch, *, hardness: float, contact: bool) -> Floats:
    size = min(body.shape.height, body.shape.width, body.shape.depth)
    least, most = np.float32(0.012 * size), np.float32(0.25 * size)
    measure = body.evenly if contact else body.roughly
    t = np.maximum(stretch.enter, least if contact else max(least, np.float32(body.blind)))
    result = np.ones(t.shape, dtype=np.float32)
    live, best, count = np.arange(t.size), result.copy(), t.size
    for step in range(_STEPS):
        gap = measure(stretch.start + stretch.heading * t)
        best = np.minimum(best, np.float32(hardness) * gap / t)
        t = t + np.minimum(np.maximum(gap, least), most)
        done = (best < -0.15) | (t > stretch.leave)
        if done.any():
            result[live[done]] = best[done]
            keep = (~done).nonzero()[0]
            live, t, best = live[keep], t[keep], best[keep]
            if live.size <= count // (_FEW if step < _LATE else _FEW_LATE):
                break
            stretch = stretch.only(keep)
    result[live] = best
    # From fully behind (-1) to fully in the open (1): the share of a round light that is seen.
    open_share = np.clip(result * 0.5 + 0.5, 0.0, 1.0) if hardness < 12 else np.clip(result, 0.0, 1.0)
    eased: Floats = open_share * open_share * (3.0 - 2.0 * open_share)
    return eased


def openness(crowd: Crowd, points: Floats, normal: Floats, *, floor: bool) -> Floats:
    """Returns how open the sky is around points, 0 to 1; with `floor`, the ground closes some of it too."""
    result = np.ones(points.shape[1], dtype=np.float32)
    for kin in crowd.kins:
        body = kin.body
        size = max(body.shape.height, 0.5 * (body.shape.width + body.shape.depth))
        reach = np.float32(0.45 * size)
        at, member = within(points, kin.middle, kin.radius + kin.scale * (reach * np.float32(1.74)))
        if not at.size:
            continue
        start = kin.inwards(points.take(at, axis=1), member)
        near = np.flatnonzero(np.all((start > body.low - reach) & (start < body.high + reach), axis=0))
        if not near.size:
            continue
        at, member = at[near], member[near]
        inside, heading = start.take(near, axis=1), kin.headings(normal.take(at, axis=1), member)
        closed = np.zeros(at.size, dtype=np.float32)
        for share, part in _TAPS:
            tap = np.float32(share * size)
            gap = np.maximum(body.roughly(inside + heading * tap), np.float32(0.0))
            closed += np.maximum(tap - gap, np.float32(0.0)) * np.float32(part / tap)
        weight = 0.5 if body.clear else 0.95
        _dim(result, at, member, np.clip(1.0 - closed * np.float32(weight), 0.05, 1.0))
    if floor:
        height = np.maximum(points[2], 0.0)
        down = np.maximum(-normal[2], 0.0)
        reach_up = 0.16 * max((b.shape.height * b.scale for b in crowd.bodies), default=1.0)
        result *= 1.0 - (0.30 + 0.45 * down) * np.exp(-height / np.float32(reach_up))
    return result

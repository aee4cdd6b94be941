"""Rays against bodies: what they meet first, how much light gets past, how closed in a point is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.bodies import Body
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import normalised

FAR = np.float32(1e9)

_STEPS = 56
_CONE_STEPS = 40
_SHADOW_STEPS = 26
_CLEAR_SHADE = 0.42
"""How much of the light clear bodies hold back at most."""


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What rays meet: the distance along each, and the number of the body or -1."""

    far: Floats
    body: NDArray[np.int16]


def meet(
    bodies: Sequence[Body],
    origin: Floats,
    direction: Floats,
    *,
    without: int = -1,
    within: float = 1e9,
    beyond: Floats | None = None,
    fineness: float = 0.0,
    rough: bool = False,
) -> Meeting:
    """Returns the first body on each ray.

    Args:
        bodies: What may be met.
        origin: Where rays start, (3, 1) or (3, N).
        direction: Unit, (3, N).
        without: Number of a body that is not there.
        within: Metres at which rays end.
        beyond: Metres before which rays are known to meet nothing, (N,).
        fineness: How exact meetings must be, as a share of the distance.
        rough: Whether the look of a mirror image is good enough.
    """
    count = direction.shape[1]
    far = np.full(count, FAR, dtype=np.float32)
    found = np.full(count, -1, dtype=np.int16)
    for number, body in enumerate(bodies):
        if number == without:
            continue
        start = body.inwards(origin)
        heading = body.turn.T @ direction
        enter, leave = body.crossing(start, heading)
        if beyond is not None:
            enter = np.maximum(enter, beyond * np.float32(1.0 / body.scale))
        at = np.flatnonzero((enter < leave) & (enter * body.scale < np.minimum(far, np.float32(within))))
        if not at.size:
            continue
        leave = np.minimum(leave, np.float32(within / body.scale))
        starts = start if start.shape[1] == 1 else start[:, at]
        t = march(body, starts, heading[:, at], enter[at], leave[at], fineness=fineness, rough=rough)
        world = t * np.float32(body.scale)
        nearer = (t < FAR) & (world < far[at])
        at = at[nearer]
        far[at] = world[nearer]
        found[at] = number
    return Meeting(far=far, body=found)


def approach(bodies: Sequence[Body], origin: Floats, direction: Floats, spread: float) -> Floats:
    """Returns how far cones go until they may touch a body, `FAR` where they pass all of them.

    Cones start at one point, (3, 1), and are `spread` metres wide at a distance of one. Rays within a cone meet
    nothing before that distance: what one cone learns, all its rays are spared.
    """
    nearest = np.full(direction.shape[1], FAR, dtype=np.float32)
    for body in bodies:
        start = body.inwards(origin)
        heading = body.turn.T @ direction
        middle = (body.low + body.high) * np.float32(0.5)
        beyond = float(np.linalg.norm(middle - start) + np.linalg.norm(body.high - middle))
        enter, leave = body.crossing(start, heading, margin=spread * beyond)
        at = np.flatnonzero(enter < leave)
        if not at.size:
            continue
        error = np.float32(0.0 if body.grid is None else 0.4 * body.grid.cell)
        t, leave, heading = enter[at], leave[at], heading[:, at]
        live = np.arange(at.size)
        reached = np.full(at.size, FAR, dtype=np.float32)
        for _ in range(_CONE_STEPS):
            gap = body.roughly(start + heading * t) - error - t * np.float32(spread)
            touching = gap <= np.float32(1e-3 * beyond * spread)
            past = t > leave
            reached[live[touching]] = t[touching]
            keep = np.flatnonzero(~(touching | past))
            live, t, leave = live[keep], t[keep] + gap[keep] * np.float32(1.0 / (1.0 + spread)), leave[keep]
            if not keep.size:
                break
            heading = heading[:, keep]
        reached[live] = t
        nearest[at] = np.minimum(nearest[at], reached * np.float32(body.scale))
    return nearest


def march(
    body: Body,
    origin: Floats,
    direction: Floats,
    enter: Floats,
    leave: Floats,
    *,
    inside: bool = False,
    fineness: float = 0.0,
    rough: bool = False,
) -> Floats:
    """Returns how far rays of the body's space go until its skin, `FAR` where they miss.

    `rough` looks intricate bodies up on their grid alone: good enough for what a mirror shows.
    """
    t = enter.astype(np.float32)
    result = np.full(t.shape, FAR, dtype=np.float32)
    live = np.arange(t.size)
    close = np.float32(0.0005 * body.shape.height)
    measure = body.distance
    if rough and body.grid is not None:
        close, measure = np.float32(0.4 * body.grid.cell), body.roughly
    start = np.broadcast_to(origin, direction.shape)
    for step in range(_STEPS):
        gap = measure(start + direction * t)
        if inside:
            gap = -gap
        limit = np.maximum(close, t * np.float32(fineness)) if fineness else close
        # Rays along a skin would take forever; what they miss by is along the ray, where no one sees it.
        touching = gap < limit * np.float32(1.0 if step < 14 else 2.0 if step < 28 else 4.0)
        t = t + gap
        done = touching | (t > leave)
        if done.any():
            result[live[touching]] = t[touching]
            keep = np.flatnonzero(~done)
            if not keep.size:
                break
            live, t, leave = live[keep], t[keep], leave[keep]
            start, direction = start[:, keep], direction[:, keep]
    return result


def normals(body: Body, local: Floats) -> Floats:
    """Returns the outward normals at points on a body's skin, in its own space."""
    reach = np.float32(0.006 * min(body.shape.height, body.shape.width, body.shape.depth))
    slope = np.zeros_like(local)
    for sx, sy, sz in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        corner = np.array([[sx], [sy], [sz]], dtype=np.float32)
        slope += corner * body.exactly(local + corner * reach)
    return normalised(slope)


def shade(
    bodies: Sequence[Body], points: Floats, towards: Floats, *, hardness: float, reach: Floats | None = None
) -> Floats:
    """Returns the share of a light's rays that arrive, 0 to 1, with a penumbra.

    Args:
        bodies: What may stand in the way.
        points: Where light is wanted, a little above the surface, (3, N).
        towards: Unit vectors to the light, (3, 1) or (3, N).
        hardness: Distance to the light over its radius; 6 is a window, 60 the sun.
        reach: Distance to the light; None is endless.
    """
    open_share = np.ones(points.shape[1], dtype=np.float32)
    for body in bodies:
        start = body.inwards(points)
        heading = np.broadcast_to(body.turn.T @ towards, start.shape)
        size = max(body.shape.height, body.shape.width, body.shape.depth)
        enter, leave = body.crossing(start, heading, margin=min(1.5 / hardness, 0.35) * size)
        if reach is not None:
            leave = np.minimum(leave, reach * np.float32(1.0 / body.scale))
        at = np.flatnonzero(enter < leave)
        if not at.size:
            continue
        share = _penumbra(body, start[:, at], heading[:, at], enter[at], leave[at], hardness)
        if body.clear:
            share = 1.0 - (1.0 - share) * np.float32(_CLEAR_SHADE)
        open_share[at] *= share
    return open_share


def _penumbra(body: Body, start: Floats, heading: Floats, enter: Floats, leave: Floats, hardness: float) -> Floats:
    size = min(body.shape.height, body.shape.width, body.shape.depth)
    least, most = np.float32(0.012 * size), np.float32(0.25 * size)
    result = np.ones(enter.shape, dtype=np.float32)
    live = np.arange(enter.size)
    best = result.copy()
    t = np.maximum(enter, max(least, np.float32(body.blind)))
    k = np.float32(hardness)
    for _ in range(_SHADOW_STEPS):
        gap = body.roughly(start + heading * t)
        best = np.minimum(best, k * gap / t)
        t = t + np.minimum(np.maximum(gap, least), most)
        done = (best < -0.15) | (t > leave)
        if done.any():
            result[live[done]] = best[done]
            keep = np.flatnonzero(~done)
            live, t, leave, best = live[keep], t[keep], leave[keep], best[keep]
            if not keep.size:
                break
            start, heading = start[:, keep], heading[:, keep]
    result[live] = best
    # From fully behind (-1) to fully in the open (1): the share of a round light that is seen.
    open_share = np.clip(result * 0.5 + 0.5, 0.0, 1.0) if hardness < 12 else np.clip(result, 0.0, 1.0)
    eased: Floats = open_share * open_share * (3.0 - 2.0 * open_share)
    return eased


def openness(bodies: Sequence[Body], points: Floats, normal: Floats, *, floor: bool) -> Floats:
    """Returns how open the sky is around points, 0 to 1, by a few taps along the normals."""
    result = np.ones(points.shape[1], dtype=np.float32)
    for body in bodies:
        size = max(body.shape.height, 0.5 * (body.shape.width + body.shape.depth))
        start = body.inwards(points)
        reach = np.float32(0.45 * size)
        near = np.all((start > body.low - reach) & (start < body.high + reach), axis=0)
        at = np.flatnonzero(near)
        if not at.size:
            continue
        inside, heading = start[:, at], body.turn.T @ normal[:, at]
        closed = np.zeros(at.size, dtype=np.float32)
        for share, part in ((0.035, 0.30), (0.11, 0.34), (0.24, 0.30), (0.42, 0.24)):
            tap = np.float32(share * size)
            gap = body.roughly(inside + heading * tap)
            closed += np.maximum(tap - np.maximum(gap, np.float32(0.0)), np.float32(0.0)) * np.float32(part / tap)
        weight = 0.5 if body.clear else 0.95
        result[at] *= np.clip(1.0 - closed * np.float32(weight), 0.05, 1.0)
    if floor:
        height = np.maximum(points[2], 0.0)
        down = np.maximum(-normal[2], 0.0)
        reach_up = 0.16 * max((b.shape.height * b.scale for b in bodies), default=1.0)
        result *= 1.0 - (0.30 + 0.45 * down) * np.exp(-height / np.float32(reach_up))
    return result

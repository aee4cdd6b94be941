"""Rays against bodies: what they meet first, and where."""

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


@dataclass(frozen=True, kw_only=True)
class Rays:
    """Rays in the world."""

    origin: Floats
    """(3, 1) or (3, N)."""
    direction: Floats
    """Unit, (3, N)."""
    beyond: Floats | None = None
    """Metres before which they are known to meet nothing, (N,)."""
    within: float = 1e9
    """Metres at which they end."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """The parts of rays that lie within a body's box, in the body's space."""

    start: Floats
    heading: Floats
    enter: Floats
    leave: Floats

    def only(self, at: NDArray[np.intp]) -> "Stretch":
        """Returns some of them."""
        start = self.start if self.start.shape[1] == 1 else self.start[:, at]
        return Stretch(start=start, heading=self.heading[:, at], enter=self.enter[at], leave=self.leave[at])


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What rays meet: the distance along each, and the number of the body or -1."""

    far: Floats
    body: NDArray[np.int16]


def meet(
    bodies: Sequence[Body], rays: Rays, *, without: int = -1, fineness: float = 0.0, rough: bool = False
) -> Meeting:
    """Returns the first body on each ray.

    Args:
        bodies: What may be met.
        rays: From where to where.
        without: Number of a body that is not there.
        fineness: How exact meetings must be, as a share of the distance.
        rough: Whether the look of a mirror image is good enough.
    """
    count = rays.direction.shape[1]
    far = np.full(count, FAR, dtype=np.float32)
    found = np.full(count, -1, dtype=np.int16)
    for number, body in enumerate(bodies):
        if number == without:
            continue
        start, heading = body.inwards(rays.origin), body.turn.T @ rays.direction
        enter, leave = body.crossing(start, heading)
        if rays.beyond is not None:
            enter = np.maximum(enter, rays.beyond * np.float32(1.0 / body.scale))
        at = np.flatnonzero((enter < leave) & (enter * body.scale < np.minimum(far, np.float32(rays.within))))
        if not at.size:
            continue
        leave = np.minimum(leave, np.float32(rays.within / body.scale))
        stretch = Stretch(start=start, heading=heading, enter=enter, leave=leave).only(at)
        t = march(body, stretch, fineness=fineness, rough=rough)
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
        start, heading = body.inwards(origin), body.turn.T @ direction
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
            reached[live[touching]] = t[touching]
            keep = np.flatnonzero(~(touching | (t > leave)))
            live, t, leave = live[keep], t[keep] + gap[keep] * np.float32(1.0 / (1.0 + spread)), leave[keep]
            if not keep.size:
                break
            heading = heading[:, keep]
        reached[live] = t
        nearest[at] = np.minimum(nearest[at], reached * np.float32(body.scale))
    return nearest


def march(body: Body, stretch: Stretch, *, inside: bool = False, fineness: float = 0.0, rough: bool = False) -> Floats:
    """Returns how far rays go until a body's skin, in its space; `FAR` where they miss.

    `rough` looks intricate bodies up on their grid alone: good enough for what a mirror shows.
    """
    t = stretch.enter.astype(np.float32)
    result = np.full(t.shape, FAR, dtype=np.float32)
    live = np.arange(t.size)
    close, measure = np.float32(0.0005 * body.shape.height), body.distance
    if rough and body.grid is not None:
        close, measure = np.float32(0.4 * body.grid.cell), body.roughly
    for step in range(_STEPS):
        gap = measure(stretch.start + stretch.heading * t)
        if inside:
            gap = -gap
        limit = np.maximum(close, t * np.float32(fineness)) if fineness else close
        # Rays along a skin would take forever; what they miss by is along the ray, where no one sees it.
        touching = gap < limit * np.float32(1.0 if step < 14 else 2.0 if step < 28 else 4.0)
        t = t + gap
        done = touching | (t > stretch.leave)
        if done.any():
            result[live[touching]] = t[touching]
            keep = np.flatnonzero(~done)
            if not keep.size:
                break
            live, t, stretch = live[keep], t[keep], stretch.only(keep)
    return result


def normals(body: Body, local: Floats) -> Floats:
    """Returns the outward normals at points on a body's skin, in its own space."""
    reach = np.float32(0.006 * min(body.shape.height, body.shape.width, body.shape.depth))
    slope = np.zeros_like(local)
    for sx, sy, sz in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        corner = np.array([[sx], [sy], [sz]], dtype=np.float32)
        slope += corner * body.exactly(local + corner * reach)
    return normalised(slope)

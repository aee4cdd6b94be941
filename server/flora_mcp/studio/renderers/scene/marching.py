"""Rays against bodies: what they meet first, and where."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.bodies import Body
from flora_mcp.studio.renderers.scene.kin import Crowd, Lines
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import dot, normalised

FAR = np.float32(1e9)
_NEVER = np.float32(0.9e9)
"""Rays that meet nothing before this meet nothing."""

_STEPS = 56
_CONE_STEPS = 40
_FEW, _FEW_LATE = 400, 100
"""One of so many rays may end early, close to a skin; of those that have gone far along one, more."""
_LATE = 20
"""Steps after which rays have gone far."""


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
        start = self.start if self.start.shape[1] == 1 else self.start.take(at, axis=1)
        heading = self.heading if self.heading.shape[1] == 1 else self.heading.take(at, axis=1)
        return Stretch(start=start, heading=heading, enter=self.enter.take(at), leave=self.leave.take(at))


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What rays meet: the distance along each, and the number of the body or -1."""

    far: Floats
    body: NDArray[np.int16]

    def only(self, at: NDArray[np.intp]) -> "Meeting":
        """Returns some of what was met."""
        return Meeting(far=self.far[at], body=self.body[at])


def meet(
    crowd: Crowd,
    rays: Rays,
    *,
    without: NDArray[np.int16] | None = None,
    fineness: float = 0.0,
    rough: bool = False,
) -> Meeting:
    """Returns the first body on each ray.

    Args:
        crowd: What may be met.
        rays: From where to where.
        without: Number of a body that is not there, for each ray.
        fineness: How exact meetings must be, as a share of the distance.
        rough: Whether the look of a mirror image is good enough.
    """
    if rays.beyond is not None and float(rays.beyond.max(initial=0.0)) > _NEVER:
        return _meet_some(crowd, rays, np.flatnonzero(rays.beyond < _NEVER), fineness)
    count = rays.direction.shape[1]
    far = np.full(count, np.float32(rays.within), dtype=np.float32)
    found = np.full(count, -1, dtype=np.int16)
    lines = Lines(rays.origin, rays.direction)
    for kin in crowd.kins:
        at, member = lines.near(kin.middle, kin.radius)
        keep = far[at] > 0.0 if rays.beyond is None else far[at] > rays.beyond[at]
        if without is not None:
            keep &= without[at] != kin.numbers[member]
        at, member = at[keep], member[keep]
        if not at.size:
            continue
        origin = rays.origin if rays.origin.shape[1] == 1 else rays.origin.take(at, axis=1)
        scale = kin.sizes(member)
        start, heading = kin.inwards(origin, member), kin.headings(rays.direction.take(at, axis=1), member)
        enter, leave = kin.body.crossing(start, heading)
        if rays.beyond is not None:
            enter = np.maximum(enter, rays.beyond[at] / scale)
        leave = np.minimum(leave, far[at] / scale)
        stretch = Stretch(start=start, heading=heading, enter=enter, leave=leave)
        for layer in _layers(at, enter, enter < leave):
            behind = enter[layer] * (scale if scale.size == 1 else scale[layer]) < far[at[layer]]
            layer = layer[behind]
            if not layer.size:
                continue
            t = march(kin.body, stretch.only(layer), fineness=fineness, rough=rough)
            ray = at[layer]
            world = t * (scale if scale.size == 1 else scale[layer])
            nearer = ((t < FAR) & (world < far[ray])).nonzero()[0]
            # A ray may come twice, and what is written last stays: the nearest must be.
            nearer = nearer[np.argsort(-world[nearer], kind="stable")]
            far[ray[nearer]] = world[nearer]
            found[ray[nearer]] = kin.numbers[member[layer[nearer]]]
    far[found < 0] = FAR
    return Meeting(far=far, body=found)


def _meet_some(crowd: Crowd, rays: Rays, at: NDArray[np.intp], fineness: float) -> Meeting:
    """Returns the first body on those rays from one point that are not known to meet nothing."""
    assert rays.beyond is not None
    far = np.full(rays.beyond.shape, FAR, dtype=np.float32)
    found = np.full(rays.beyond.shape, -1, dtype=np.int16)
    if at.size:
        some = Rays(origin=rays.origin, direction=rays.direction.take(at, axis=1), beyond=rays.beyond.take(at))
        met = meet(crowd, some, fineness=fineness)
        far[at], found[at] = met.far, met.body
    return Meeting(far=far, body=found)


def _layers(at: NDArray[np.intp], enter: Floats, through: NDArray[np.bool_]) -> Iterator[NDArray[np.intp]]:
    """Yields crossings, first those with the nearest box of each ray, then what may hide behind."""
    crossing = through.nonzero()[0]
    ray = at.take(crossing)
    if not crossing.size or (np.diff(ray) > 0).all():
        yield crossing
        return
    nearest = np.full(int(ray.max()) + 1, FAR, dtype=np.float32)
    np.minimum.at(nearest, ray, enter.take(crossing))
    first = enter.take(crossing) <= nearest.take(ray)
    yield crossing[first]
    yield crossing[~first]


def approach(crowd: Crowd, origin: Floats, direction: Floats, spread: float) -> Floats:
    """Returns how far cones go until they may touch a body, `FAR` where they pass all of them.

    Cones start at one point, (3, 1), and are `spread` metres wide at a distance of one. Rays within a cone meet
    nothing before that distance: what one cone learns, all its rays are spared.
    """
    nearest = np.full(direction.shape[1], FAR, dtype=np.float32)
    lines = Lines(origin, direction)
    for kin in crowd.kins:
        away = kin.middle - origin
        farthest = np.sqrt(dot(away, away)) + kin.radius
        at, member = lines.near(kin.middle, kin.radius + farthest * np.float32(2.0 * spread))
        if not at.size:
            continue
        body, scale = kin.body, kin.sizes(member)
        beyond = farthest / kin.scale
        beyond = beyond if beyond.size == 1 else beyond.take(member)
        start, heading = kin.inwards(origin, member), kin.headings(direction.take(at, axis=1), member)
        enter, leave = body.crossing(start, heading, margin=spread * float(beyond.max()))
        through = (enter < leave).nonzero()[0]
        reached = _cone(body, Stretch(start=start, heading=heading, enter=enter, leave=leave).only(through), spread)
        np.minimum.at(nearest, at[through], reached * (scale if scale.size == 1 else scale[through]))
    return nearest


def _cone(body: Body, stretch: Stretch, spread: float) -> Floats:
    error = np.float32(0.0 if body.grid is None else 0.4 * body.grid.cell)
    close = np.float32(1e-3 * spread) * stretch.leave
    t = stretch.enter
    live = np.arange(t.size)
    reached = np.full(t.size, FAR, dtype=np.float32)
    for _ in range(_CONE_STEPS):
        gap = body.roughly(stretch.start + stretch.heading * t) - error - t * np.float32(spread)
        touching = gap <= close
        reached[live[touching]] = t[touching]
        keep = (~(touching | (t > stretch.leave))).nonzero()[0]
        live, t = live[keep], t[keep] + gap[keep] * np.float32(1.0 / (1.0 + spread))
        close, stretch = close[keep], stretch.only(keep)
        if not keep.size:
            break
    reached[live] = t
    return reached


def march(body: Body, stretch: Stretch, *, inside: bool = False, fineness: float = 0.0, rough: bool = False) -> Floats:
    """Returns how far rays go until a body's skin, in its space; `FAR` where they miss.

    `rough` looks intricate bodies up on their grid alone: good enough for what a mirror shows.
    """
    t = stretch.enter.astype(np.float32)
    result = np.full(t.shape, FAR, dtype=np.float32)
    live = np.arange(t.size)
    count = 0 if inside else t.size
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
            keep = (~done).nonzero()[0]
            if keep.size <= count // (_FEW if step < _LATE else _FEW_LATE):
                # A handful of rays along a skin would take as long as thousands.
                result[live[keep]] = t[keep]
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

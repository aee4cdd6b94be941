"""Signed distances: primitives, operations and moves, each returning a function from points to distances.

Points are a float32 array of shape (3, N), so `x, y, z = points` gives three contiguous rows; distances are
(N,), negative inside. Axes: x right, y away from the viewer, z up, metres. A distance may be too small but
must not be too large by more than a few percent: marching steps by it. Every primitive is centred on the
origin unless it says that it stands.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[Any]
"""Always float32; numpy's own signatures lose that on the way through arithmetic."""
Distance = Callable[[Floats], Floats]
Vector = tuple[float, float, float]

ORIGIN: Vector = (0.0, 0.0, 0.0)


def _length2(a: Floats, b: Floats) -> Floats:
    root: Floats = np.sqrt(a * a + b * b)
    return root


def _length3(a: Floats, b: Floats, c: Floats) -> Floats:
    root: Floats = np.sqrt(a * a + b * b + c * c)
    return root


def sphere(*, radius: float, at: Vector = ORIGIN) -> Distance:
    """A ball."""
    cx, cy, cz = at

    def distance(points: Floats) -> Floats:
        x, y, z = points
        return _length3(x - cx, y - cy, z - cz) - radius

    return distance


def ellipsoid(*, radii: Vector, at: Vector = ORIGIN) -> Distance:
    """A ball stretched along the axes; distances are a close bound."""
    cx, cy, cz = at
    rx, ry, rz = radii

    def distance(points: Floats) -> Floats:
        x, y, z = points[0] - cx, points[1] - cy, points[2] - cz
        near = _length3(x / rx, y / ry, z / rz)
        slope = _length3(x / (rx * rx), y / (ry * ry), z / (rz * rz))
        bound: Floats = np.maximum(near * (near - 1.0) / np.maximum(slope, 1e-6), -min(radii))
        return bound

    return distance


def box(*, size: Vector, rounding: float = 0.0, at: Vector = ORIGIN) -> Distance:
    """A box of full width, depth and height, its edges rounded within that size."""
    cx, cy, cz = at
    hx, hy, hz = (side / 2.0 - rounding for side in size)

    def distance(points: Floats) -> Floats:
        x, y, z = np.abs(points[0] - cx) - hx, np.abs(points[1] - cy) - hy, np.abs(points[2] - cz) - hz
        outside = _length3(np.maximum(x, 0.0), np.maximum(y, 0.0), np.maximum(z, 0.0))
        inside: Floats = np.minimum(np.maximum(np.maximum(x, y), z), 0.0)
        found: Floats = outside + inside - rounding
        return found

    return distance


def cylinder(*, radius: float, height: float, rounding: float = 0.0, at: Vector = ORIGIN) -> Distance:
    """An upright cylinder of full height, its edges rounded within that size."""
    cx, cy, cz = at
    half = height / 2.0 - rounding
    inner = radius - rounding

    def distance(points: Floats) -> Floats:
        x, y, z = points
        across = _length2(x - cx, y - cy) - inner
        along = np.abs(z - cz) - half
        outside = _length2(np.maximum(across, 0.0), np.maximum(along, 0.0))
        found: Floats = outside + np.minimum(np.maximum(across, along), 0.0) - rounding
        return found

    return distance


def cone(*, bottom: float, top: float, height: float, rounding: float = 0.0) -> Distance:
    """An upright cone or a stump of one, standing on z = 0: radius `bottom` there, `top` at `height`."""
    b, t, half = bottom - rounding, top - rounding, height / 2.0 - rounding
    k2x, k2z = t - b, 2.0 * half
    k2 = k2x * k2x + k2z * k2z

    def distance(points: Floats) -> Floats:
        x, y, z = points
        q = _length2(x, y)
        h = z - (half + rounding)
        cap_x = q - np.minimum(q, np.where(h < 0.0, b, t))
        cap_z = np.abs(h) - half
        along = np.clip(((t - q) * k2x + (half - h) * k2z) / k2, 0.0, 1.0)
        side_x = q - t + k2x * along
        side_z = h - half + k2z * along
        squared = np.minimum(cap_x * cap_x + cap_z * cap_z, side_x * side_x + side_z * side_z)
        within = (side_x < 0.0) & (cap_z < 0.0)
        found: Floats = np.where(within, -1.0, 1.0) * np.sqrt(squared) - rounding
        return found.astype(np.float32, copy=False)

    return distance


def capsule(*, start: Vector, end: Vector, radius: float, end_radius: float | None = None) -> Distance:
    """A rod with round ends from `start` to `end`, tapering to `end_radius` if given."""
    ax, ay, az = start
    bx, by, bz = (e - s for s, e in zip(start, end, strict=True))
    squared = bx * bx + by * by + bz * bz
    taper = 0.0 if end_radius is None else end_radius - radius

    def distance(points: Floats) -> Floats:
        x, y, z = points[0] - ax, points[1] - ay, points[2] - az
        along = np.clip((x * bx + y * by + z * bz) / squared, 0.0, 1.0)
        away = _length3(x - bx * along, y - by * along, z - bz * along)
        return away - (radius + taper * along) if taper else away - radius

    return distance


def torus(*, radius: float, tube: float, at: Vector = ORIGIN) -> Distance:
    """A ring lying flat: `radius` to the middle of the tube."""
    cx, cy, cz = at

    def distance(points: Floats) -> Floats:
        x, y, z = points
        return _length2(_length2(x - cx, y - cy) - radius, z - cz) - tube

    return distance


def prism(*, outline: Sequence[tuple[float, float]], depth: float, rounding: float = 0.0) -> Distance:
    """An outline in x and z, made `depth` deep along y about y = 0; it grows by `rounding`."""
    half = depth / 2.0 - rounding
    corners = list(outline)

    def distance(points: Floats) -> Floats:
        x, y, z = points
        flat = polygon(x, z, corners)
        along = np.abs(y) - half
        outside = _length2(np.maximum(flat, 0.0), np.maximum(along, 0.0))
        found: Floats = outside + np.minimum(np.maximum(flat, along), 0.0) - rounding
        return found

    return distance


def polygon(u: Floats, v: Floats, corners: Sequence[tuple[float, float]]) -> Floats:
    """Returns the signed distance of plane points to a closed polygon."""
    squared = np.full(u.shape, np.inf, dtype=np.float32)
    inside = np.zeros(u.shape, dtype=bool)
    for (ax, az), (bx, bz) in zip(corners, [*corners[1:], corners[0]], strict=True):
        ex, ez = bx - ax, bz - az
        wx, wz = u - ax, v - az
        along = np.clip((wx * ex + wz * ez) / (ex * ex + ez * ez), 0.0, 1.0)
        dx, dz = wx - ex * along, wz - ez * along
        squared = np.minimum(squared, dx * dx + dz * dz)
        if az != bz:
            crosses = (v >= az) != (v >= bz)
            inside ^= crosses & (wx < wz * (ex / ez))
    found: Floats = np.where(inside, -np.sqrt(squared), np.sqrt(squared))
    return found


def union(*parts: Distance) -> Distance:
    """All parts together."""

    def distance(points: Floats) -> Floats:
        found = parts[0](points)
        for part in parts[1:]:
            found = np.minimum(found, part(points))
        return found

    return distance


def smooth_union(*parts: Distance, blend: float) -> Distance:
    """All parts together, melted into each other over about `blend` metres."""

    def distance(points: Floats) -> Floats:
        found = parts[0](points)
        for part in parts[1:]:
            other = part(points)
            overlap = np.maximum(blend - np.abs(found - other), 0.0)
            found = np.minimum(found, other) - overlap * overlap * (0.25 / blend)
        return found

    return distance


def intersect(*parts: Distance) -> Distance:
    """What all parts share."""

    def distance(points: Floats) -> Floats:
        found = parts[0](points)
        for part in parts[1:]:
            found = np.maximum(found, part(points))
        return found

    return distance


def subtract(whole: Distance, *cuts: Distance, blend: float = 0.0) -> Distance:
    """The whole without the cuts; `blend` rounds the new edges over that many metres."""

    def distance(points: Floats) -> Floats:
        found = whole(points)
        for cut in cuts:
            hole = -cut(points)
            if blend:
                overlap = np.maximum(blend - np.abs(found - hole), 0.0)
                found = np.maximum(found, hole) + overlap * overlap * (0.25 / blend)
            else:
                found = np.maximum(found, hole)
        return found

    return distance


def shell(part: Distance, *, thickness: float) -> Distance:
    """The skin of a part, half of the thickness to each side."""
    return lambda points: np.abs(part(points)) - thickness / 2.0


def grow(part: Distance, *, by: float) -> Distance:
    """The part, thicker and rounder by so many metres (thinner when negative)."""
    return lambda points: part(points) - by


def move(part: Distance, *, to: Vector) -> Distance:
    """The part, its origin moved."""
    offset = np.array(to, dtype=np.float32)[:, None]
    return lambda points: part(points - offset)


def turn(part: Distance, *, axis: str, degrees: float) -> Distance:
    """The part, turned about axis `x`, `y` or `z`, counter-clockwise seen from the tip of the axis."""
    angle = math.radians(degrees)
    c, s = math.cos(angle), math.sin(angle)
    forward = {
        "x": [[1, 0, 0], [0, c, -s], [0, s, c]],
        "y": [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        "z": [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    }[axis]
    back = np.array(forward, dtype=np.float32).T
    return lambda points: part(back @ points)


def resize(part: Distance, *, factor: float) -> Distance:
    """The part, larger or smaller by one factor about the origin."""
    return lambda points: part(points / np.float32(factor)) * np.float32(factor)


def stretch(part: Distance, *, factors: Vector) -> Distance:
    """The part, stretched unevenly about the origin; distances shrink to stay safe."""
    factor = np.array(factors, dtype=np.float32)[:, None]
    safe = np.float32(min(factors))
    return lambda points: part(points / factor) * safe


def mirror(part: Distance, *, axis: str = "x") -> Distance:
    """The positive half of a part and its mirror image."""
    row = "xyz".index(axis)

    def distance(points: Floats) -> Floats:
        folded = points.copy()
        np.abs(folded[row], out=folded[row])
        return part(folded)

    return distance


def around(part: Distance, *, count: int) -> Distance:
    """`count` copies of a part around the z axis; the part sits about the +x axis within its slice."""
    sector = 2.0 * math.pi / count

    def distance(points: Floats) -> Floats:
        x, y, z = points
        angle = np.arctan2(y, x)
        angle = angle - sector * np.round(angle / sector)
        far = _length2(x, y)
        return part(np.stack([far * np.cos(angle), far * np.sin(angle), z]).astype(np.float32, copy=False))

    return distance


def bumpy(part: Distance, *, height: float, length: float) -> Distance:
    """The part with soft waves in its skin: `height` deep, `length` from crest to crest."""
    k = 2.0 * math.pi / length

    def distance(points: Floats) -> Floats:
        x, y, z = points * np.float32(k)
        waves = np.sin(x + 0.7 * np.sin(y)) * np.sin(y + 0.9 * np.sin(z)) * np.sin(z + 0.8 * np.sin(x))
        found: Floats = (part(points) + waves * height) * np.float32(1.0 / (1.0 + 1.5 * height * k))
        return found

    return distance

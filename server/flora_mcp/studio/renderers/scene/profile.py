"""Bodies turned on a lathe: a profile in radius and height, measured once, then looked up in a table."""

import functools
import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.sdf import Distance, Floats, polygon

Profile = Sequence[tuple[float, float]]
"""Points (radius, height) in metres, in the order of the outline."""

_CELLS, _FINE_CELLS = 300, 420
"""Along the longer side of a profile; of one that several have become."""
_MARGIN = 0.08


def lathe(profile: Profile, *, smooth: bool = True) -> Distance:
    """A solid of revolution; the profile runs from the axis at the bottom to the axis at the top."""
    points = _curve(profile) if smooth else list(profile)
    corners = [*points, (0.0, points[-1][1]), (0.0, points[0][1])]

    def measure(r: Floats, z: Floats) -> Floats:
        # Mirrored over the axis, so that the axis itself is no edge of the solid.
        mirrored = [*points, *((0.0 - pr, pz) for pr, pz in reversed(points))]
        ring = _distinct(mirrored)
        return polygon(r, z, ring[:-1] if ring[0] == ring[-1] else ring)

    return _table(measure, corners, 0.0)


def vessel(profile: Profile, *, thickness: float, smooth: bool = True) -> Distance:
    """A wall of revolution with a round rim; the profile is its middle line, outwards and up."""
    points = _curve(profile) if smooth else list(profile)

    def measure(r: Floats, z: Floats) -> Floats:
        squared = np.full(r.shape, np.inf, dtype=np.float32)
        for (ar, az), (br, bz) in itertools.pairwise(points):
            er, ez = br - ar, bz - az
            along = np.clip(((r - ar) * er + (z - az) * ez) / (er * er + ez * ez), 0.0, 1.0)
            squared = np.minimum(squared, (r - ar - er * along) ** 2 + (z - az - ez * along) ** 2)
        return np.sqrt(squared) - np.float32(thickness / 2.0)

    return _table(measure, points, thickness)


def revolved(part: Distance, *, radius: float, height: float) -> Distance:
    """The part as one profile: it stands on z = 0 within that size, and is the same all around the z axis."""

    def measure(r: Floats, z: Floats) -> Floats:
        return part(np.stack([r, np.zeros_like(r), z]))

    return _table(measure, [(0.0, 0.0), (radius, height)], 0.0, cells=_FINE_CELLS)


def _distinct(points: Profile) -> list[tuple[float, float]]:
    kept = [points[0]]
    for point in points[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) > 1e-7:
            kept.append(point)
    return kept


def _curve(profile: Profile, *, pieces: int = 8) -> list[tuple[float, float]]:
    """Returns the centripetal Catmull-Rom curve through the profile; a doubled point keeps its corner."""
    given = np.array(profile, dtype=np.float64)
    runs: list[list[int]] = [[0]]
    for index in range(1, len(given)):
        if np.allclose(given[index], given[index - 1]):
            runs.append([index])
        else:
            runs[-1].append(index)
    found: list[tuple[float, float]] = []
    for run in runs:
        found.extend(_spline(given[run], pieces))
    return _distinct(found)


def _spline(knots: NDArray[np.float64], pieces: int) -> list[tuple[float, float]]:
    if len(knots) < 3:
        return [(float(r), float(z)) for r, z in knots]
    padded = np.vstack([_beyond(knots[0], knots[1]), knots, _beyond(knots[-1], knots[-2])])
    at = np.concatenate([[0.0], np.cumsum(np.sqrt(np.linalg.norm(np.diff(padded, axis=0), axis=1)))])
    found: list[tuple[float, float]] = []
    for i in range(1, len(padded) - 2):
        p0, p1, p2, p3 = padded[i - 1 : i + 3]
        t0, t1, t2, t3 = at[i - 1 : i + 3]
        for t in np.linspace(t1, t2, pieces, endpoint=False):
            a1 = (t1 - t) / (t1 - t0) * p0 + (t - t0) / (t1 - t0) * p1
            a2 = (t2 - t) / (t2 - t1) * p1 + (t - t1) / (t2 - t1) * p2
            a3 = (t3 - t) / (t3 - t2) * p2 + (t - t2) / (t3 - t2) * p3
            b1 = (t2 - t) / (t2 - t0) * a1 + (t - t0) / (t2 - t0) * a2
            b2 = (t3 - t) / (t3 - t1) * a2 + (t - t1) / (t3 - t1) * a3
            r, z = (t2 - t) / (t2 - t1) * b1 + (t - t1) / (t2 - t1) * b2
            found.append((max(float(r), 0.0), float(z)))
    found.append((float(knots[-1][0]), float(knots[-1][1])))
    return found


def _beyond(end: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Returns the point that shapes a curve at its end: on the axis its mirror image, so that no tip forms."""
    if end[0] == 0.0:
        return np.array([-before[0], before[1]])
    return np.asarray(2 * end - before)


def _table(
    measure: Callable[[Floats, Floats], Floats], outline: Profile, thickness: float, cells: int = _CELLS
) -> Distance:
    wide = max(r for r, _ in outline) + thickness
    low = min(z for _, z in outline) - thickness
    high = max(z for _, z in outline) + thickness
    margin = _MARGIN * max(wide, high - low)
    cell = (max(wide, high - low) + 2.0 * margin) / cells
    columns = math.ceil((wide + margin) / cell) + 2
    rows = math.ceil((high - low + 2.0 * margin) / cell) + 2
    floor = low - margin

    @functools.cache
    def values() -> tuple[Floats, ...]:
        """Measured on first use: importing the shapes must not cost what drawing them does."""
        r = np.arange(columns, dtype=np.float32) * np.float32(cell)
        z = np.arange(rows, dtype=np.float32) * np.float32(cell) + np.float32(floor)
        grid_z, grid_r = np.meshgrid(z, r, indexing="ij")
        flat = measure(grid_r.ravel(), grid_z.ravel()).astype(np.float32)
        # Each corner of a cell is looked up with the same number, in a view of its own.
        return tuple(flat[corner:] for corner in (0, 1, columns, columns + 1))

    last_u, last_v = np.float32(columns - 1.001), np.float32(rows - 1.001)
    inverse, size = np.float32(1.0 / cell), np.float32(cell)

    def distance(points: Floats) -> Floats:
        # In place: arrays of many points take longer to come by than to work on.
        x, y, z = points
        flat = values()
        u_free = x * x
        column = y * y
        u_free += column
        np.sqrt(u_free, out=u_free)
        u_free *= inverse
        v_free = z - np.float32(floor)
        v_free *= inverse
        u = np.minimum(u_free, last_u)
        v = np.maximum(v_free, np.float32(0.0))
        np.minimum(v, last_v, out=v)
        u_free -= u
        v_free -= v
        found = _blended(flat, columns, u, v, spare=column)
        if u_free.any() or v_free.any():
            u_free *= size
            v_free *= size
            _add_beyond(found, u_free, v_free)
        return found

    return distance


def _blended(flat: tuple[Floats, ...], columns: int, u: Floats, v: Floats, *, spare: Floats) -> Floats:
    """Returns what lies between the four corners of each point's cell; uses up `u`, `v` and `spare`."""
    np.floor(u, out=spare)
    row = np.floor(v)
    u -= spare
    v -= row
    row *= np.float32(columns)
    row += spare
    at = row.astype(np.intp)
    found, upper = flat[0].take(at, mode="clip"), flat[2].take(at, mode="clip")
    for near, corner in ((found, flat[1]), (upper, flat[3])):
        corner.take(at, out=spare, mode="clip")
        spare -= near
        spare *= u
        near += spare
    upper -= found
    upper *= v
    found += upper
    result: Floats = found
    return result


def _add_beyond(found: Floats, aside: Floats, above: Floats) -> None:
    """Adds how far points are beyond the table: no point of the solid is nearer, since the table holds all of it."""
    aside *= aside
    above *= above
    aside += above
    beyond = aside.nonzero()[0]
    near = found.take(beyond)
    found[beyond] = np.sqrt(aside.take(beyond) + near * near)

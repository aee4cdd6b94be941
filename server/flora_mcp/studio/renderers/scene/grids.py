"""Distances of intricate bodies, measured once on a grid: away from the skin, looking up replaces measuring."""

from collections.abc import Sequence

import numpy as np

from flora_mcp.studio.renderers.scene.sdf import Distance, Floats
from flora_mcp.studio.renderers.scene.vectors import column

_CELLS = 60
"""Along the longest side."""
_NEAR = 1.6
"""Cells from the skin within which the grid is too coarse."""


class Grid:
    """The distance to all parts of a body, and the box that holds each part."""

    def __init__(self, parts: Sequence[Distance], low: Floats, high: Floats) -> None:
        self._parts = tuple(parts)
        longest = float((high - low).max())
        self.cell = longest / _CELLS
        # A cell of margin, so that the skin itself never lies on the border.
        self._low = low - np.float32(self.cell)
        sides = (high - low)[:, 0] / self.cell
        self._counts = tuple(int(np.ceil(side)) + 3 for side in sides)
        nx, ny, nz = self._counts
        axes = [np.arange(n, dtype=np.float32) * np.float32(self.cell) for n in (nx, ny, nz)]
        gz, gy, gx = np.meshgrid(axes[2], axes[1], axes[0], indexing="ij")
        points = np.stack([gx.ravel(), gy.ravel(), gz.ravel()]) + self._low
        values = np.full(points.shape[1], np.inf, dtype=np.float32)
        self._boxes: list[tuple[Floats, Floats]] = []
        for part in self._parts:
            found = part(points).astype(np.float32)
            np.minimum(values, found, out=values)
            self._boxes.append(self._box(points, found))
        self._values = values

    def _box(self, points: Floats, found: Floats) -> tuple[Floats, Floats]:
        """Returns a box that holds a part: around all grid points near enough to its skin to be beside it."""
        near = np.flatnonzero(found < 0.95 * self.cell)
        if not near.size:
            # Thinner than the grid can see: wherever the nearest grid points are.
            near = np.flatnonzero(found < found.min() + self.cell)
        held = points[:, near]
        reach = np.float32(self.cell)
        return held.min(axis=1, keepdims=True) - reach, held.max(axis=1, keepdims=True) + reach

    def distance(self, points: Floats) -> Floats:
        """Returns distances: measured near the skin, looked up and a little too small elsewhere."""
        found = self.roughly(points)
        near = np.flatnonzero(found < np.float32(_NEAR * self.cell))
        found -= np.float32(0.35 * self.cell)
        if near.size:
            found[near] = self.measured(points[:, near])
        return found

    def measured(self, points: Floats) -> Floats:
        """Returns exact distances of points near the skin, measuring only parts that can matter."""
        best = np.full(points.shape[1], np.float32(2.2 * _NEAR * self.cell), dtype=np.float32)
        for part, (low, high) in zip(self._parts, self._boxes, strict=True):
            out = np.maximum(np.maximum(low - points, points - high), 0.0)
            at = np.flatnonzero(out[0] + out[1] + out[2] < best * np.float32(1.7))
            if at.size == best.size:
                np.minimum(best, part(points), out=best)
            elif at.size:
                best[at] = np.minimum(best[at], part(points[:, at]))
        return best

    def nearest(self, points: Floats) -> Floats:
        """Returns the number of the part that each point of the skin lies on, int16."""
        best = np.full(points.shape[1], np.inf, dtype=np.float32)
        number = np.zeros(points.shape[1], dtype=np.int16)
        for index, (part, (low, high)) in enumerate(zip(self._parts, self._boxes, strict=True)):
            at = np.flatnonzero(np.all((points > low) & (points < high), axis=0))
            if not at.size:
                continue
            found = part(points[:, at])
            nearer = at[found < best[at]]
            number[nearer] = index
            best[at] = np.minimum(best[at], found)
        return number

    def roughly(self, points: Floats) -> Floats:
        """Returns distances that are right to within a third of a cell."""
        nx, ny, nz = self._counts
        free = (points - self._low) * np.float32(1.0 / self.cell)
        p = np.minimum(np.maximum(free, np.float32(0.0)), column((nx - 1.001, ny - 1.001, nz - 1.001)))
        whole = p.astype(np.intp)
        f = p - whole.astype(np.float32)
        at = (whole[2] * ny + whole[1]) * nx + whole[0]
        take = self._values.take
        planes = []
        for _ in range(2):
            near, far = take(at), take(at + nx)
            near += (take(at + 1) - near) * f[0]
            far += (take(at + nx + 1) - far) * f[0]
            near += (far - near) * f[1]
            planes.append(near)
            at = at + nx * ny
        bottom, top = planes
        bottom += (top - bottom) * f[2]
        beyond = (free - p) * np.float32(self.cell)
        squared = beyond[0] * beyond[0] + beyond[1] * beyond[1] + beyond[2] * beyond[2]
        if float(squared.max(initial=0.0)) > 0.0:
            bottom = np.where(squared > 0.0, np.sqrt(squared + bottom * bottom), bottom)
        result: Floats = bottom
        return result

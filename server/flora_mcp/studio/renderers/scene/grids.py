"""Distances of intricate bodies, measured once on a grid: away from the skin, looking up replaces measuring."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.sdf import Distance, Floats
from flora_mcp.studio.renderers.scene.vectors import column
from flora_mcp.studio.renderers.scene.work import MEASURED, Work

_CELLS, _FEW_CELLS = 60, 44
"""Along the longest side; of one of a few, and of one of many bodies."""
_NEAR = 1.15
"""Cells from the skin within which the grid is too coarse."""
_KNOWN = 1.6
"""Cells from the skin up to which measuring answers exactly."""


class Grid:
    """The distance to a body, and which of its parts (64 at most) are near, around every point of a grid."""

    def __init__(self, parts: Sequence[Distance], low: Floats, high: Floats, work: Work, *, one_of_many: bool) -> None:
        self._parts = tuple(parts)
        self._work = work
        longest = float((high - low).max())
        self.cell = longest / (_FEW_CELLS if one_of_many else _CELLS)
        # A cell of margin, so that the skin itself never lies on the border.
        self._low = low - np.float32(self.cell)
        sides = (high - low)[:, 0] / self.cell
        self._counts = tuple(int(np.ceil(side)) + 3 for side in sides)
        nx, ny, nz = self._counts
        axes = [np.arange(n, dtype=np.float32) * np.float32(self.cell) for n in (nx, ny, nz)]
        gz, gy, gx = np.meshgrid(axes[2], axes[1], axes[0], indexing="ij")
        points = np.stack([gx.ravel(), gy.ravel(), gz.ravel()]) + self._low
        values = np.full(points.shape[1], np.inf, dtype=np.float32)
        self._near_parts = np.zeros(points.shape[1], dtype=np.uint64)
        for number, part in enumerate(self._parts):
            work.add(points.shape[1], 2.0 * MEASURED)
            found = part(points).astype(np.float32)
            np.minimum(values, found, out=values)
            # The nearest grid point is up to 0.87 cells off; some distances are a few percent too large.
            near = found < np.float32(1.1 * (_KNOWN + 0.9) * self.cell)
            self._near_parts[near] |= np.uint64(1 << number)
        self._values = values

    def distance(self, points: Floats, *, careful: bool = True) -> Floats:
        """Returns distances: measured near the skin, looked up elsewhere, and then a little too small if careful."""
        found = self.roughly(points)
        near = np.flatnonzero(found < np.float32(_NEAR * self.cell))
        if careful:
            found -= np.float32(0.35 * self.cell)
        if near.size:
            found[near] = self.measured(points[:, near])
        return found

    def measured(self, points: Floats) -> Floats:
        """Returns exact distances of points near the skin, measuring only parts that can matter there."""
        best = np.full(points.shape[1], np.float32(_KNOWN * self.cell), dtype=np.float32)
        for _, at, found in self._measured_parts(points):
            best[at] = np.minimum(best[at], found)
        return best

    def nearest(self, points: Floats) -> NDArray[np.int16]:
        """Returns the number of the part that each point of the skin lies on."""
        best = np.full(points.shape[1], np.inf, dtype=np.float32)
        number = np.zeros(points.shape[1], dtype=np.int16)
        for index, at, found in self._measured_parts(points):
            nearer = found < best[at]
            number[at[nearer]] = index
            best[at[nearer]] = found[nearer]
        return number

    def _measured_parts(self, points: Floats) -> Iterator[tuple[int, NDArray[np.intp], Floats]]:
        nx, ny, nz = self._counts
        p = (points - self._low) * np.float32(1.0 / self.cell) + np.float32(0.5)
        i = np.minimum(np.maximum(p, np.float32(0.0)), column((nx - 1, ny - 1, nz - 1))).astype(np.intp)
        near = self._near_parts.take((i[2] * ny + i[1]) * nx + i[0])
        present = int(np.bitwise_or.reduce(near, initial=0))
        for index, part in enumerate(self._parts):
            bit = 1 << index
            if not present & bit:
                continue
            at = np.flatnonzero(near & np.uint64(bit))
            self._work.add(at.size, MEASURED)
            yield index, at, part(points if at.size == near.size else points[:, at])

    def roughly(self, points: Floats) -> Floats:
        """Returns distances that are right to within a third of a cell."""
        self._work.add(points.shape[1])
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

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
        nx, ny, _ = self._counts
        # Each corner of a cell is looked up with the same number, in a view of its own.
        corners = (0, 1, nx, nx + 1, nx * ny, nx * ny + 1, nx * ny + nx, nx * ny + nx + 1)
        self._corners = tuple(values[corner:] for corner in corners)
        self._row, self._layer = np.float32(nx), np.float32(nx * ny)
        self._last = column((nx - 1, ny - 1, self._counts[2] - 1))
        self._most = column((nx - 1.001, ny - 1.001, self._counts[2] - 1.001))

    def distance(self, points: Floats, *, careful: bool = True) -> Floats:
        """Returns distances: measured near the skin, looked up elsewhere, and then a little too small if careful."""
        found = self.roughly(points)
        near = (found < np.float32(_NEAR * self.cell)).nonzero()[0]
        if careful:
            found -= np.float32(0.35 * self.cell)
        if near.size:
            found[near] = self.measured(points.take(near, axis=1))
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
        p = (points - self._low) * np.float32(1.0 / self.cell) + np.float32(0.5)
        near = self._near_parts.take(self._numbers(np.floor(np.minimum(np.maximum(p, np.float32(0.0)), self._last))))
        present = int(np.bitwise_or.reduce(near, initial=0))
        for index, part in enumerate(self._parts):
            bit = 1 << index
            if not present & bit:
                continue
            at = ((near & np.uint64(bit)) != 0).nonzero()[0]
            self._work.add(at.size, MEASURED)
            yield index, at, part(points if at.size == near.size else points.take(at, axis=1))

    def roughly(self, points: Floats) -> Floats:
        """Returns distances that are right to within a third of a cell."""
        self._work.add(points.shape[1])
        # In place: arrays of many points take longer to come by than to work on.
        free = points - self._low
        free *= np.float32(1.0 / self.cell)
        p = np.maximum(free, np.float32(0.0))
        np.minimum(p, self._most, out=p)
        free -= p
        whole = np.floor(p)
        at = self._numbers(whole)
        p -= whole
        (fx, fy, fz), spare = p, whole[0]
        planes = []
        for corner in (0, 4):
            near, far = self._corners[corner].take(at, mode="clip"), self._corners[corner + 2].take(at, mode="clip")
            for side, beside in ((near, corner + 1), (far, corner + 3)):
                self._corners[beside].take(at, out=spare, mode="clip")
                spare -= side
                spare *= fx
                side += spare
            far -= near
            far *= fy
            near += far
            planes.append(near)
        bottom, top = planes
        top -= bottom
        top *= fz
        bottom += top
        if free.any():
            free *= np.float32(self.cell)
            free *= free
            squared = free[0] + free[1]
            squared += free[2]
            beyond = squared.nonzero()[0]
            near = bottom.take(beyond)
            bottom[beyond] = np.sqrt(squared.take(beyond) + near * near)
        result: Floats = bottom
        return result

    def _numbers(self, cells: Floats) -> NDArray[np.intp]:
        """Returns the numbers of grid points; cells are whole, and few enough for float32."""
        x, y, z = cells
        at = z * self._layer
        at += y * self._row
        at += x
        numbers: NDArray[np.intp] = at.astype(np.intp)
        return numbers

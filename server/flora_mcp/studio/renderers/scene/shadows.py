"""Shadows on the ground, measured once on a coarser grid of the picture and looked up for every pixel."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.camera import View
from flora_mcp.studio.renderers.scene.kin import Crowd
from flora_mcp.studio.renderers.scene.lattice import blend, contrast_between
from flora_mcp.studio.renderers.scene.lighting import Lighting
from flora_mcp.studio.renderers.scene.occlusion import openness
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.work import most_work

_COARSER = 2
"""Pixels between two points of the grid: soft shadows lose nothing by it."""
_POINTS_A_BAND = 131072
_PROBE = 8
"""Points of the grid between those that tell how much work the others will be."""
_SHARE = 0.25
"""Of the work of a picture that a fine grid may take."""
_COARSE = 0.1
"""Of the same, what a grid may take that must be coarser."""
_LEAST_BETWEEN = 0.02
"""Difference of shares at which a point between them is measured instead of taken for their mean."""


class GroundShadows:
    """How much of each light, and of the sky, the ground receives; the first row is the sky."""

    def __init__(
        self,
        *,
        view: View,
        crowd: Crowd,
        lighting: Lighting,
        size: float,
        progress: Callable[[float], None],
    ) -> None:
        self._view, self._crowd, self._lighting, self._size = view, crowd, lighting, size
        self._columns = view.width_px // _COARSER + 2
        self._rows = view.height_px // _COARSER + 2
        grid = np.ones((2 + lighting.lamp_count, self._rows, self._columns), dtype=np.float32)
        if crowd.bodies:
            self._measure(grid, int(_SHARE * most_work(view.width_px, view.height_px)), progress)
            grid = _smoothed(grid)
        self._shares = np.ascontiguousarray(grid.reshape(grid.shape[0], -1).T)

    def _measure(self, grid: Floats, most: int, progress: Callable[[float], None]) -> None:
        """Measures all points of the grid, or if that is too much work, a part of them and what differs between."""
        work = self._crowd.work
        begun, before = work.done, work.mark()
        known = np.zeros(grid.shape[1:], dtype=np.bool_)
        self._measure_some(grid, known, _every(known, _PROBE))
        whole = work.since(before, _PROBE * _PROBE, known.size / _POINTS_A_BAND)
        step = 1 if whole <= most else 4
        most = int(most * _COARSE / _SHARE)
        left = _every(known, step)
        for start in range(0, left.size, _POINTS_A_BAND):
            self._measure_some(grid, known, left[start : start + _POINTS_A_BAND])
            progress(min(start + _POINTS_A_BAND, left.size) / left.size)
        while step > 1:
            step //= 2
            coarse, fine = grid[:, :: 2 * step, :: 2 * step], grid[:, ::step, ::step]
            across = np.abs(np.diff(coarse, axis=2)).max(axis=0)
            down = np.abs(np.diff(coarse, axis=1)).max(axis=0)
            between = contrast_between(across, down, (fine.shape[1], fine.shape[2]))
            sure, kept = known[::step, ::step], fine.copy()
            blend(fine)
            fine[:, sure] = kept[:, sure]
            rows, columns = np.nonzero((between > _LEAST_BETWEEN) & ~sure)
            order = np.argsort(-between[rows, columns], kind="stable")
            at = (rows * step * self._columns + columns * step)[order]
            for start in range(0, at.size, _POINTS_A_BAND // 4):
                if work.done - begun > most:
                    break
                self._measure_some(grid, known, np.sort(at[start : start + _POINTS_A_BAND // 4]))

    def _measure_some(self, grid: Floats, known: NDArray[np.bool_], at: NDArray[np.intp]) -> None:
        shares = grid.reshape(grid.shape[0], -1)
        known.reshape(-1)[at] = True
        x = ((at % self._columns) * _COARSER).astype(np.float32)
        y = ((at // self._columns) * _COARSER).astype(np.float32)
        heading = self._view.rays(x, y)
        down = np.flatnonzero(heading[2] < -1e-3)
        if not down.size:
            return
        far = -self._view.origin[2, 0] / heading[2, down]
        points = self._view.origin + heading[:, down] * far
        normal = np.zeros_like(points)
        normal[2] = 1.0
        here = at[down]
        shares[0, here] = openness(self._crowd, points, normal, floor=False)
        points[2] += np.float32(0.004 * self._size)
        shares[1:, here] = np.stack(self._lighting.shares(points, normal, contact=True))

    def at(self, points: Floats) -> list[Floats]:
        """Returns the share of the sky, of the main light, and of each lamp, at points of the ground."""
        x, y = self._view.seen_at(points)
        x = np.clip(x * np.float32(1.0 / _COARSER), 0.0, np.float32(self._columns - 1.001))
        y = np.clip(y * np.float32(1.0 / _COARSER), 0.0, np.float32(self._rows - 1.001))
        i, j = x.astype(np.intp), y.astype(np.intp)
        fx, fy = (x - i).astype(np.float32)[:, None], (y - j).astype(np.float32)[:, None]
        here = j * self._columns + i
        take = self._shares.take
        top, bottom = take(here, axis=0), take(here + self._columns, axis=0)
        top += (take(here + 1, axis=0) - top) * fx
        bottom += (take(here + self._columns + 1, axis=0) - bottom) * fx
        top += (bottom - top) * fy
        return list(np.ascontiguousarray(top.T))


def _every(known: NDArray[np.bool_], step: int) -> NDArray[np.intp]:
    """Returns the points of every so many rows and columns that are not known."""
    rows, columns = np.arange(0, known.shape[0], step), np.arange(0, known.shape[1], step)
    at = (rows[:, None] * known.shape[1] + columns[None, :]).ravel()
    unknown: NDArray[np.intp] = at[~known.ravel()[at]]
    return unknown


def _smoothed(grid: Floats) -> Floats:
    """Takes away slivers of light finer than the grid, which would look like a row of dots, and softens."""
    for combined in (np.minimum, np.maximum):
        for axis in (1, 2):
            before, after = _neighbours(grid, axis)
            grid = combined(combined(before, after), grid)
    for axis in (1, 2):
        before, after = _neighbours(grid, axis)
        grid = grid * np.float32(0.5) + (before + after) * np.float32(0.25)
    return grid


def _neighbours(grid: Floats, axis: int) -> tuple[Floats, Floats]:
    wide = np.pad(grid, [(0, 0), (int(axis == 1),) * 2, (int(axis == 2),) * 2], mode="edge")
    return (wide[:, :-2], wide[:, 2:]) if axis == 1 else (wide[:, :, :-2], wide[:, :, 2:])

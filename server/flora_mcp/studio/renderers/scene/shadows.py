"""Shadows on the ground, measured once on a coarser grid of the picture and looked up for every pixel."""

from collections.abc import Callable

import numpy as np

from flora_mcp.studio.renderers.scene.camera import View
from flora_mcp.studio.renderers.scene.kin import Crowd
from flora_mcp.studio.renderers.scene.lighting import Lighting
from flora_mcp.studio.renderers.scene.occlusion import openness
from flora_mcp.studio.renderers.scene.sdf import Floats

_COARSER = 2
"""Pixels between two points of the grid: soft shadows lose nothing by it."""
_POINTS_A_BAND = 32768


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
        self._view = view
        self._columns = view.width_px // _COARSER + 2
        self._rows = view.height_px // _COARSER + 2
        count = self._columns * self._rows
        self._shares = np.ones((count, 2 + lighting.lamp_count), dtype=np.float32)
        if not crowd.bodies:
            return
        for start in range(0, count, _POINTS_A_BAND):
            at = np.arange(start, min(start + _POINTS_A_BAND, count))
            x = ((at % self._columns) * _COARSER).astype(np.float32)
            y = ((at // self._columns) * _COARSER).astype(np.float32)
            heading = view.rays(x, y)
            down = np.flatnonzero(heading[2] < -1e-3)
            if down.size:
                far = -view.origin[2, 0] / heading[2, down]
                points = view.origin + heading[:, down] * far
                normal = np.zeros_like(points)
                normal[2] = 1.0
                here = at[down]
                self._shares[here, 0] = openness(crowd, points, normal, floor=False)
                points[2] += np.float32(0.004 * size)
                self._shares[here, 1:] = np.stack(lighting.shares(points, normal, contact=True), axis=1)
            progress(min(start + _POINTS_A_BAND, count) / count)
        self._shares = self._smoothed(self._shares)

    def _smoothed(self, shares: Floats) -> Floats:
        """Takes away slivers of light finer than the grid, which would look like a row of dots, and softens."""
        grid = shares.reshape(self._rows, self._columns, -1)
        for combined in (np.minimum, np.maximum):
            for axis in (0, 1):
                before, after = _neighbours(grid, axis)
                grid = combined(combined(before, after), grid)
        for axis in (0, 1):
            before, after = _neighbours(grid, axis)
            grid = grid * np.float32(0.5) + (before + after) * np.float32(0.25)
        return np.ascontiguousarray(grid.reshape(shares.shape))

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


def _neighbours(grid: Floats, axis: int) -> tuple[Floats, Floats]:
    wide = np.pad(grid, [(int(axis == 0),) * 2, (int(axis == 1),) * 2, (0, 0)], mode="edge")
    return (wide[:-2], wide[2:]) if axis == 0 else (wide[:, :-2], wide[:, 2:])

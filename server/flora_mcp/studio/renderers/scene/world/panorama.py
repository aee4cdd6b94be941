"""A painted backdrop: light for every direction in front of the camera, blurred as the focus asks."""

import numpy as np

from flora_mcp.studio.renderers.scene.blur import boxed
from flora_mcp.studio.renderers.scene.camera import View
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import dot


class Panorama:
    """An upright picture plane one metre ahead: `u` metres right, `v` metres up, level with the camera."""

    def __init__(self, view: View, *, columns: int, rows: int, low: float | None = None) -> None:
        self._right = view.right
        flat = view.ahead.copy()
        flat[2] = 0.0
        self._ahead = flat / max(float(np.sqrt((flat * flat).sum())), 1e-6)
        us, vs = _reach(view, self._ahead)
        self.low_u, self.high_u = us
        self.low_v, self.high_v = (vs[0] if low is None else low), vs[1]
        self.columns, self.rows = columns, rows
        self._flat = np.zeros((rows * columns, 3), dtype=np.float32)

    @property
    def u(self) -> Floats:
        """Where each column is."""
        return np.linspace(self.low_u, self.high_u, self.columns, dtype=np.float32)

    @property
    def v(self) -> Floats:
        """Where each row is, lowest first."""
        return np.linspace(self.low_v, self.high_v, self.rows, dtype=np.float32)

    def directions(self, u: Floats, v: Floats) -> Floats:
        """Returns vectors, not of unit length, from the camera through points of the plane."""
        towards: Floats = self._ahead + self._right * u
        towards[2] += v
        return towards

    def paint(self, light: Floats, *, blur: float = 0.0) -> None:
        """Takes linear light of shape (3, rows, columns), lowest row first; blurs by a share of the width."""
        radius = blur * self.columns
        if radius > 0.3:
            # Bright spots are held down before, and let up after, so that they bleed but do not flood.
            held = light / (1.0 + 0.1 * light)
            for _ in range(2):
                held = boxed(boxed(held, radius, axis=1), radius, axis=2)
            light = held / (1.0 - 0.1 * held)
        self._flat = np.ascontiguousarray(light.reshape(3, -1).T.astype(np.float32))

    def seen(self, direction: Floats) -> Floats:
        """Returns the light from directions, (3, N); beyond the border the border goes on."""
        ahead = np.maximum(dot(self._ahead, direction), np.float32(1e-4))
        across = dot(self._right, direction) / ahead
        upwards = direction[2] / ahead
        x = (across - np.float32(self.low_u)) * np.float32((self.columns - 1) / (self.high_u - self.low_u))
        y = (upwards - np.float32(self.low_v)) * np.float32((self.rows - 1) / (self.high_v - self.low_v))
        x = np.clip(x, 0.0, np.float32(self.columns - 1.001))
        y = np.clip(y, 0.0, np.float32(self.rows - 1.001))
        i, j = x.astype(np.intp), y.astype(np.intp)
        fx, fy = (x - i).astype(np.float32)[:, None], (y - j).astype(np.float32)[:, None]
        at = j * self.columns + i
        low, high = self._flat.take(at, axis=0), self._flat.take(at + self.columns, axis=0)
        low += (self._flat.take(at + 1, axis=0) - low) * fx
        high += (self._flat.take(at + self.columns + 1, axis=0) - high) * fx
        low += (high - low) * fy
        return np.ascontiguousarray(low.T)


def _reach(view: View, ahead: Floats) -> tuple[tuple[float, float], tuple[float, float]]:
    """Returns what part of the plane the corners and edges of the picture see."""
    w, h = np.float32(view.width_px), np.float32(view.height_px)
    xs = np.array([0, 0.5, 1, 0, 1, 0, 0.5, 1], dtype=np.float32) * w
    ys = np.array([0, 0, 0, 0.5, 0.5, 1, 1, 1], dtype=np.float32) * h
    rays = view.rays(xs, ys)
    forward = np.maximum(dot(ahead, rays), 0.25)
    across = dot(view.right, rays) / forward
    upwards = rays[2] / forward
    pad_u = 0.04 * float(across.max() - across.min()) + 1e-3
    low, high = float(upwards.min()), float(max(upwards.max(), -upwards.min(), 0.05))
    pad_v = 0.04 * (high - low) + 1e-3
    return (float(across.min()) - pad_u, float(across.max()) + pad_u), (low - pad_v, high + pad_v)

"""The pattern that a window lays over a room: panes, bars, leaves before it."""

import numpy as np

from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import column, dot, smoothstep


class Window:
    """A window somewhere along the light, large enough to light the subject through one of its panes."""

    def __init__(self, *, towards: Floats, size: float, noise: Noise, random: np.random.Generator) -> None:
        across = np.cross([0.0, 0.0, 1.0], towards[:, 0])
        self._across = column(across / np.linalg.norm(across))
        self._upwards = column(np.cross(towards[:, 0], self._across[:, 0]))
        self._noise = noise
        self._size = np.float32(size)
        self._pane = (float(random.uniform(1.5, 2.1)), float(random.uniform(1.3, 1.8)))
        self._offset = (float(random.uniform(-0.3, 0.3)), float(random.uniform(-0.2, 0.15)))
        self._bar = float(random.uniform(0.10, 0.17))
        self._panes = (int(random.integers(1, 3)), int(random.integers(1, 3)))
        self._leaves = float(random.choice([0.0, 0.75, 1.0]))
        self._shift = float(random.uniform(0.0, 90.0))

    def light(self, points: Floats) -> Floats:
        """Returns the share of the sun at points, (N,)."""
        a = dot(self._across, points) / self._size + np.float32(self._offset[0])
        b = dot(self._upwards, points) / self._size + np.float32(self._offset[1] - 0.35)
        share = self._bars(a, self._pane[0], self._panes[0]) * self._bars(b, self._pane[1], self._panes[1])
        if self._leaves:
            u, v = a + np.float32(self._shift), b - np.float32(self._shift)
            foliage = self._noise.flat(u * 2.3, v * 2.9) * 0.6 + self._noise.flat(u * 6.1, v * 5.3) * 0.4
            away = smoothstep(0.35, 1.5, np.sqrt(a * a + b * b))
            share = share * (1.0 - self._leaves * away * smoothstep(0.46, 0.66, foliage))
        return share

    def _bars(self, along: Floats, pane: float, count: int) -> Floats:
        """Returns panes of equal size beside each other: one over the middle, `count` to each side."""
        nearest = np.clip(np.round(along / np.float32(pane)), -count, count)
        from_middle = np.abs(along - nearest * np.float32(pane))
        return 1.0 - smoothstep(pane / 2 - self._bar - 0.05, pane / 2 - self._bar + 0.07, from_middle)

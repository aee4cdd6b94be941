"""A city: blocks of houses and towers, their windows lit when it is dark."""

from dataclasses import dataclass

import numpy as np

from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import column, light, mixed, smoothstep
from flora_mcp.studio.renderers.scene.world.lands import Land
from flora_mcp.studio.renderers.scene.world.relief import Sight

_BLOCK = 34.0
_FLOOR = 3.6
_BAY = 3.0


@dataclass(frozen=True, kw_only=True)
class City(Land):
    """Buildings on a grid of streets, tallest in the middle of the view."""

    nearest: float = 70.0
    farthest: float = 2600.0

    def _block(self, x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
        """Returns column and row of the block, and its building's height."""
        i, j = np.floor(x / _BLOCK), np.floor(y / _BLOCK)
        chance = self.noise.flat(i * 2.7 + self.shift, j * 3.9)
        centre = np.exp(-(((x - self.centre[0]) / 420.0) ** 2))
        away = self.away(x, y)
        tall = 12.0 + 34.0 * chance + (chance**4) * 420.0 * centre * smoothstep(260.0, 900.0, away)
        return i, j, np.minimum(tall, 230.0)

    def height(self, x: Floats, y: Floats) -> Floats:
        i, j, tall = self._block(x, y)
        in_x, in_y = np.abs(x / _BLOCK - i - 0.5), np.abs(y / _BLOCK - j - 0.5)
        inset = 0.40 - 0.10 * self.noise.flat(i * 5.1, j * 4.3)
        # Towers step back towards the top.
        upper = np.maximum(in_x, in_y) < inset * 0.62
        built = np.where(upper, tall, tall * (0.72 + 0.28 * self.noise.flat(i * 7.7, j * 1.9)))
        mast = (np.maximum(in_x, in_y) < 0.02) & (tall > 150.0)
        built = np.where(mast, tall * 1.18, built)
        return np.where(np.maximum(in_x, in_y) < inset, built, np.float32(-0.5))

    def colour(self, sight: Sight) -> Floats:
        i, j, _ = self._block(sight.x, sight.y)
        tone = self.noise.flat(i * 6.1 + 2.0, j * 8.3)
        stone = mixed(light((0.46, 0.42, 0.39)), light((0.62, 0.56, 0.50)), tone)
        steel = mixed(stone, light((0.32, 0.38, 0.44)), smoothstep(0.45, 0.6, tone))
        pane, _ = self._windows(sight)
        return mixed(steel, light((0.20, 0.27, 0.34)), pane * 0.8)

    def glow(self, sight: Sight) -> Floats:
        """Returns the light of windows at night, (3, N)."""
        pane, lit = self._windows(sight)
        warm = mixed(column((1.0, 0.72, 0.38)), column((0.80, 0.90, 1.0)), smoothstep(0.80, 0.9, lit))
        strength = smoothstep(0.56, 0.64, lit) * (0.2 + 0.9 * lit)
        return warm * (pane * strength)

    def _windows(self, sight: Sight) -> tuple[Floats, Floats]:
        """Returns where panes are, and a number between 0 and 1 for each pane."""
        i, j, _ = self._block(sight.x, sight.y)
        in_x, in_y = np.abs(sight.x / _BLOCK - i - 0.5), np.abs(sight.y / _BLOCK - j - 0.5)
        along = np.where(in_x > in_y, sight.y, sight.x) / _BAY
        level = sight.height / _FLOOR
        bay, floor = np.floor(along), np.floor(level)
        wide = 1.0 - smoothstep(0.28, 0.36, np.abs(along - bay - 0.5))
        high = 1.0 - smoothstep(0.26, 0.34, np.abs(level - floor - 0.5))
        lit = self.noise.flat(bay * 3.7 + i * 11.3, floor * 2.9 + j * 5.7)
        pane = wide * high * (sight.height < sight.top - 0.8) * (sight.height > 2.0)
        # Far panes are smaller than a pixel: their mean is shown instead.
        far = smoothstep(350.0, 1100.0, sight.depth)
        return mixed(pane, np.full_like(pane, 0.33), far), lit

"""The lands a backdrop can show: their height and how they look."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from flora_mcp.studio.renderers.scene.graph import Setting
from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import column, light, mixed, smoothstep
from flora_mcp.studio.renderers.scene.world.relief import Sight


@dataclass(frozen=True, kw_only=True)
class Land(ABC):
    """Distant land of one kind; `centre` is where it is seen from, (x, y)."""

    noise: Noise
    centre: tuple[float, float]
    shift: float
    """Moves the pattern, so that seeds differ."""
    nearest: float = 60.0
    """Metres ahead at which the land begins and the ground ends."""
    farthest: float = 11000.0

    @abstractmethod
    def height(self, x: Floats, y: Floats) -> Floats:
        """Returns metres above the ground."""

    @abstractmethod
    def colour(self, sight: Sight) -> Floats:
        """Returns the colour of the land as linear light, (3, N)."""

    def away(self, x: Floats, y: Floats) -> Floats:
        """Returns the distance from the viewer."""
        distance: Floats = np.sqrt((x - self.centre[0]) ** 2 + (y - self.centre[1]) ** 2)
        return distance


@dataclass(frozen=True, kw_only=True)
class Mountains(Land):
    """Ranges with forest at their feet and snow on their heads."""

    def height(self, x: Floats, y: Floats) -> Floats:
        away = self.away(x, y)
        # Bent, or the lattice of the noise would show as a comb of equal peaks.
        bend = [self.noise.flat(x / 1300.0 + s, y / 1300.0 - s) - np.float32(0.5) for s in (3.7, 31.9)]
        u = x * np.float32(1 / 2600) + self.shift + bend[0] * np.float32(0.24)
        v = y * np.float32(1 / 2600) - self.shift + bend[1] * np.float32(0.24)
        total, weight = np.zeros_like(x), np.ones_like(x)
        share, scale = 1.0, 1.0
        for octave in range(5):
            c, s = math.cos(0.7 * octave), math.sin(0.7 * octave)
            n = self.noise.flat((u * c - v * s) * scale + octave * 7.7, (u * s + v * c) * scale - octave * 3.1)
            # Crests are as round as they are fine: sharp ones would be walls one step thick.
            ridge = 1.0 - np.sqrt((2.0 * n - 1.0) ** 2 + np.float32(0.0006 * 3.0**octave))
            ridge = ridge * ridge
            total = total + ridge * share * weight
            weight = np.clip(ridge * 1.4, 0.0, 1.0)
            share *= 0.45
            scale *= 2.07
        foot = smoothstep(900.0, 5600.0, away)
        hills = self.noise.fractal(x / 420.0, y / 420.0, octaves=3) * 90.0 * smoothstep(80.0, 900.0, away)
        found: Floats = foot * (total * 1400.0 - 150.0) + hills - 26.0
        return found

    def colour(self, sight: Sight) -> Floats:
        n, noise = sight.normal, self.noise
        fine = noise.fractal(sight.x / 34.0, sight.y / 34.0 + sight.height / 21.0, octaves=3)
        rock = light((0.42, 0.39, 0.38)) * (0.62 + 0.75 * fine)
        wood = light((0.14, 0.24, 0.13)) * (0.45 + 1.1 * fine)
        meadow = light((0.38, 0.42, 0.22)) * (0.8 + 0.4 * fine)
        snow = column((0.76, 0.80, 0.86)) * (0.93 + 0.12 * fine)
        ground = mixed(wood, meadow, smoothstep(0.50, 0.60, noise.flat(sight.x / 300.0, sight.y / 300.0)) * 0.8)
        steep = 1.0 - smoothstep(0.40, 0.57, n[2] + (fine - 0.5) * 0.5)
        line = sight.height + (fine - 0.5) * 240.0
        land = mixed(ground, rock, np.maximum(smoothstep(150.0, 320.0, line), steep))
        return mixed(land, snow, smoothstep(270.0, 420.0, line) * (1.0 - 0.8 * steep))


@dataclass(frozen=True, kw_only=True)
class Hills(Land):
    """Rolling fields with hedges and woods."""

    def height(self, x: Floats, y: Floats) -> Floats:
        away = self.away(x, y)
        swell = self.noise.fractal(x / 620.0 + self.shift, y / 620.0 - self.shift, octaves=3, gain=0.4)
        clump = self.noise.fractal(x / 60.0, y / 60.0 + self.shift, octaves=2)
        crown = self.noise.flat(x / 6.5, y / 6.5)
        trees = smoothstep(0.60, 0.66, clump) * (6.0 + 5.0 * crown) * smoothstep(90.0, 200.0, away)
        rise = smoothstep(60.0, 1500.0, away)
        found: Floats = rise * (swell * 150.0 - 38.0) + trees - 1.0
        return found

    def colour(self, sight: Sight) -> Floats:
        fine = self.noise.fractal(sight.x / 9.0, sight.y / 9.0, octaves=2)
        patch = self.noise.flat(np.floor(sight.x / 190.0) * 3.3, np.floor(sight.y / 150.0) * 5.7)
        field = mixed(light((0.34, 0.44, 0.20)), light((0.62, 0.57, 0.30)), smoothstep(0.45, 0.8, patch))
        clump = self.noise.fractal(sight.x / 60.0, sight.y / 60.0 + self.shift, octaves=2)
        wood = light((0.15, 0.28, 0.11)) * (0.35 + 1.2 * fine)
        return mixed(field * (0.8 + 0.4 * fine), wood, smoothstep(0.59, 0.62, clump))


@dataclass(frozen=True, kw_only=True)
class Forest(Land):
    """Conifers, each a cone on the ground."""

    nearest: float = 46.0
    farthest: float = 700.0

    def height(self, x: Floats, y: Floats) -> Floats:
        away = self.away(x, y)
        found = np.full(x.shape, -1.0, dtype=np.float32)
        ragged = (self.noise.flat(x * 1.9, y * 1.9) - 0.5) * 1.1
        hill = self.noise.fractal(x / 160.0 + self.shift, y / 160.0, octaves=2) * 46.0 * smoothstep(30, 420, away)
        for cell, offset in ((6.3, 0.0), (7.9, 31.7)):
            i, j = np.floor(x / cell), np.floor(y / cell)
            jitter_x = self.noise.flat(i * 1.7 + offset, j * 2.3) - 0.5
            jitter_y = self.noise.flat(i * 2.9, j * 1.3 + offset) - 0.5
            tall = 9.0 + 11.0 * self.noise.flat(i * 3.1 + offset, j * 3.7)
            dx = x - (i + 0.5 + 0.35 * jitter_x) * cell
            dy = y - (j + 0.5 + 0.35 * jitter_y) * cell
            r = np.sqrt(dx * dx + dy * dy) + ragged
            # Tiers of branches: the cone's edge goes in and out on the way up.
            cone = tall * (1.0 - r / (0.155 * tall + 0.9))
            tiers = np.abs(((cone * 0.55) % 1.0) - 0.5) * 1.1
            found = np.maximum(found, np.where(cone > 0.4, cone - tiers, -1.0))
        edge = smoothstep(self.nearest * 1.05, self.nearest * 1.5, away + 10.0 * self.noise.flat(x / 17.0, y / 17.0))
        total: Floats = hill + np.where(edge > 0.5, found, -1.0)
        return total

    def colour(self, sight: Sight) -> Floats:
        fine = self.noise.fractal(sight.x * 1.3 + sight.height * 0.9, sight.y * 1.3 + sight.height * 2.7, octaves=2)
        tree = self.noise.flat(sight.x / 9.0, sight.y / 9.0)
        leaf = mixed(light((0.10, 0.20, 0.12)), light((0.20, 0.30, 0.13)), tree)
        deep = np.clip(0.35 + 0.65 * sight.height / 12.0, 0.25, 1.1)
        return leaf * (deep * (0.35 + 1.3 * fine))


@dataclass(frozen=True, kw_only=True)
class Shore(Land):
    """The far side of a lake: a wooded bank, and mountains behind it."""

    nearest: float = 260.0

    def height(self, x: Floats, y: Floats) -> Floats:
        ranges = Mountains(noise=self.noise, centre=self.centre, shift=self.shift)
        away = self.away(x, y)
        edge = 330.0 + 150.0 * self.noise.flat(x / 210.0, y / 210.0)
        bank = smoothstep(0.0, 400.0, away - edge) * 40.0
        crown = self.noise.flat(x / 7.0, y / 7.0) * 9.0 + self.noise.flat(x / 3.1, y / 3.1) * 4.0
        wood = np.where(away > edge, bank + crown + 5.0, -5.0)
        land: Floats = np.maximum(wood, ranges.height(x, y) * smoothstep(500.0, 1800.0, away) - 10.0)
        return np.where(away > edge, land, np.float32(-5.0))

    def colour(self, sight: Sight) -> Floats:
        ranges = Mountains(noise=self.noise, centre=self.centre, shift=self.shift)
        away = self.away(sight.x, sight.y)
        fine = self.noise.fractal(sight.x / 4.0, sight.y / 4.0 + sight.height / 2.0, octaves=2)
        wood = light((0.13, 0.23, 0.12)) * (0.3 + 1.3 * fine)
        return mixed(wood, ranges.colour(sight), smoothstep(600.0, 1500.0, away))


@dataclass(frozen=True, kw_only=True)
class Dunes(Land):
    """Waves of sand."""

    nearest: float = 30.0
    farthest: float = 3500.0

    def height(self, x: Floats, y: Floats) -> Floats:
        away = self.away(x, y)
        bend = self.noise.fractal(x / 190.0 + self.shift, y / 260.0, octaves=2) * 2.6
        phase = y / 130.0 + x / 210.0 + bend
        wave = phase - np.floor(phase)
        # A dune climbs slowly and falls steeply.
        crest = np.where(wave < 0.72, wave / 0.72, (1.0 - wave) / 0.28)
        tall = 5.0 + 52.0 * self.noise.flat(x / 230.0, y / 340.0 - self.shift) ** 2
        smooth = crest * crest * (3.0 - 2.0 * crest)
        found: Floats = smooth * tall * smoothstep(20.0, 260.0, away) - 0.5
        return found

    def colour(self, sight: Sight) -> Floats:
        bend = self.noise.flat(sight.x / 9.0, sight.y / 9.0) * 3.0
        fade = np.clip(90.0 / sight.depth, 0.0, 1.0)
        ripple = np.sin(sight.y * 3.0 + sight.x * 1.1 + bend * 2.0) * 0.06 * fade
        return light((0.86, 0.66, 0.42)) * (1.0 + ripple)


@dataclass(frozen=True, kw_only=True)
class SnowHills(Land):
    """Open snow, woods here and there."""

    farthest: float = 5000.0

    def height(self, x: Floats, y: Floats) -> Floats:
        away = self.away(x, y)
        swell = self.noise.fractal(x / 520.0 + self.shift, y / 520.0, octaves=3, gain=0.4)
        clump = self.noise.fractal(x / 80.0, y / 80.0 + self.shift, octaves=2)
        spike = self.noise.flat(x / 3.2, y / 3.2)
        trees = smoothstep(0.56, 0.62, clump) * (3.0 + 10.0 * spike) * smoothstep(70.0, 160.0, away)
        found: Floats = smoothstep(50.0, 1300.0, away) * (swell * 190.0 - 40.0) + trees - 1.0
        return found

    def colour(self, sight: Sight) -> Floats:
        clump = self.noise.fractal(sight.x / 80.0, sight.y / 80.0 + self.shift, octaves=2)
        fine = self.noise.fractal(sight.x / 3.0, sight.y / 3.0 + sight.height, octaves=2)
        wood = mixed(light((0.16, 0.23, 0.18)), column((0.82, 0.87, 0.95)), smoothstep(0.45, 0.65, fine))
        snow = column((0.86, 0.90, 0.96)) * (0.95 + 0.08 * fine)
        return mixed(snow, wood, smoothstep(0.55, 0.58, clump))


LANDS: dict[Setting, type[Land]] = {
    "mountains": Mountains,
    "field": Hills,
    "forest": Forest,
    "lake": Shore,
    "desert": Dunes,
    "snow": SnowHills,
}
"""What stands behind the ground, by setting."""

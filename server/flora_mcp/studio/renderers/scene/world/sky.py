"""The sky by light and hour: gradient, sun, moon, stars and clouds."""

import math
from dataclasses import dataclass

import numpy as np

from flora_mcp.studio.renderers.scene.graph import LightName, Scene
from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import aimed, column, dot, mixed, normalised, smoothstep
from flora_mcp.studio.renderers.scene.world.rig import Rig
from flora_mcp.studio.renderers.scene.world.stars import stars


@dataclass(frozen=True, kw_only=True)
class _Air:
    zenith: tuple[float, float, float]
    middle: tuple[float, float, float]
    horizon: tuple[float, float, float]
    glow: tuple[float, float, float]
    """Around the sun, low over the horizon."""
    cloud_light: tuple[float, float, float]
    cloud_shade: tuple[float, float, float]
    clouds: tuple[float, float]
    """Least and most share of the sky under cloud."""


_AIRS: dict[LightName, _Air] = {
    "sunlit": _Air(
        zenith=(0.11, 0.28, 0.66),
        middle=(0.28, 0.52, 0.92),
        horizon=(0.72, 0.86, 1.00),
        glow=(0.60, 0.52, 0.36),
        cloud_light=(1.75, 1.72, 1.66),
        cloud_shade=(0.62, 0.70, 0.82),
        clouds=(0.15, 0.50),
    ),
    "golden hour": _Air(
        zenith=(0.10, 0.17, 0.38),
        middle=(0.42, 0.36, 0.46),
        horizon=(1.15, 0.58, 0.26),
        glow=(1.9, 0.85, 0.25),
        cloud_light=(1.7, 0.80, 0.42),
        cloud_shade=(0.34, 0.27, 0.36),
        clouds=(0.30, 0.60),
    ),
    "overcast": _Air(
        zenith=(0.46, 0.51, 0.57),
        middle=(0.60, 0.65, 0.70),
        horizon=(0.80, 0.83, 0.86),
        glow=(0.0, 0.0, 0.0),
        cloud_light=(0.95, 0.97, 1.0),
        cloud_shade=(0.40, 0.44, 0.49),
        clouds=(0.80, 0.95),
    ),
    "night": _Air(
        zenith=(0.010, 0.016, 0.042),
        middle=(0.022, 0.038, 0.092),
        horizon=(0.065, 0.095, 0.175),
        glow=(0.05, 0.07, 0.12),
        cloud_light=(0.085, 0.105, 0.16),
        cloud_shade=(0.015, 0.020, 0.040),
        clouds=(0.05, 0.35),
    ),
}
_SKY_OF: dict[LightName, LightName] = {"candle": "night", "studio": "sunlit"}
"""Lights that have no sky of their own."""
_MOON_FROM = 0.99965
_LARGE_MOON_FROM = 0.9984
"""Cosine of the moon's radius, plain and where the prompt asks for it."""


class Sky:
    """Light from every direction above the horizon."""

    def __init__(self, *, scene: Scene, rig: Rig, noise: Noise) -> None:
        random = np.random.Generator(np.random.PCG64([0x5C1E, scene.seed & 0xFFFFFFFF]))
        name = _SKY_OF.get(scene.light, scene.light)
        self._air = _AIRS[name]
        self._night = name == "night"
        self._moon_from = _MOON_FROM
        self._sun = rig.key_towards
        self._sun_light = rig.key_colour * np.float32(0.0 if name == "overcast" else 1.0)
        self._noise = noise
        self._shift = float(random.uniform(0, 100))
        low, high = self._air.clouds
        chosen = scene.clouds if scene.clouds is not None else float(random.uniform(low, high))
        self._cover = 0.9 if scene.rain else chosen
        self._fog = scene.fog
        if self._night:
            aside, height = float(random.uniform(-17.0, 17.0)), float(random.uniform(9.0, 16.0))
            if scene.moon and scene.things:
                narrow = min(scene.width_px / scene.height_px, 1.3) / 1.3
                aside, height = math.copysign((10.0 + 0.3 * abs(aside)) * narrow, aside), 0.3 * height + 10.0
            self._sun = column(aimed(90.0 + aside + scene.camera.yaw_degrees, height))
            if scene.moon:
                self._moon_from = _LARGE_MOON_FROM

    @property
    def horizon(self) -> Floats:
        """The light of the far air, (3, 1)."""
        air = column(self._air.horizon)
        return air * np.float32(1.0 - 0.35 * (self._cover > 0.75) * (not self._night))

    def light(self, direction: Floats, *, clear: bool = False) -> Floats:
        """Returns the sky in unit directions, (3, N); `clear` leaves out clouds, stars and discs."""
        air = self._air
        up = np.maximum(direction[2], 0.0)
        low = smoothstep(0.0, 0.16, up)
        high = smoothstep(0.10, 0.75, up)
        sky = mixed(mixed(column(air.horizon), column(air.middle), low), column(air.zenith), high)
        near = np.maximum(dot(self._sun, direction), 0.0)
        sky = sky + column(air.glow) * (0.30 * near**6 + 0.55 * near**40 * (1.0 - 0.6 * high))
        if not clear:
            if self._night:
                sky = sky + self._stars(direction)
            sky = sky + self._disc(direction, near)
            sky = self._clouded(sky, direction, near)
        if self._fog:
            sky = mixed(sky, self.horizon, min(1.7 * self._fog, 1.0) * (1.0 - 0.7 * smoothstep(0.05, 0.7, up)))
        return np.asarray(sky, dtype=np.float32)

    def _disc(self, direction: Floats, near: Floats) -> Floats:
        if self._night:
            edge = 0.12 * (1.0 - self._moon_from)
            disc = smoothstep(self._moon_from - edge, self._moon_from + edge, near)
            coarse = 150.0 * math.sqrt((1.0 - _MOON_FROM) / (1.0 - self._moon_from))
            spots = self._noise.solid((direction - self._sun) * np.float32(coarse))
            return column((1.0, 0.97, 0.88)) * (disc * (0.72 + 0.5 * spots) * 2.2 + 0.16 * near**700)
        disc = smoothstep(0.99975, 0.99990, near)
        return self._sun_light * (disc * np.float32(6.0) + near**1500 * np.float32(0.9))

    def _stars(self, direction: Floats) -> Floats:
        risen = smoothstep(0.02, 0.25, direction[2])
        return column((0.95, 0.97, 1.0)) * (stars(direction, self._noise) * risen * np.float32(1.8))

    def _clouded(self, sky: Floats, direction: Floats, near: Floats) -> Floats:
        if self._cover < 0.02:
            return sky
        lift = np.maximum(direction[2], 0.0) + np.float32(0.11)
        u = direction[0] / lift * 1.15 + self._shift
        v = direction[1] / lift * 1.15 - self._shift
        field = self._noise.fractal(u, v, octaves=5, gain=0.52)
        towards = self._sun[:2, 0]
        shaded = self._noise.fractal(u + towards[0] * 0.16, v + towards[1] * 0.16, octaves=3, gain=0.52)
        edge = 0.64 - 0.34 * self._cover
        dense = smoothstep(edge, edge + 0.20, field)
        body = np.clip(0.58 + (field - shaded) * 3.2 - 0.55 * dense * self._cover, 0.0, 1.0)
        cloud = mixed(column(self._air.cloud_shade), column(self._air.cloud_light), body)
        cloud = cloud + self._sun_light * (0.22 * near**24 * (1.0 - dense * 0.6)) * (not self._night)
        dense = dense * smoothstep(0.0, 0.10, direction[2]) * 0.94
        return mixed(sky, cloud, dense)


def flattened(direction: Floats) -> Floats:
    """Returns unit directions that do not point below the horizon."""
    level = direction.copy()
    level[2] = np.maximum(level[2], 0.0)
    return normalised(level)

"""The sky of outer space: stars, a nebula, now and then a world below."""

import numpy as np

from flora_mcp.studio.renderers.scene.graph import Scene
from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import aimed, column, dot, light, mixed, normalised, smoothstep
from flora_mcp.studio.renderers.scene.world.rig import Rig
from flora_mcp.studio.renderers.scene.world.stars import stars

_NEBULAE = (
    ((0.42, 0.16, 0.55), (0.10, 0.30, 0.55)),
    ((0.10, 0.38, 0.48), (0.50, 0.18, 0.30)),
    ((0.55, 0.28, 0.14), (0.16, 0.18, 0.50)),
)
_WORLDS = ((0.30, 0.48, 0.70), (0.74, 0.48, 0.30), (0.46, 0.60, 0.52))
_PLANETS = ("planet", "moon", "sun")


class Space:
    """Light from every direction of space."""

    def __init__(self, *, scene: Scene, rig: Rig, noise: Noise) -> None:
        random = np.random.Generator(np.random.PCG64([0x59AC, scene.seed & 0xFFFFFFFF]))
        self._noise = noise
        first, second = _NEBULAE[int(random.integers(len(_NEBULAE)))]
        self._first, self._second = light(first, 0.30), light(second, 0.30)
        self._shift = float(random.uniform(0.0, 30.0))
        self._world = light(_WORLDS[int(random.integers(len(_WORLDS)))])
        side = 1.0 if random.random() < 0.5 else -1.0
        turn = 90.0 + side * float(random.uniform(16.0, 26.0)) + scene.camera.yaw_degrees
        self._centre = column(aimed(turn, float(random.uniform(-22.0, -8.0))))
        # A scene about planets has enough of them.
        crowded = any(thing.shape in _PLANETS for thing in scene.things)
        self._radius = 0.0 if crowded else float(random.uniform(0.22, 0.34))
        self._sun = rig.key_towards

    @property
    def horizon(self) -> Floats:
        """There is no air: what fades, fades to black."""
        return column((0.004, 0.004, 0.008))

    def light(self, direction: Floats, *, clear: bool = False) -> Floats:
        """Returns what is seen in unit directions, (3, N); `clear` leaves out stars and worlds."""
        p = direction * np.float32(2.1) + np.float32(self._shift)
        cloud = self._noise.solid(p) * 0.55 + self._noise.solid(p * 2.3) * 0.28 + self._noise.solid(p * 5.1) * 0.17
        hue = self._noise.solid(direction * np.float32(1.7) + np.float32(self._shift + 9.0))
        veil = smoothstep(0.48, 0.80, cloud)
        sky = self.horizon + mixed(self._first, self._second, smoothstep(0.35, 0.65, hue)) * veil
        if clear:
            return np.asarray(sky, dtype=np.float32)
        shining = stars(direction, self._noise) * np.float32(2.4)
        sky = sky + column((0.95, 0.97, 1.0)) * (shining * (0.6 + 0.8 * veil))
        return self._with_world(sky, direction) if self._radius else np.asarray(sky, dtype=np.float32)

    def _with_world(self, sky: Floats, direction: Floats) -> Floats:
        along = dot(self._centre, direction)
        aside = direction - self._centre * along
        across = np.sqrt(np.maximum(dot(aside, aside), 0.0)) / np.float32(self._radius)
        inside = (1.0 - smoothstep(0.995, 1.005, across)) * (along > 0.0)
        depth = np.sqrt(np.maximum(1.0 - across * across, 0.0))
        normal = normalised(aside / np.float32(self._radius) - self._centre * depth)
        bands = self._noise.fractal(normal[0] * 2.0 + self._shift, normal[2] * 7.0, octaves=4)
        lit = np.maximum(dot(self._sun, normal), 0.0) * 1.5 + 0.02
        world = self._world * (0.45 + 1.1 * bands) * lit
        rim = np.exp(-np.abs(across - 1.0) * 26.0) * np.maximum(dot(self._sun, normal) + 0.3, 0.0) * (along > 0.0)
        sky = mixed(sky, world, inside) + column((0.30, 0.55, 0.95)) * rim * 0.5
        return np.asarray(sky, dtype=np.float32)

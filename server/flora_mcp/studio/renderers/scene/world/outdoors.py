"""Settings under the sky: ground, distant land, water, weather."""

import numpy as np

from flora_mcp.studio.renderers.scene.camera import View
from flora_mcp.studio.renderers.scene.finishes import FINISHES
from flora_mcp.studio.renderers.scene.graph import Scene
from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.textures import skin_colour
from flora_mcp.studio.renderers.scene.vectors import column, dot, light, mixed, normalised, smoothstep
from flora_mcp.studio.renderers.scene.world.grounds import MEANS, WATERS, ground_colour, wave_normals
from flora_mcp.studio.renderers.scene.world.lands import LANDS, Land
from flora_mcp.studio.renderers.scene.world.panorama import Panorama
from flora_mcp.studio.renderers.scene.world.relief import Sight, Standpoint, survey
from flora_mcp.studio.renderers.scene.world.rig import Rig
from flora_mcp.studio.renderers.scene.world.sky import Sky, flattened
from flora_mcp.studio.renderers.scene.world.skyline import City
from flora_mcp.studio.renderers.scene.world.space import Space
from flora_mcp.studio.renderers.scene.world.surroundings import Footing

_POINTS_A_BAND = 65536


def ground_mean(scene: Scene) -> Floats:
    """Returns the mean colour of the ground outdoors, (3, 1)."""
    if scene.surface.colour is not None:
        return light(scene.surface.colour)
    if scene.surface.material is not None:
        return light(FINISHES[scene.surface.material].colour or (0.6, 0.6, 0.58))
    return light(
        MEANS["lake"] if scene.setting == "city" and not scene.things else MEANS.get(scene.setting, (0.3, 0.3, 0.3))
    )


class Outdoors:
    """A place under the sky."""

    def __init__(self, scene: Scene, view: View, rig: Rig, size: float, noise: Noise) -> None:
        random = np.random.Generator(np.random.PCG64([0x0D00, scene.seed & 0xFFFFFFFF]))
        self.has_ground = scene.setting != "space"
        self._scene, self._rig, self._noise, self._size = scene, rig, noise, size
        self._view = view
        self._colour = ground_mean(scene)
        # A city without a subject is seen across its river.
        river = scene.setting == "city" and not scene.things
        self._water = (scene.setting in WATERS or river) and scene.surface.material is None
        heavens = Sky if self.has_ground else Space
        self._sky: Sky | Space = heavens(scene=scene, rig=rig, noise=noise)
        flat = view.ahead.copy()
        flat[2] = 0.0
        self._ahead = flat / max(float(np.sqrt((flat * flat).sum())), 1e-6)
        kind: type[Land] | None = City if scene.setting == "city" else LANDS.get(scene.setting)
        origin = (float(view.origin[0, 0]), float(view.origin[1, 0]))
        shift = float(random.uniform(0.0, 60.0))
        self._land = kind(noise=noise, centre=origin, shift=shift) if kind else None
        self._clear = 10000.0 * float(np.exp(-7.0 * scene.fog)) + 25.0 * size
        if scene.rain:
            self._clear *= 0.35
        self._shore = float(random.uniform(5.0, 8.0)) * (size if scene.things else 2.4)
        # Land begins where the ground ends: never nearer than well behind the subject.
        nearest = self._land.nearest if self._land else 1e9
        self._horizon = max(380.0 if river else nearest, 9.0 * size)
        # What will be blurred need not be painted fine.
        self._soft = self._blur()
        columns = round(view.width_px * (0.55 if self._soft else 1.2))
        self._panorama = Panorama(view, columns=columns, rows=self._row_count(view, columns))
        self._paint()

    def _row_count(self, view: View, columns: int) -> int:
        probe = Panorama(view, columns=2, rows=2)
        share = (probe.high_v - probe.low_v) / (probe.high_u - probe.low_u)
        return int(np.clip(columns * share, 64, 1.6 * columns))

    def _paint(self) -> None:
        panorama = self._panorama
        u, v = panorama.u, panorama.v
        painted = np.zeros((3, v.size * u.size), dtype=np.float32)
        rows = max(_POINTS_A_BAND // u.size, 1)
        for start in range(0, v.size, rows):
            grid_v, grid_u = np.meshgrid(v[start : start + rows], u, indexing="ij")
            towards = normalised(panorama.directions(grid_u.ravel(), grid_v.ravel()))
            painted[:, start * u.size : start * u.size + towards.shape[1]] = self._beyond(towards)
        if self._land is not None:
            stand = Standpoint(origin=self._view.origin, ahead=self._ahead, right=self._view.right, u=u, v=v)
            sight = survey(self._land.height, stand, nearest=self._horizon, farthest=self._land.farthest)
            at = np.flatnonzero(sight.shown.ravel())
            for start in range(0, at.size, _POINTS_A_BAND):
                part = slice(start, start + _POINTS_A_BAND)
                painted[:, at[part]] = self._land_light(_cut(sight, part))
        panorama.paint(painted.reshape(3, v.size, u.size), blur=self._soft)

    def _blur(self) -> float:
        """Returns how far out of focus the backdrop is: small things are photographed with an open lens."""
        if not self._scene.things or not self.has_ground:
            return 0.0
        return float(np.clip(0.006 - 0.004 * np.log10(max(self._size, 0.05) / 0.3), 0.0016, 0.012))

    def _beyond(self, towards: Floats) -> Floats:
        """Returns what is seen past the land: sky, or sea below the horizon of a beach."""
        sky = self._sky.light(flattened(towards) if self.has_ground else towards)
        if self._scene.setting != "beach":
            return sky
        down = np.maximum(-towards[2], 0.0)
        far = self._view.origin[2, 0] / np.maximum(down, 1e-4)
        x, y = towards[0] * far, towards[1] * far
        k = 1.0 / self._size
        swell = self._noise.fractal(x * k * 0.10, y * k * 0.45, octaves=3)
        surf = 0.8 * smoothstep(0.70, 0.80, swell) * np.clip(26.0 * self._size / far, 0.0, 1.0)
        deep = mixed(light((0.26, 0.56, 0.58)), light((0.07, 0.27, 0.40)), smoothstep(8.0, 60.0, far * k))
        sun = self._rig.above + self._rig.key_colour * self._rig.key_towards[2] * 0.35
        sea = mixed(deep * sun * (0.75 + 0.5 * swell), sky, np.clip((1.0 - down * 6.0), 0.0, 1.0) * 0.5)
        sea = mixed(sea, column((0.92, 0.95, 0.97)) * sun, surf)
        return np.where(towards[2] < 0.0, sea, sky)

    def _land_light(self, sight: Sight) -> Floats:
        assert self._land is not None
        rig = self._rig
        colour = self._land.colour(sight)
        facing = np.clip(dot(rig.key_towards, sight.normal), 0.0, 1.0)
        up = 0.5 + 0.5 * sight.normal[2]
        lit = colour * (rig.key_colour * facing + rig.above * up + rig.below * (1.0 - up) * 0.4 + rig.side * 0.2)
        if rig.dark and isinstance(self._land, City):
            lit = lit + self._land.glow(sight) * (0.9 if self._scene.light != "golden hour" else 0.45)
        clear = np.exp(-sight.depth / np.float32(self._clear))
        return mixed(self._sky.horizon * 0.92, lit, clear)

    def ground_share(self, points: Floats, distance: Floats) -> Floats:
        away = dot(self._ahead, points - self._view.origin)
        if self._scene.setting == "beach":
            edge = self._shore + float(dot(self._ahead, -self._view.origin)[0])
            wobble = self._noise.fractal(points[0] / self._size * 0.3, points[1] / self._size * 0.3, octaves=2)
            far = away + (wobble - 0.5) * 2.0 * self._size
            return 1.0 - smoothstep(edge * 0.985, edge * 1.015, far)
        if self._land is None:
            return np.ones_like(away)
        return 1.0 - smoothstep(0.98 * self._horizon, 1.10 * self._horizon, away)

    def footing(self, points: Floats, distance: Floats) -> Footing:
        if self._water:
            calm = self._scene.setting != "ocean"
            rough = 0.05 if calm else 0.30
            scale = max(self._size, 0.3) * (0.25 if calm else 0.5)
            normal = wave_normals(points, distance, self._noise, rough=rough, size=scale)
            sun = self._rig.above + self._rig.key_colour * self._rig.key_towards[2] * 0.25
            lit = np.ones_like(distance)
            return Footing(
                colour=np.broadcast_to(self._colour * sun, points.shape),
                normal=normal,
                roughness=0.08,
                gloss=0.025,
                lit=lit,
                deep=True,
            )
        normal = np.zeros_like(points)
        normal[2] = 1.0
        finish = FINISHES[self._scene.surface.material] if self._scene.surface.material else None
        if finish is not None and self._scene.surface.material is not None:
            flat = np.stack([points[0], points[1], np.full_like(points[0], 0.37)])
            colour = skin_colour(self._scene.surface.material, self._colour, flat, self._noise, self._size)
        else:
            colour = ground_colour(
                self._scene.setting, self._colour, points, distance, self._noise, min(self._size, 1.6)
            )
        wet = 0.05 if self._scene.rain or (self._scene.setting == "city" and self._rig.dark) else 0.0
        gloss = wet or (finish.gloss if finish else 0.0)
        roughness = 0.2 if wet else (finish.roughness if finish else 0.9)
        return Footing(colour=colour, normal=normal, roughness=roughness, gloss=gloss, lit=self.lit(points))

    def backdrop(self, direction: Floats) -> Floats:
        return self._panorama.seen(direction)

    def mirrored(self, direction: Floats, roughness: float) -> Floats:
        if roughness <= 0.1:
            ahead = dot(self._ahead, direction) > 0.35
            sky = self._sky.light(flattened(direction), clear=True)
            return np.where(ahead, self._panorama.seen(direction), sky)
        if not self.has_ground:
            return self._sky.light(direction, clear=True) * 2.0
        sky = self._sky.light(flattened(direction), clear=True)
        ground = self._rig.below * 1.1
        return mixed(ground, sky, smoothstep(-0.25 - 0.4 * roughness, 0.15 + 0.5 * roughness, direction[2]))

    def lit(self, points: Floats) -> Floats:
        if self._scene.setting != "forest" or self._scene.light not in ("sunlit", "golden hour"):
            return np.ones(points.shape[1], dtype=np.float32)
        along = points[2] / np.maximum(self._rig.key_towards[2], 0.2)
        u = (points[0] - along * self._rig.key_towards[0]) / self._size
        v = (points[1] - along * self._rig.key_towards[1]) / self._size
        leaves = self._noise.flat(u * 1.9 + 7.0, v * 1.9) * 0.6 + self._noise.flat(u * 4.7, v * 4.7) * 0.4
        dim = 0.15 + 0.6 * self._scene.fog
        return dim + (1.0 - dim) * smoothstep(0.42, 0.60, leaves)

    def veil(self, light: Floats, distance: Floats, direction: Floats) -> Floats:
        if not self.has_ground:
            return light
        clear = np.exp(-np.minimum(distance, np.float32(1e5)) / np.float32(self._clear))
        return mixed(self._sky.horizon * 0.9, light, clear)


def _cut(sight: Sight, part: slice) -> Sight:
    return Sight(
        shown=sight.shown,
        depth=sight.depth[part],
        x=sight.x[part],
        y=sight.y[part],
        height=sight.height[part],
        top=sight.top[part],
        normal=sight.normal[:, part],
    )

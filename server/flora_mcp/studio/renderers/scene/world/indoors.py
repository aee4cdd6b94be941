"""Table, studio and room: a surface, a wall out of focus, and the window that glossy skins mirror."""

import numpy as np

from flora_mcp.studio.renderers.scene.camera import View
from flora_mcp.studio.renderers.scene.finishes import FINISHES
from flora_mcp.studio.renderers.scene.graph import Colour, Material, Scene
from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.textures import marble, planks, skin_colour
from flora_mcp.studio.renderers.scene.vectors import aimed, column, dot, light, mixed, smoothstep
from flora_mcp.studio.renderers.scene.world.panorama import Panorama
from flora_mcp.studio.renderers.scene.world.rig import Rig
from flora_mcp.studio.renderers.scene.world.surroundings import Footing
from flora_mcp.studio.renderers.scene.world.wall import paint_wall, sweep_colour
from flora_mcp.studio.renderers.scene.world.window import Window

_WOODS: tuple[Colour, ...] = (
    (0.70, 0.50, 0.32),
    (0.58, 0.38, 0.23),
    (0.76, 0.60, 0.43),
    (0.46, 0.30, 0.19),
    (0.64, 0.45, 0.31),
)


def surface_colour(scene: Scene) -> Floats:
    """Returns the mean colour of the table, sweep or floor, (3, 1)."""
    if scene.surface.colour is not None:
        return light(scene.surface.colour)
    material = _surface_material(scene)
    random = np.random.Generator(np.random.PCG64([0x7AB1, scene.seed & 0xFFFFFFFF]))
    if material == "wood":
        return light(_WOODS[int(random.integers(len(_WOODS)))])
    if material == "paper":
        return light(sweep_colour(scene) if scene.setting == "studio" else (0.86, 0.85, 0.83))
    if material == "marble":
        return light((0.80, 0.79, 0.78))
    return light(FINISHES[material].colour or (0.80, 0.78, 0.74))


def _surface_material(scene: Scene) -> Material:
    return scene.surface.material or ("paper" if scene.setting == "studio" else "wood")


class Indoors:
    """A place with a surface and a wall."""

    has_ground = True

    def __init__(self, scene: Scene, view: View, rig: Rig, size: float, noise: Noise) -> None:
        random = np.random.Generator(np.random.PCG64([0x1D00, scene.seed & 0xFFFFFFFF]))
        self._scene, self._rig, self._noise, self._size = scene, rig, noise, size
        self._view = view
        self._material = _surface_material(scene)
        self._colour = surface_colour(scene)
        angle = float(random.uniform(-14.0, 14.0)) + (90.0 if random.random() < 0.25 else 0.0)
        self._along = column(aimed(angle + scene.camera.yaw_degrees, 0.0))
        self._shift = column((float(random.uniform(0, 9)), float(random.uniform(0, 9)), 0.0))
        self._window = Window(towards=rig.key_towards, size=size, noise=noise, random=random) if rig.gobo else None
        flat = view.ahead.copy()
        flat[2] = 0.0
        self._heading = flat / max(float(np.linalg.norm(flat)), 1e-6)
        self._edge = float(size * random.uniform(2.2, 3.4))
        if scene.setting == "room":
            self._edge = float(size * random.uniform(1.0, 1.5))
        columns = 640 if scene.setting == "room" else 320
        self._wall = Panorama(view, columns=columns, rows=columns * 3 // 4)
        paint_wall(self._wall, scene, rig, random, base=self._base(view))
        self._window_at = column(aimed_like(rig.key_towards))

    def _base(self, view: View) -> float:
        """Returns where on the picture plane the wall meets the floor of a room; far below for a table."""
        if self._scene.setting != "room":
            return -9.0
        depth = self._edge + float((self._heading * -view.origin).sum())
        return -float(view.origin[2, 0]) / max(depth, 1e-3)

    def ground_share(self, points: Floats, distance: Floats) -> Floats:
        away = dot(self._heading, points)
        if self._scene.setting == "studio":
            return 1.0 - smoothstep(0.5 * self._edge, 2.4 * self._edge, away)
        if self._scene.setting == "room":
            return np.asarray(away < np.float32(self._edge), dtype=np.float32)
        return 1.0 - smoothstep(0.90 * self._edge, 1.10 * self._edge, away)

    def footing(self, points: Floats, distance: Floats) -> Footing:
        finish = FINISHES[self._material]
        p = points + self._shift
        u = p[0] * self._along[0] + p[1] * self._along[1]
        v = p[1] * self._along[0] - p[0] * self._along[1]
        # The lens is sharp at the subject only: the finest grain fades before and behind.
        blur = np.abs(distance - np.float32(self._view.focus)) / np.float32(self._view.focus)
        fine = np.clip(1.0 - blur * np.float32(2.4), 0.0, 1.0)
        colour = self._paint(u, v, p, fine)
        normal = np.zeros_like(points)
        normal[2] = 1.0
        gloss = 0.045 if self._material == "wood" else finish.gloss
        roughness = 0.30 if self._material == "wood" else finish.roughness
        return Footing(colour=colour, normal=normal, roughness=roughness, gloss=gloss, lit=self.lit(points))

    def _paint(self, u: Floats, v: Floats, points: Floats, fine: Floats) -> Floats:
        if self._material == "wood":
            width = 0.16 if self._scene.setting == "room" else 0.125
            return planks(self._colour, u, v, self._noise, fine, width)
        if self._material == "marble":
            return marble(self._colour, np.stack([u, v, np.full_like(u, 0.37)]), self._noise, 3.0)
        if self._material == "fabric":
            weave = np.sin(u * 2900.0) * np.sin(v * 2900.0) * fine
            slub = self._noise.flat(u * 30.0, v * 900.0) + self._noise.flat(u * 900.0, v * 30.0)
            fold = self._noise.fractal(u * 5.0, v * 3.0, octaves=2)
            return self._colour * (0.80 + 0.10 * weave + (slub - 1.0) * 0.20 * fine + 0.4 * (fold - 0.5) + 0.1)
        if self._material == "paper":
            return np.broadcast_to(self._colour, points.shape)
        flat = np.stack([u, v, np.full_like(u, 0.37)])
        return skin_colour(self._material, self._colour, flat, self._noise, 0.3)

    def backdrop(self, direction: Floats) -> Floats:
        return self._wall.seen(direction)

    def mirrored(self, direction: Floats, roughness: float) -> Floats:
        z = direction[2]
        rig = self._rig
        room = mixed(rig.below * 1.1, rig.above * 1.25 + rig.side * 0.25, smoothstep(-0.45, 0.75, z))
        # A wall of the room stands out of the dark on the side of the window.
        room = room + rig.side * (0.5 * smoothstep(-0.6, 1.0, dot(self._window_at, direction)))
        soft = 0.02 + 0.9 * roughness
        pane = self._frame(direction, self._window_at, soft, 0.27, 0.55, bars=True)
        strength = {"sunlit": 6.0, "golden hour": 4.2, "overcast": 4.0, "studio": 4.2}.get(self._scene.light, 0.9)
        tint = rig.key_colour / np.float32(max(float(rig.key_colour.max()), 1e-6))
        glow = room + (tint * np.float32(0.35) + np.float32(0.65)) * (pane * np.float32(strength))
        if self._scene.light in ("studio", "overcast"):
            other = self._window_at * column((-1.0, 1.0, 1.0))
            glow = glow + self._frame(direction, other, soft, 0.30, 0.85, bars=False) * np.float32(1.8)
        return glow

    def _frame(self, direction: Floats, at: Floats, soft: float, wide: float, high: float, *, bars: bool) -> Floats:
        """Returns how much of a bright rectangle around `at` each direction sees."""
        towards = at[:, 0]
        across = np.cross([0.0, 0.0, 1.0], towards)
        across = across / np.linalg.norm(across)
        upwards = np.cross(towards, across)
        front = np.maximum(dot(at, direction), np.float32(1e-3))
        a = np.abs(dot(column(across), direction) / front)
        b = np.abs(dot(column(upwards), direction) / front)
        share = (1.0 - smoothstep(wide - soft, wide + soft, a)) * (1.0 - smoothstep(high - soft, high + soft, b))
        if bars and soft < 0.3:
            bar = 0.045
            share = share * smoothstep(bar - soft * 0.4, bar + soft * 0.4 + 0.02, a)
            share = share * smoothstep(bar - soft * 0.4, bar + soft * 0.4 + 0.02, b)
        seen: Floats = share * (front > 2e-3)
        return seen

    def lit(self, points: Floats) -> Floats:
        if self._window is None:
            return np.ones(points.shape[1], dtype=np.float32)
        return self._window.light(points)

    def veil(self, light: Floats, distance: Floats, direction: Floats) -> Floats:
        return light


def aimed_like(towards: Floats) -> tuple[float, float, float]:
    """Returns the direction in which the window stands: that of the light, but lower and more to the front.

    A window where the light truly comes from would be mirrored on the far side of a body only; photographers
    move a reflector until its mirror image sits on the near shoulder, and so does this.
    """
    x, y, _ = (float(c) for c in towards[:, 0])
    length = (x * x + y * y) ** 0.5
    x, y = x / length, min(y / length, 0.1) - 0.75
    across = (x * x + y * y) ** 0.5
    return (x / across * 0.97, y / across * 0.97, 0.24)

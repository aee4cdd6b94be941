"""Where the picture is taken from: a camera that frames its subject, and the rays through its pixels."""

import math
from dataclasses import dataclass

import numpy as np

from flora_mcp.studio.renderers.scene.bodies import Body
from flora_mcp.studio.renderers.scene.graph import INDOORS, Scene
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import column, dot, normalised

_PITCH_INDOORS = {"eye": 17.0, "high": 34.0, "low": 3.0, "top-down": 84.0}
_PITCH_OUTDOORS = {"eye": 4.5, "high": 22.0, "low": 0.5, "top-down": 80.0}
_FILL = {"normal": 0.62, "close-up": 0.96, "wide": 0.32}
"""Share of the frame that the subject takes."""
_STANDS = {"mountains": 9.0, "field": 3.0, "lake": 3.0, "ocean": 3.2, "desert": 11.0, "snow": 4.0, "city": 14.0}
"""Height of the eye over a land without a subject, metres."""


@dataclass(frozen=True, kw_only=True)
class View:
    """A pinhole with a shiftable lens."""

    origin: Floats
    right: Floats
    up: Floats
    ahead: Floats
    width_px: int
    height_px: int
    spread: float
    """Half the height of the picture over its distance."""
    shift_right: float
    shift_up: float
    """Lens shift, in half heights of the picture."""
    focus: float
    """Distance that is sharp, metres."""

    @property
    def pixel(self) -> float:
        """Width of a pixel one metre away."""
        return 2.0 * self.spread / self.height_px

    def rays(self, column_px: Floats, row_px: Floats) -> Floats:
        """Returns unit directions through points of the picture; (0.5, 0.5) is the middle of the first pixel."""
        half = np.float32(self.height_px / 2.0)
        u = (column_px - np.float32(self.width_px / 2.0)) / half + np.float32(self.shift_right)
        v = (half - row_px) / half + np.float32(self.shift_up)
        k = np.float32(self.spread)
        return normalised(self.right * (u * k) + self.up * (v * k) + self.ahead)

    def seen_at(self, points: Floats) -> tuple[Floats, Floats]:
        """Returns the column and row at which world points appear."""
        away = points - self.origin
        depth = np.maximum(dot(self.ahead, away), np.float32(1e-6)) * np.float32(self.spread)
        half = np.float32(self.height_px / 2.0)
        u = dot(self.right, away) / depth - np.float32(self.shift_right)
        v = dot(self.up, away) / depth - np.float32(self.shift_up)
        return u * half + np.float32(self.width_px / 2.0), half - v * half


def frame(scene: Scene, bodies: tuple[Body, ...]) -> View:
    """Returns the view that the scene's camera asks for, with all framed bodies in the picture."""
    random = np.random.Generator(np.random.PCG64([0xCA3E, scene.seed & 0xFFFFFFFF]))
    indoors = scene.setting in INDOORS
    angle = scene.camera.angle
    pitch = (_PITCH_INDOORS if indoors else _PITCH_OUTDOORS)[angle] + float(random.uniform(-1.5, 2.5))
    subjects = tuple(body for body in bodies if scene.things[body.thing_number].framed)
    if not subjects and angle in ("eye", "low"):
        pitch = 0.0
    elif not indoors and all(body.shape.floats > 1.0 for body in subjects) and angle in ("eye", "low"):
        # What hangs in the sky is looked up at, so that the horizon lies below it.
        pitch -= 15.0
    elif scene.moon:
        pitch -= 5.0
    yaw = math.radians(scene.camera.yaw_degrees)
    ahead = column(
        (
            -math.sin(yaw) * math.cos(math.radians(pitch)),
            math.cos(yaw) * math.cos(math.radians(pitch)),
            -math.sin(math.radians(pitch)),
        )
    )
    right = column((math.cos(yaw), math.sin(yaw), 0.0))
    up = np.cross(right[:, 0], ahead[:, 0])[:, None].astype(np.float32)
    spread = math.tan(math.radians(_field_of_view(scene) / 2.0))
    corners = _corners(subjects)
    if corners is None:
        height = _STANDS.get(scene.setting, 2.0) * {"eye": 1.0, "low": 0.4, "high": 5.0, "top-down": 12.0}[angle]
        origin, focus = column((0.0, 0.0, height)), 1000.0
        shift = (0.0, float(random.uniform(0.18, 0.34)) if angle in ("eye", "low") else 0.0)
    else:
        origin, focus = _fitted(scene, corners, ahead, right, up, spread)
        shift = _composed(scene, random, len({body.thing_number for body in subjects}))
    return View(
        origin=origin,
        right=right,
        up=up,
        ahead=ahead,
        width_px=scene.width_px,
        height_px=scene.height_px,
        spread=spread,
        shift_right=shift[0],
        shift_up=shift[1],
        focus=focus,
    )


def _field_of_view(scene: Scene) -> float:
    """Returns the vertical angle of view: a portrait lens indoors, a normal one in the open."""
    if scene.setting in ("table", "studio"):
        return 24.0 if scene.camera.framing != "wide" else 32.0
    if scene.setting == "room":
        return 34.0
    return {"close-up": 26.0, "normal": 40.0, "wide": 52.0}[scene.camera.framing]


def _corners(bodies: tuple[Body, ...]) -> Floats | None:
    """Returns the corners of all bounding boxes, (3, N) in the world."""
    found = []
    for body in bodies:
        low, high = body.low[:, 0], body.high[:, 0]
        box = np.array(
            [[x, y, z] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])],
            dtype=np.float32,
        ).T
        found.append(body.turn @ (box * np.float32(body.scale)) + body.position)
    return np.concatenate(found, axis=1) if found else None


def _fitted(
    scene: Scene, corners: Floats, ahead: Floats, right: Floats, up: Floats, spread: float
) -> tuple[Floats, float]:
    """Returns where the camera stands and how far its subject is."""
    fill = _FILL[scene.camera.framing]
    aspect = scene.width_px / scene.height_px
    middle = (corners.min(axis=1) + corners.max(axis=1))[:, None] * np.float32(0.5)
    relative = corners - middle
    across, upwards, deep = ((axis * relative).sum(axis=0) for axis in (right, up, ahead))
    need = (
        np.maximum(np.abs(across) / (min(fill * 1.25, 0.94) * min(aspect, 1.6)), np.abs(upwards) / fill) / spread - deep
    )
    distance = float(need.max())
    origin = middle - ahead * np.float32(distance)
    lowest = 0.10 * float(corners[2].max())
    if origin[2, 0] < lowest:
        origin[2, 0] = lowest
    return origin.astype(np.float32), distance


def _composed(scene: Scene, random: np.random.Generator, count: int) -> tuple[float, float]:
    """Returns a lens shift that puts a lone subject off the middle and leaves more room above than below."""
    aspect = scene.width_px / scene.height_px
    side = 1.0 if random.random() < 0.5 else -1.0
    free = {"normal": 0.20, "close-up": 0.04, "wide": 0.33}[scene.camera.framing]
    across = side * free * max(aspect - 0.55, 0.1) * float(random.uniform(0.35, 1.0)) if count == 1 else 0.0
    if scene.camera.angle == "top-down":
        return across, 0.0
    lift = {"normal": 0.09, "close-up": 0.0, "wide": 0.22}[scene.camera.framing]
    return across, lift

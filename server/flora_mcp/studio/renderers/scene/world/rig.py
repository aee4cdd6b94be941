"""The lights of a scene, by the name of its light."""

from dataclasses import dataclass

import numpy as np

from flora_mcp.studio.renderers.scene.bodies import Body
from flora_mcp.studio.renderers.scene.graph import INDOORS, LightName, Scene
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import aimed, column, light


@dataclass(frozen=True, kw_only=True)
class Point:
    """A light close by, which weakens with distance."""

    position: Floats
    colour: Floats
    """Light that arrives one `unit` away."""
    unit: float


@dataclass(frozen=True, kw_only=True)
class Rig:
    """All light that reaches bodies and ground."""

    key_towards: Floats
    """Unit vector to the main light, (3, 1)."""
    key_colour: Floats
    key_hardness: float
    """Distance over radius of the main light: 3 is a softbox, 50 the sun."""
    above: Floats
    """Soft light from the sky or ceiling."""
    below: Floats
    """Light the ground throws back."""
    side: Floats
    """Soft light from the side of the main light: the window around the sun."""
    points: tuple[Point, ...]
    exposure: float
    dark: bool
    """Windows of houses shine."""
    gobo: bool
    """The main light falls through a window."""


@dataclass(frozen=True, kw_only=True)
class _Mix:
    key: tuple[float, float, float]
    elevation: tuple[float, float]
    hardness: float
    above: tuple[float, float, float]
    side: tuple[float, float, float]
    exposure: float
    gobo: bool = False


_INDOORS: dict[LightName, _Mix] = {
    "sunlit": _Mix(
        key=(3.7, 3.15, 2.4),
        elevation=(29.0, 38.0),
        hardness=15.0,
        above=(0.34, 0.36, 0.40),
        side=(0.42, 0.44, 0.46),
        exposure=0.80,
        gobo=True,
    ),
    "golden hour": _Mix(
        key=(4.2, 2.35, 1.05),
        elevation=(15.0, 21.0),
        hardness=15.0,
        above=(0.30, 0.25, 0.27),
        side=(0.46, 0.32, 0.22),
        exposure=0.82,
        gobo=True,
    ),
    "overcast": _Mix(
        key=(0.95, 1.0, 1.05),
        elevation=(38.0, 50.0),
        hardness=2.6,
        above=(0.46, 0.49, 0.53),
        side=(0.55, 0.60, 0.66),
        exposure=0.92,
    ),
    "studio": _Mix(
        key=(1.5, 1.46, 1.4),
        elevation=(42.0, 52.0),
        hardness=3.6,
        above=(0.42, 0.42, 0.43),
        side=(0.32, 0.32, 0.33),
        exposure=0.70,
    ),
    "night": _Mix(
        key=(1.35, 0.86, 0.46),
        elevation=(26.0, 36.0),
        hardness=7.0,
        above=(0.095, 0.110, 0.17),
        side=(0.10, 0.12, 0.20),
        exposure=0.95,
    ),
    "candle": _Mix(
        key=(0.05, 0.06, 0.10),
        elevation=(35.0, 45.0),
        hardness=4.0,
        above=(0.035, 0.030, 0.034),
        side=(0.02, 0.02, 0.03),
        exposure=1.0,
    ),
}

_OUTDOORS: dict[LightName, _Mix] = {
    "sunlit": _Mix(
        key=(3.5, 3.1, 2.6),
        elevation=(34.0, 46.0),
        hardness=46.0,
        above=(0.52, 0.66, 0.90),
        side=(0.10, 0.10, 0.10),
        exposure=0.62,
    ),
    "golden hour": _Mix(
        key=(4.1, 2.15, 0.85),
        elevation=(7.0, 11.0),
        hardness=34.0,
        above=(0.52, 0.50, 0.62),
        side=(0.55, 0.30, 0.14),
        exposure=0.70,
    ),
    "overcast": _Mix(
        key=(0.55, 0.57, 0.60),
        elevation=(55.0, 65.0),
        hardness=2.5,
        above=(0.78, 0.83, 0.90),
        side=(0.05, 0.05, 0.05),
        exposure=0.78,
    ),
    "studio": _Mix(
        key=(2.6, 2.5, 2.4),
        elevation=(40.0, 50.0),
        hardness=8.0,
        above=(0.6, 0.66, 0.75),
        side=(0.15, 0.15, 0.15),
        exposure=0.75,
    ),
    "night": _Mix(
        key=(0.36, 0.46, 0.70),
        elevation=(30.0, 42.0),
        hardness=30.0,
        above=(0.080, 0.105, 0.19),
        side=(0.02, 0.03, 0.05),
        exposure=1.15,
    ),
    "candle": _Mix(
        key=(0.12, 0.15, 0.24),
        elevation=(30.0, 42.0),
        hardness=12.0,
        above=(0.045, 0.050, 0.085),
        side=(0.02, 0.02, 0.03),
        exposure=1.1,
    ),
}
_SPACE = _Mix(
    key=(3.6, 3.45, 3.2),
    elevation=(18.0, 34.0),
    hardness=60.0,
    above=(0.10, 0.11, 0.17),
    side=(0.12, 0.13, 0.18),
    exposure=0.72,
)


def rig(scene: Scene, bodies: tuple[Body, ...], size: float, ground: Floats) -> Rig:
    """Returns the lights; `size` is the height of the subject, `ground` the colour underfoot."""
    random = np.random.Generator(np.random.PCG64([0x1197, scene.seed & 0xFFFFFFFF]))
    indoors = scene.setting in INDOORS
    mix = _SPACE if scene.setting == "space" else (_INDOORS if indoors else _OUTDOORS)[scene.light]
    towards = column(aimed(_azimuth(scene, random), float(random.uniform(*mix.elevation))))
    key, above = column(mix.key), column(mix.above)
    down = key * towards[2, 0] * (0.45 if mix.gobo else 0.8)
    points = _points(scene, bodies, size, random, indoors)
    lit = sum((point.colour for point in points), start=np.zeros((3, 1), dtype=np.float32))
    return Rig(
        key_towards=towards,
        key_colour=key,
        key_hardness=mix.hardness,
        above=above,
        below=(ground * (down + above + lit * 0.25)).astype(np.float32),
        side=column(mix.side),
        points=points,
        exposure=mix.exposure
        * (0.82 if scene.setting == "snow" else 1.0)
        * {"moody": 0.8, "dramatic": 0.88, "cheerful": 1.1, "dreamy": 1.08}.get(scene.mood, 1.0),
        dark=scene.light in ("night", "candle", "golden hour"),
        gobo=mix.gobo and scene.setting != "studio",
    )


def _azimuth(scene: Scene, random: np.random.Generator) -> float:
    """Returns where the main light stands, relative to the camera: at the side, before or behind the subject."""
    chosen = float(random.uniform(-34.0, 18.0))
    left = bool(random.random() < 0.5)
    if scene.light in ("golden hour", "night", "candle") and scene.setting not in (*INDOORS, "space"):
        chosen = float(random.uniform(24.0, 52.0) if scene.things else random.uniform(70.0, 84.0))
    elif scene.light in ("studio", "overcast") or scene.setting == "space" or scene.setting not in INDOORS:
        chosen = float(random.uniform(-58.0, -25.0))
    turn = 180.0 - chosen if left else chosen
    if scene.light_degrees is not None:
        turn = scene.light_degrees
    return turn + scene.camera.yaw_degrees


def _points(
    scene: Scene, bodies: tuple[Body, ...], size: float, random: np.random.Generator, indoors: bool
) -> tuple[Point, ...]:
    found: list[Point] = []
    dim = scene.light in ("night", "candle")
    seen: set[int] = set()
    for body in bodies:
        if body.thing_number in seen:
            continue
        seen.add(body.thing_number)
        for glow in body.shape.glows:
            if glow.only_in_the_dark and not dim:
                continue
            position = body.turn @ (column(glow.position) * np.float32(body.scale)) + body.position
            strength = glow.power * (2.3 if dim else 0.35)
            unit = max(body.shape.height * body.scale, 0.45 * size)
            found.append(Point(position=position, colour=light(glow.colour, strength), unit=unit))
    if scene.light == "candle" and not found:
        side = 1.0 if random.random() < 0.5 else -1.0
        at = column((side * 1.5 * size, -1.1 * size, 1.25 * size))
        found.append(Point(position=at, colour=light((1.0, 0.72, 0.42), 2.6), unit=1.6 * size))
    return tuple(found[:3])

"""The wall behind a table: its light, and what stands there out of focus."""

import numpy as np

from flora_mcp.studio.renderers.scene.graph import Colour, Scene
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import column, light, luminance, smoothstep
from flora_mcp.studio.renderers.scene.world.panorama import Panorama
from flora_mcp.studio.renderers.scene.world.rig import Rig

_WALLS: tuple[Colour, ...] = (
    (0.78, 0.70, 0.60),
    (0.62, 0.64, 0.58),
    (0.56, 0.63, 0.66),
    (0.80, 0.76, 0.70),
    (0.66, 0.50, 0.42),
    (0.44, 0.48, 0.52),
    (0.72, 0.62, 0.56),
)
_SWEEPS: tuple[Colour, ...] = (
    (0.70, 0.69, 0.67),
    (0.62, 0.66, 0.68),
    (0.74, 0.66, 0.58),
    (0.58, 0.60, 0.56),
    (0.72, 0.60, 0.58),
)


def sweep_colour(scene: Scene) -> Colour:
    """Returns the colour of a studio's seamless paper."""
    random = np.random.Generator(np.random.PCG64([0x5EE9, scene.seed & 0xFFFFFFFF]))
    return scene.backdrop or _SWEEPS[int(random.integers(len(_SWEEPS)))]


def wall_colour(scene: Scene, random: np.random.Generator) -> Floats:
    """Returns the colour of the wall, (3, 1)."""
    chosen = _WALLS[int(random.integers(len(_WALLS)))]
    if scene.setting == "studio":
        chosen = sweep_colour(scene)
    elif scene.backdrop is not None:
        chosen = scene.backdrop
    return light(chosen)


def paint_wall(panorama: Panorama, scene: Scene, rig: Rig, random: np.random.Generator, *, base: float) -> None:
    """Paints the backdrop of an indoor scene; `base` is the height at which wall and floor meet."""
    u, v = np.meshgrid(panorama.u, panorama.v)
    wide = panorama.high_u - panorama.low_u
    a = ((u - panorama.low_u) / wide).astype(np.float32)
    b = ((v - panorama.low_v) / (panorama.high_v - panorama.low_v)).astype(np.float32)
    colour = wall_colour(scene, random)[:, :, None]
    from_right = 1.0 if float(rig.key_towards[0, 0]) > 0 else -1.0
    towards = a if from_right > 0 else 1.0 - a
    soft = (rig.above + rig.side)[:, :, None]
    falloff = 0.42 + 0.75 * towards * towards + 0.25 * (b - 0.5)
    painted = colour * soft * falloff
    if scene.setting == "studio":
        halo = np.exp(-(((a - 0.5) / 0.42) ** 2 + ((b - 0.55) / 0.5) ** 2))
        painted = colour * (rig.above + rig.side + 0.25 * rig.key_colour)[:, :, None] * (0.55 + 0.6 * halo)
        panorama.paint(painted.astype(np.float32), blur=0.04)
        return
    if rig.gobo:
        painted = painted + colour * rig.key_colour[:, :, None] * _streaks(a, b, from_right, random)
    for point in rig.points:
        # The glow of a lamp on the wall, about where it stands in the picture.
        glow = np.exp(-(((a - 0.5) / 0.5) ** 2 + ((b - 0.35) / 0.45) ** 2))
        painted = painted + colour * point.colour[:, :, None] * glow * 0.16
    if scene.setting == "table":
        painted = _furnished(painted, a, b, scene, rig, random)
    else:
        painted = _skirting(painted, v, base, rig)
    if scene.light in ("night", "candle"):
        painted = painted + _lights(a, b, random, count=9 if scene.setting == "table" else 0)
    blur = {"table": 0.030, "room": 0.002, "studio": 0.04}[scene.setting]
    panorama.paint(painted.astype(np.float32), blur=blur * (1.3 if scene.camera.cinematic else 1.0))


def _streaks(a: Floats, b: Floats, from_right: float, random: np.random.Generator) -> Floats:
    """Returns slanted panes of sunlight."""
    slant = float(random.uniform(0.25, 0.55)) * from_right
    start = float(random.uniform(0.05, 0.45))
    along = a - slant * (b - 0.5) - start
    width, gap = float(random.uniform(0.16, 0.26)), 0.035
    total = np.zeros_like(a)
    for pane in range(2):
        x = along - pane * (width + gap)
        total += smoothstep(0.0, 0.012, x) * (1.0 - smoothstep(width - 0.012, width, x))
    bars = np.abs(((b + slant * a) * 2.6) % 1.0 - 0.5)
    reach = smoothstep(0.20, 0.55, b)
    faded: Floats = total * smoothstep(0.02, 0.06, bars) * reach * np.float32(0.30)
    return faded


def _furnished(painted: Floats, a: Floats, b: Floats, scene: Scene, rig: Rig, random: np.random.Generator) -> Floats:
    """Returns the wall with a few soft things before it: a frame, a plant, a shelf."""
    soft = (rig.above + rig.side)[:, :, None]
    for _ in range(int(random.integers(1, 4))):
        kind = int(random.integers(3))
        x, y = float(random.uniform(0.02, 0.98)), float(random.uniform(0.55, 0.95))
        if kind == 0:
            w, h = float(random.uniform(0.05, 0.11)), float(random.uniform(0.10, 0.22))
            mask = (np.abs(a - x) < w) & (np.abs(b - y) < h)
            tone = light((float(random.uniform(0.3, 0.9)),) * 3)[:, :, None]
            painted = np.where(mask, tone * soft * 0.8, painted)
        elif kind == 1:
            for _leaf in range(16):
                lx, ly = x + float(random.normal(0, 0.05)), y + float(random.normal(-0.05, 0.09))
                r = float(random.uniform(0.015, 0.04))
                mask = ((a - lx) ** 2 + ((b - ly) * 0.75) ** 2) < r * r
                tone = light((0.22, float(random.uniform(0.32, 0.45)), 0.18))[:, :, None]
                painted = np.where(mask, tone * soft * float(random.uniform(0.5, 1.6)), painted)
        else:
            mask = (np.abs(b - y) < 0.018) & (np.abs(a - x) < 0.22)
            painted = np.where(mask, light((0.45, 0.32, 0.22))[:, :, None] * soft * 0.8, painted)
    return painted


def _skirting(painted: Floats, v: Floats, base: float, rig: Rig) -> Floats:
    board = smoothstep(base + 0.0005, base + 0.002, v) * (1.0 - smoothstep(base + 0.052, base + 0.054, v))
    white = (
        light((0.88, 0.86, 0.82))[:, :, None] * (rig.above + rig.side * 0.6)[:, :, None] * (0.5 if rig.dark else 0.75)
    )
    dark = 1.0 - 0.5 * np.exp(-np.abs(v - base - 0.054) / 0.012)
    result: Floats = (painted * (1.0 - board) + white * board) * np.where(board > 0.5, 1.0, dark)
    return result


def _lights(a: Floats, b: Floats, random: np.random.Generator, *, count: int) -> Floats:
    """Returns lamps far behind, as discs of light."""
    total = np.zeros((3, *a.shape), dtype=np.float32)
    for _ in range(count):
        x, y = float(random.uniform(0.0, 1.0)), float(random.uniform(0.52, 0.95))
        r = float(random.uniform(0.012, 0.034))
        disc = 1.0 - smoothstep(r * 0.92, r * 1.08, np.sqrt((a - x) ** 2 + ((b - y) * 0.75) ** 2))
        warm = column((1.0, float(random.uniform(0.45, 0.75)), float(random.uniform(0.12, 0.4))))
        total += warm[:, :, None] * disc * np.float32(random.uniform(0.2, 0.8))
    assert float(luminance(total.reshape(3, -1)).max(initial=0.0)) < 9.0
    return total

"""What materials look like across their skin: grain, veins, weave, speckle, course of bricks."""

import numpy as np

from flora_mcp.studio.renderers.scene.graph import Material
from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import column, dot, light, mixed, smoothstep

_DETAILED: tuple[Material, ...] = (
    "wood",
    "marble",
    "stone",
    "brick",
    "fabric",
    "clay",
    "leather",
    "snow",
    "leaf",
    "fruit",
    "ceramic",
)


def skin_colour(material: Material, colour: Floats, points: Floats, noise: Noise, size: float) -> Floats:
    """Returns the colour of a body's skin at points of its own space, as linear light, (3, N).

    Args:
        material: Which pattern.
        colour: The mean colour, (3, 1).
        points: Where, in metres.
        noise: The scene's noise.
        size: Height of the body; patterns of grown things scale with it.
    """
    if material not in _DETAILED:
        return np.broadcast_to(colour, points.shape)
    if material == "wood":
        return _timber(colour, points, noise, size)
    if material == "marble":
        return marble(colour, points, noise, 0.9 / max(size, 0.05))
    if material == "brick":
        return _bricks(colour, points, noise)
    if material == "ceramic":
        # A hand-dipped glaze: barely uneven, a few iron speckles.
        cloud = noise.solid(points * np.float32(45.0))
        speck = smoothstep(0.90, 0.96, noise.solid(points * np.float32(620.0)))
        return colour * (0.95 + 0.10 * cloud) * (1.0 - 0.30 * speck)
    if material == "fruit":
        cloud = noise.solid(points * np.float32(0.5 / size * 9.0))
        streak = noise.solid(points * column((130.0, 130.0, 22.0)))
        warm = column((1.10, 0.95, 0.72)) * colour
        return mixed(colour, warm, smoothstep(0.45, 0.85, 0.65 * cloud + 0.35 * streak) * 0.7)
    scale = {"stone": 38.0, "fabric": 60.0, "clay": 60.0, "leather": 50.0, "snow": 6.0, "leaf": 14.0}[material]
    depth = {"stone": 0.42, "fabric": 0.16, "clay": 0.22, "leather": 0.30, "snow": 0.06, "leaf": 0.55}[material]
    coarse = noise.solid(points * np.float32(scale * 0.3))
    fine = noise.solid(points * np.float32(scale * 2.1))
    return colour * (1.0 + depth * (0.6 * coarse + 0.4 * fine - 0.5) * 1.6)


def marble(colour: Floats, points: Floats, noise: Noise, scale: float) -> Floats:
    """Returns veined stone; `scale` is veins per metre."""
    p = points * np.float32(scale * 2.2)
    broad = noise.solid(p * np.float32(0.6))
    bend = broad * np.float32(1.5) + noise.solid(p * np.float32(1.4) + np.float32(5.0)) * np.float32(0.5)
    bend += noise.solid(p * np.float32(4.1)) * np.float32(0.14)
    # Veins run on: waves that are bent never close, as lines of equal noise would. They come and go.
    present = smoothstep(0.30, 0.70, noise.solid(p * np.float32(0.9) + np.float32(19.0)))
    vein = np.zeros_like(broad)
    veins = (((0.46, 0.34, 0.38), 1.0, 0.08, 0.75, present), ((-0.66, 0.80, 0.50), 1.4, 0.06, 0.45, 1.0 - present))
    for way, bent, width, depth, share in veins:
        wave = dot(column(way), p) + bend * np.float32(bent)
        aside = np.abs(wave - np.round(wave)) * np.float32(2.0)
        vein = np.maximum(vein, (1.0 - smoothstep(0.0, width, aside)) * share * np.float32(depth))
        # What seeped out of a vein.
        vein = np.maximum(vein, (1.0 - smoothstep(0.0, 5.0 * width, aside)) * share * np.float32(0.3 * depth))
    cloud = 0.90 + 0.14 * broad
    return mixed(colour * cloud, colour * column((0.34, 0.35, 0.38)), vein)


def planks(colour: Floats, u: Floats, v: Floats, noise: Noise, fine: Floats, width: float) -> Floats:
    """Returns boards that run along `u`.

    Args:
        colour: The mean colour, (3, 1).
        u: Metres along the boards.
        v: Metres across them.
        noise: The scene's noise.
        fine: 1 where the finest grain is seen, 0 where distance blurs it.
        width: Width of a board in metres.
    """
    board = np.floor(v / np.float32(width))
    within = v - board * np.float32(width)
    shift = board * np.float32(7.31)
    figure = _figure(u, v, shift, noise)
    fibre = noise.flat(u * 28.0 + shift, v * 950.0) * 0.6 + noise.flat(u * 9.0, v * 330.0 + shift) * 0.4
    tone = 0.86 + 0.28 * noise.flat(shift, shift + 3.7)
    edge = np.minimum(within, np.float32(width) - within)
    gap = (1.0 - smoothstep(0.0006, 0.0026, edge)) * (0.30 + 0.45 * fine)
    dark = colour * column((0.50, 0.42, 0.36))
    shade = mixed(colour * 1.12, dark, figure * 0.62)
    return shade * (tone * (1.0 + (fibre - 0.5) * 0.42 * fine) * (1.0 - gap))


def _figure(u: Floats, v: Floats, shift: Floats, noise: Noise) -> Floats:
    """Returns how dark the year rings are: cathedral arches where the saw cut them at a slant."""
    bend = noise.flat(u * 1.7 + shift, v * 7.0) * 1.5 + noise.flat(u * 5.0 - shift, v * 21.0) * 0.35
    ring = v * 34.0 + bend * 3.2 + shift
    saw = ring - np.floor(ring)
    late = saw * saw * (1.0 - smoothstep(0.86, 1.0, saw))
    return late * (0.55 + 0.75 * noise.flat(u * 2.3, v * 16.0 + shift))


def _timber(colour: Floats, points: Floats, noise: Noise, size: float) -> Floats:
    """Solid wood: rings around an axis beside the body, so that cuts show figure."""
    k = np.float32(min(1.0, 0.4 / max(size, 0.02)))
    x, y, z = points * k
    bend = noise.solid(np.stack([x * 9.0, y * 9.0, z * 2.0]))
    ring = np.sqrt((x - 0.21) ** 2 + (y - 0.17) ** 2) * 95.0 + bend * 2.2
    saw = ring - np.floor(ring)
    late = saw * saw * (1.0 - smoothstep(0.82, 1.0, saw))
    fibre = noise.solid(np.stack([x * 420.0, y * 420.0, z * 24.0]))
    dark = colour * column((0.48, 0.40, 0.34))
    return mixed(colour * 1.1, dark, late * 0.55) * (0.86 + 0.28 * fibre)


def _bricks(colour: Floats, points: Floats, noise: Noise) -> Floats:
    x, y, z = points
    row = np.floor(z / np.float32(0.075))
    along = (x + y) / np.float32(0.225) + row * np.float32(0.5)
    brick = np.floor(along)
    joint_z = np.abs(z / np.float32(0.075) - row - 0.5)
    joint_x = np.abs(along - brick - 0.5)
    mortar = np.maximum(smoothstep(0.41, 0.45, joint_z), smoothstep(0.465, 0.485, joint_x))
    tone = 0.72 + 0.5 * noise.flat(brick * 3.7, row * 5.3)
    return mixed(colour * tone, light((0.72, 0.69, 0.64)), mortar)

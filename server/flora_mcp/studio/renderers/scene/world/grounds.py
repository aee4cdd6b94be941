"""The ground of outdoor settings: grass, sand, snow, paving and water."""

import numpy as np

from flora_mcp.studio.renderers.scene.graph import Setting
from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import column, light, mixed, normalised, smoothstep

MEANS: dict[Setting, tuple[float, float, float]] = {
    "field": (0.33, 0.42, 0.19),
    "forest": (0.26, 0.26, 0.14),
    "mountains": (0.35, 0.40, 0.20),
    "lake": (0.05, 0.16, 0.20),
    "ocean": (0.03, 0.17, 0.24),
    "beach": (0.82, 0.70, 0.52),
    "desert": (0.86, 0.66, 0.42),
    "snow": (0.90, 0.93, 0.97),
    "city": (0.30, 0.30, 0.31),
}
"""Mean colours, sRGB."""

WATERS: tuple[Setting, ...] = ("lake", "ocean")


def ground_colour(
    setting: Setting, colour: Floats, points: Floats, distance: Floats, noise: Noise, size: float
) -> Floats:
    """Returns the colour of the ground, (3, N); `size` is that of the subject and sets the finest detail."""
    x, y = points[0], points[1]
    near = np.clip(14.0 * size / np.maximum(distance, 1e-3), 0.0, 1.0)
    k = np.float32(1.0 / size)
    if setting in ("field", "mountains", "forest"):
        broad = noise.fractal(x * k * 0.35, y * k * 0.35, octaves=3)
        blades = noise.flat(x * k * 34.0, y * k * 17.0) * 0.6 + noise.flat(x * k * 71.0, y * k * 37.0) * 0.4
        tuft = noise.flat(x * k * 7.0, y * k * 4.0)
        dry = mixed(colour, colour * column((1.55, 1.15, 0.8)), smoothstep(0.45, 0.75, broad) * 0.6)
        shade = 0.62 + 0.38 * tuft + (blades - 0.5) * 1.15 * near
        found: Floats = dry * np.maximum(shade, 0.15)
        if setting == "field":
            bloom = smoothstep(0.90, 0.94, noise.flat(x * k * 23.0 + 5.0, y * k * 15.0)) * near
            found = mixed(found, light((0.97, 0.92, 0.72)), bloom * smoothstep(0.4, 0.6, broad))
        return found
    if setting in ("desert", "beach"):
        bend = noise.fractal(x * k * 0.6, y * k * 0.6, octaves=2) * 5.0
        ripple = np.sin(y * k * 26.0 + x * k * 7.0 + bend * 3.0) * near
        grain = noise.flat(x * k * 160.0, y * k * 90.0) - 0.5
        shade = 0.93 + 0.07 * ripple + 0.16 * grain * near
    elif setting == "snow":
        drift = noise.fractal(x * k * 0.9, y * k * 0.7, octaves=3)
        spark = smoothstep(0.95, 0.98, noise.flat(x * k * 140.0, y * k * 90.0)) * near
        shade = 0.90 + 0.16 * drift + 0.35 * spark
    else:
        broad = noise.fractal(x * k * 0.8, y * k * 0.8, octaves=3)
        grain = noise.flat(x * k * 90.0, y * k * 50.0) - 0.5
        shade = 0.75 + 0.4 * broad + 0.35 * grain * near
    return np.asarray(colour * shade, dtype=np.float32)


def wave_normals(points: Floats, distance: Floats, noise: Noise, *, rough: float, size: float) -> Floats:
    """Returns the normals of moving water; far waves flatten into a sheen."""
    x, y = points[0], points[1]
    tilt_x = np.zeros_like(x)
    tilt_y = np.zeros_like(x)
    for length, weight, turn in ((6.0, 0.5, 0.3), (2.4, 0.8, -0.5), (0.9, 1.0, 0.9), (0.36, 0.8, -0.2)):
        wave = length * size
        c, s = np.float32(np.cos(turn) / wave), np.float32(np.sin(turn) / wave)
        u, v = x * c + y * s, y * c - x * s
        # What is finer than the eye resolves from there must not sparkle.
        fade = np.clip(wave * 55.0 / np.maximum(distance, 1e-3), 0.0, 1.0) * np.float32(weight)
        tilt_x += (noise.flat(u * 0.7, v) - 0.5) * fade
        tilt_y += (noise.flat(u * 0.7 + 31.0, v - 17.0) - 0.5) * fade
    normal = np.stack([tilt_x * np.float32(rough), tilt_y * np.float32(rough), np.ones_like(x)])
    return normalised(normal)

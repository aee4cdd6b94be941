"""From light to picture: exposure, a film's response, vignette, and PNG bytes."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from flora_mcp.studio.renderers.scene.blur import boxed
from flora_mcp.studio.renderers.scene.graph import Scene
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import column, luminance, smoothstep

_HALO = 8
"""Pixels of the picture per pixel of the halo."""


def developed(light: Floats, exposure: float) -> Floats:
    """Returns linear light as display values 0 to 1, highlights rolled off as film does."""
    x = np.maximum(light, 0.0) * np.float32(exposure)
    # A rational curve with a short toe and a long shoulder: mid grey keeps its place, 8 becomes white.
    curve = (x * (np.float32(2.51) * x + np.float32(0.03))) / (
        x * (np.float32(2.43) * x + np.float32(0.59)) + np.float32(0.14)
    )
    values: Floats = np.clip(curve, 0.0, 1.0)
    return values


def spilled(excess: Floats, strength: float) -> Floats:
    """Returns the halo around what is too bright for the film; `excess` is light, (3, height, width)."""
    _, high, wide = excess.shape
    rows, columns = -(-high // _HALO), -(-wide // _HALO)
    padded = np.pad(excess, [(0, 0), (0, rows * _HALO - high), (0, columns * _HALO - wide)], mode="edge")
    coarse = padded.reshape(3, rows, _HALO, columns, _HALO).mean(axis=(2, 4))
    halo = np.zeros_like(coarse)
    for share, weight in ((0.012, 0.5), (0.05, 0.5)):
        soft = coarse
        for _ in range(2):
            soft = boxed(boxed(soft, share * columns, axis=1), share * columns, axis=2)
        halo += soft * np.float32(weight * strength)
    size = (columns * _HALO, rows * _HALO)
    bands = [np.asarray(Image.fromarray(band).resize(size, Image.Resampling.BILINEAR)) for band in halo]
    return np.stack(bands)[:, :high, :wide]


def graded(values: Floats, scene: Scene, vignette: Floats) -> Floats:
    """Returns linear display values with the mood's colour and the lens's fall-off, sRGB-encoded."""
    tint = {
        "warm": (1.05, 1.0, 0.92),
        "cool": (0.94, 1.0, 1.07),
        "dramatic": (1.0, 0.99, 0.99),
        "moody": (0.95, 0.99, 1.04),
        "dreamy": (1.03, 1.0, 1.02),
        "cheerful": (1.02, 1.01, 0.98),
    }.get(scene.mood, (1.0, 1.0, 1.0))
    values = values * column(tint) * vignette
    if scene.camera.cinematic:
        grey = luminance(values)
        # Shadows lean to teal, highlights to amber.
        share = smoothstep(0.0, 0.55, grey)
        values = values * (column((0.93, 0.99, 1.06)) + column((0.11, 0.01, -0.11)) * share)
    encoded = np.sqrt(np.clip(values, 0.0, 1.0))
    # The sRGB curve, to within half a step, without a power function.
    encoded = np.clip(encoded * (1.0 + 0.06 * (1.0 - encoded)) - 0.004 * (1.0 - encoded), 0.0, 1.0)
    if scene.camera.cinematic or scene.mood in ("dramatic", "moody"):
        encoded = encoded * (0.80 + 0.20 * encoded * (3.0 - 2.0 * encoded))
    result: Floats = encoded
    return result


def vignette(column_px: Floats, row_px: Floats, scene: Scene) -> Floats:
    """Returns how much light the lens lets through at points of the picture."""
    strength = 0.42 if scene.camera.cinematic else 0.16
    x = column_px * np.float32(2.0 / scene.width_px) - np.float32(1.0)
    y = row_px * np.float32(2.0 / scene.height_px) - np.float32(1.0)
    return np.float32(1.0) - np.float32(strength) * smoothstep(0.25, 2.0, x * x + y * y)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Returns PNG bytes of an (height, width, 3) picture."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", compress_level=4)
    return buffer.getvalue()

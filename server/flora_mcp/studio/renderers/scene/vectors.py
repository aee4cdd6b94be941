"""Arithmetic on many vectors at once, each array float32 of shape (3, N), and colours as light."""

import math
from collections.abc import Iterable

import numpy as np

from flora_mcp.studio.renderers.scene.graph import Colour
from flora_mcp.studio.renderers.scene.sdf import Floats, Vector


def dot(a: Floats, b: Floats) -> Floats:
    """Returns the inner products, shape (N,)."""
    product: Floats = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
    return product


def normalised(a: Floats) -> Floats:
    """Returns the vectors at length one."""
    unit: Floats = a * (np.float32(1.0) / np.sqrt(np.maximum(dot(a, a), np.float32(1e-20))))
    return unit


def reflected(direction: Floats, normal: Floats) -> Floats:
    """Returns directions mirrored at surfaces."""
    mirrored: Floats = direction - normal * (np.float32(2.0) * dot(direction, normal))
    return mirrored


def refracted(direction: Floats, normal: Floats, ratio: float) -> Floats:
    """Returns directions bent at surfaces (`ratio` outer to inner index); mirrored where none gets through."""
    cosine = -dot(direction, normal)
    rest = np.float32(1.0) - np.float32(ratio * ratio) * (np.float32(1.0) - cosine * cosine)
    bent = direction * np.float32(ratio) + normal * (ratio * cosine - np.sqrt(np.maximum(rest, 0.0)))
    return np.where(rest > 0.0, bent, reflected(direction, normal)).astype(np.float32, copy=False)


def column(values: Iterable[float]) -> Floats:
    """Returns one vector or light as an array that broadcasts over (3, N)."""
    return np.array(tuple(values), dtype=np.float32)[:, None]


def light(colour: Colour, strength: float = 1.0) -> Floats:
    """Returns an sRGB colour as linear light, shape (3, 1)."""
    return column(strength * (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4) for c in colour)


def aimed(azimuth_degrees: float, elevation_degrees: float) -> Vector:
    """Returns the unit vector towards a compass turn (0 right, 90 away from the viewer) and height."""
    a, e = math.radians(azimuth_degrees), math.radians(elevation_degrees)
    return (math.cos(e) * math.cos(a), math.cos(e) * math.sin(a), math.sin(e))


def smoothstep(low: float, high: float, values: Floats) -> Floats:
    """Returns 0 below `low`, 1 above `high`, an s-curve between."""
    t = np.clip((values - np.float32(low)) * np.float32(1.0 / (high - low)), np.float32(0.0), np.float32(1.0))
    eased: Floats = t * t * (np.float32(3.0) - np.float32(2.0) * t)
    return eased


def mixed(first: Floats, second: Floats, share: Floats) -> Floats:
    """Returns `first` where `share` is 0, `second` where it is 1."""
    blend: Floats = first + (second - first) * share
    return blend


def luminance(light: Floats) -> Floats:
    """Returns how bright linear light looks."""
    seen: Floats = light[0] * np.float32(0.2126) + light[1] * np.float32(0.7152) + light[2] * np.float32(0.0722)
    return seen

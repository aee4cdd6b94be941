"""Stars: round points of light, scattered evenly, bright ones few."""

import numpy as np

from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.sdf import Floats

_LAYERS = ((26.0, 0.00135, 1.0), (80.0, 0.00085, 0.30))
"""Cells a radian, radius of a star in radians, and its brightness: one star a cell at most."""
_BORN = 0.35
"""Share of the cells that are empty."""


def stars(direction: Floats, noise: Noise) -> Floats:
    """Returns how much starlight comes from unit directions, (N,): about 1 in the middle of a bright star."""
    x, y, z = direction
    aside, high = np.arctan2(x, y), np.arcsin(np.clip(z, -1.0, 1.0))
    level = np.sqrt(np.maximum(np.float32(1.0) - z * z, np.float32(0.0)))
    total: Floats = np.zeros_like(z)
    for layer, (cells, radius, brightness) in enumerate(_LAYERS):
        u, v = aside * np.float32(cells), high * np.float32(cells)
        column, row = np.floor(u), np.floor(v)
        born = noise.flat(column + np.float32(97 * layer), row)
        at = np.flatnonzero(born > _BORN)
        column, row = column.take(at), row.take(at)
        # Never at the border of its cell, which would cut it.
        shift = [np.float32(0.15) + np.float32(0.7) * noise.flat(column + k, row + k) for k in (31.0, 67.0)]
        du = (u.take(at) - column - shift[0]) * level.take(at)
        dv = v.take(at) - row - shift[1]
        near = (du * du + dv * dv) * np.float32(1.0 / (cells * radius) ** 2)
        strength = ((born.take(at) - np.float32(_BORN)) * np.float32(1.0 / (1.0 - _BORN))) ** 3
        total[at] += np.exp(-near) * strength * np.float32(brightness)
    return total

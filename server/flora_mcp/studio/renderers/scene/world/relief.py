"""Distant land as a height over the ground, seen from the camera column by column of the backdrop."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import normalised

Height = Callable[[Floats, Floats], Floats]
"""Metres above the ground at places (x, y)."""

STEPS = 440


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What part of the land each point of a backdrop shows."""

    shown: NDArray[np.bool_]
    """Whether any land is there, (rows, columns)."""
    depth: Floats
    """Metres ahead, per shown point, (N,)."""
    x: Floats
    y: Floats
    height: Floats
    """Of the point seen, above the ground."""
    top: Floats
    """Of the land at that place, above the ground."""
    normal: Floats
    """Unit, (3, N)."""


@dataclass(frozen=True, kw_only=True)
class Standpoint:
    """From where and in which directions the land is seen."""

    origin: Floats
    ahead: Floats
    """Level, (3, 1)."""
    right: Floats
    u: Floats
    v: Floats


def survey(height: Height, stand: Standpoint, *, nearest: float, farthest: float) -> Sight:
    """Returns which land is seen, walking from `nearest` to `farthest` metres ahead."""
    u, v = stand.u, stand.v
    depth = np.geomspace(nearest, farthest, STEPS).astype(np.float32)
    x = stand.origin[0] + depth[:, None] * (stand.ahead[0] + stand.right[0] * u)
    y = stand.origin[1] + depth[:, None] * (stand.ahead[1] + stand.right[1] * u)
    land = height(x.ravel(), y.ravel()).reshape(STEPS, u.size).astype(np.float32)
    slope = (land - stand.origin[2, 0]) / depth[:, None]
    skyline = np.maximum.accumulate(slope, axis=0)
    first = np.empty((v.size, u.size), dtype=np.intp)
    for column in range(u.size):
        first[:, column] = np.searchsorted(skyline[:, column], v)
    shown = first < STEPS
    row, column_at = np.nonzero(shown)
    j = first[row, column_at]
    before = np.maximum(j - 1, 0)
    low, high = slope[before, column_at], slope[j, column_at]
    share = np.where(j > 0, np.clip((v[row] - low) / np.maximum(high - low, 1e-6), 0.0, 1.0), 1.0)
    share = share.astype(np.float32)
    far = depth[before] + (depth[j] - depth[before]) * share
    along_u = np.gradient(land, u, axis=1) / depth[:, None]
    along = np.gradient(land, depth, axis=0) - u * along_u
    # Between two steps the land bends evenly: a cliff that is one step deep would else be one flat stripe.
    side = along_u[before, column_at] + (along_u[j, column_at] - along_u[before, column_at]) * share
    deep = along[before, column_at] + (along[j, column_at] - along[before, column_at]) * share
    normal = -stand.right * side - stand.ahead * deep
    normal[2] += 1.0
    return Sight(
        shown=shown,
        depth=far,
        x=stand.origin[0] + far * (stand.ahead[0] + stand.right[0] * u[column_at]),
        y=stand.origin[1] + far * (stand.ahead[1] + stand.right[1] * u[column_at]),
        height=stand.origin[2, 0] + v[row] * far,
        top=land[j, column_at],
        normal=normalised(normal.astype(np.float32)),
    )

"""Where things come to rest on and in others: heights measured on the shapes themselves."""

import numpy as np

from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.shapes import Shape

_LEVELS = 160
"""Heights that are tried from the bottom of a shape to above its top."""
_GRAZE = 0.02
"""Share of its radius by which a ball may sink into what it rests on: fruit is not quite round."""


def top_at(shape: Shape, x: float, y: float, *, radius: float) -> float:
    """Returns the height of the highest point of a shape within a circle, in its own axes and size; 0 beside it."""
    around = [(0.0, 0.0), (radius, 0.0), (-radius, 0.0), (0.0, radius), (0.0, -radius)]
    levels = np.linspace(0.0, shape.height, _LEVELS, dtype=np.float32)
    highest = 0.0
    for dx, dy in around:
        inside = np.flatnonzero(_distance(shape, x + dx, y + dy, levels) <= 0.0)
        if inside.size:
            highest = max(highest, float(levels[inside[-1]]))
    return highest


def cradled(shape: Shape, x: float, y: float, *, radius: float) -> float:
    """Returns how high the underside of a ball is that was let down into a hollow shape at this place."""
    levels = np.linspace(0.0, shape.height + 2.0 * radius, _LEVELS, dtype=np.float32)
    touching = np.flatnonzero(_distance(shape, x, y, levels) < radius * (1.0 - _GRAZE))
    return float(levels[touching[-1]]) - radius if touching.size else 0.0


def _distance(shape: Shape, x: float, y: float, levels: Floats) -> Floats:
    points = np.stack([np.full_like(levels, x), np.full_like(levels, y), levels])
    nearest = np.min([part.distance(points) for part in shape.parts], axis=0)
    return np.asarray(nearest, dtype=np.float32)

"""Blur, for what is out of focus and for light that spills over."""

import numpy as np

from flora_mcp.studio.renderers.scene.sdf import Floats


def boxed(values: Floats, radius: float, *, axis: int) -> Floats:
    """Returns running means along an axis; two or three of them make a soft round blur."""
    half = max(round(radius), 1)
    pad = [(0, 0)] * values.ndim
    pad[axis] = (half + 1, half)
    total = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis, dtype=np.float32)
    count = values.shape[axis]
    high = np.take(total, range(2 * half + 1, 2 * half + 1 + count), axis=axis)
    low = np.take(total, range(count), axis=axis)
    mean: Floats = ((high - low) / (2 * half + 1)).astype(np.float32)
    return mean

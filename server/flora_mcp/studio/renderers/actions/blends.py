"""How one layer is laid over another."""

import numpy as np

from flora_mcp.studio.renderers.actions.pictures import Floats


def blended(base: Floats, layer: Floats, mode: str) -> Floats:
    """Returns the colours of an opaque layer on a base, from 0 to 1 (formulas of W3C Compositing)."""
    if mode == "multiply":
        return base * layer
    if mode == "screen":
        return base + layer - base * layer
    if mode == "overlay":
        return np.where(base <= 0.5, 2 * base * layer, 1 - 2 * (1 - base) * (1 - layer))
    if mode == "soft-light":
        deep = np.where(base <= 0.25, ((16 * base - 12) * base + 4) * base, np.sqrt(base))
        dark = base - (1 - 2 * layer) * base * (1 - base)
        return np.where(layer <= 0.5, dark, base + (2 * layer - 1) * (deep - base))
    return layer

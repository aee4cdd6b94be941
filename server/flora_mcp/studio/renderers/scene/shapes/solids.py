"""Plain geometry, and balls."""

import math

import numpy as np

from flora_mcp.studio.renderers.scene.graph import Colour
from flora_mcp.studio.renderers.scene.sdf import (
    Distance,
    Floats,
    box,
    cone,
    cylinder,
    sphere,
    torus,
)
from flora_mcp.studio.renderers.scene.shapes.shape import Part, Shape

_BRIGHT: tuple[Colour, ...] = (
    (0.82, 0.18, 0.15),
    (0.16, 0.42, 0.72),
    (0.95, 0.68, 0.14),
    (0.18, 0.52, 0.34),
    (0.90, 0.88, 0.84),
)


def _solid(name: str, distance: Distance, *, width: float, height: float) -> Shape:
    return Shape(
        name=name,
        parts=(Part(distance=distance),),
        width=width,
        depth=width,
        height=height,
        material="plastic",
        colours=_BRIGHT,
    )


def _pyramid() -> Distance:
    """A pyramid 0.12 wide and 0.11 high: four planes that lean to a tip, and the ground."""
    slope = math.atan2(0.11, 0.06)
    across, upwards = np.float32(math.sin(slope)), np.float32(math.cos(slope))

    def distance(points: Floats) -> Floats:
        x, y, z = points
        lean = np.maximum(np.abs(x), np.abs(y)) * across + (z - np.float32(0.11)) * upwards
        found: Floats = np.maximum(lean, -z)
        return found

    return distance


SOLIDS = (
    _solid("ball", sphere(radius=0.05, at=(0.0, 0.0, 0.05)), width=0.102, height=0.101),
    _solid("cube", box(size=(0.1, 0.1, 0.1), rounding=0.006, at=(0.0, 0.0, 0.05)), width=0.102, height=0.101),
    _solid(
        "cylinder",
        cylinder(radius=0.045, height=0.12, rounding=0.004, at=(0.0, 0.0, 0.06)),
        width=0.092,
        height=0.121,
    ),
    _solid("cone", cone(bottom=0.055, top=0.004, height=0.13, rounding=0.0025), width=0.112, height=0.131),
    _solid("pyramid", _pyramid(), width=0.122, height=0.111),
    _solid("torus", torus(radius=0.045, tube=0.018, at=(0.0, 0.0, 0.018)), width=0.128, height=0.037),
)

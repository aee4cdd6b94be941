"""Things that hold something: mug, cup, bowl, vase, bottle and their like."""

from flora_mcp.studio.renderers.scene.profile import vessel
from flora_mcp.studio.renderers.scene.sdf import cylinder, move, smooth_union, subtract, torus, turn
from flora_mcp.studio.renderers.scene.shapes.shape import Part, Shape

GLAZES = (
    (0.93, 0.91, 0.86),
    (0.80, 0.36, 0.24),
    (0.23, 0.42, 0.47),
    (0.87, 0.70, 0.35),
    (0.45, 0.56, 0.45),
    (0.22, 0.27, 0.40),
    (0.84, 0.60, 0.55),
)
"""Colours a potter would choose."""


def _mug() -> Shape:
    wall = vessel(
        [(0.0, 0.0028), (0.031, 0.0028), (0.0365, 0.005), (0.0400, 0.012), (0.0408, 0.030), (0.0408, 0.094)],
        thickness=0.0055,
    )
    ring = turn(torus(radius=0.0255, tube=0.0058), axis="x", degrees=90)
    handle = move(lambda points: ring(points), to=(0.0455, 0.0, 0.051))
    hollow = cylinder(radius=0.039, height=0.2, at=(0.0, 0.0, 0.105))
    body = smooth_union(wall, subtract(handle, hollow), blend=0.010)
    body = subtract(body, cylinder(radius=0.0376, height=0.07, at=(0.0, 0.0, 0.065)))
    coffee = cylinder(radius=0.0383, height=0.002, at=(0.0, 0.0, 0.083))
    return Shape(
        name="mug",
        parts=(Part(distance=body), Part(distance=coffee, slot="fixed", material="coffee")),
        width=0.16,
        depth=0.092,
        height=0.098,
        colours=GLAZES,
    )


VESSELS = (_mug(),)

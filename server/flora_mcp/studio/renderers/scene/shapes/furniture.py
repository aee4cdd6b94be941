"""Furniture, in its natural size."""

from flora_mcp.studio.renderers.scene.profile import lathe, vessel
from flora_mcp.studio.renderers.scene.sdf import Distance, box, capsule, cylinder, mirror, sphere, subtract, union
from flora_mcp.studio.renderers.scene.shapes.shape import Glow, Part, Shape

_WOODS = ((0.62, 0.42, 0.25), (0.46, 0.28, 0.16), (0.78, 0.60, 0.40))
_METALS = ((0.16, 0.16, 0.17), (0.62, 0.50, 0.30), (0.86, 0.85, 0.82))
_CLOTHS = ((0.30, 0.42, 0.44), (0.70, 0.44, 0.30), (0.52, 0.54, 0.50), (0.72, 0.62, 0.42), (0.40, 0.30, 0.42))


def _quartered(part: Distance) -> Distance:
    """Returns a part at each corner."""
    return mirror(mirror(part, axis="x"), axis="y")


def _chair() -> Shape:
    seat = box(size=(0.45, 0.44, 0.035), rounding=0.012, at=(0.0, 0.0, 0.455))
    legs = _quartered(capsule(start=(0.185, 0.180, 0.44), end=(0.205, 0.200, 0.017), radius=0.021, end_radius=0.016))
    rails = mirror(box(size=(0.022, 0.36, 0.022), rounding=0.008, at=(0.195, 0.0, 0.22)), axis="x")
    posts = mirror(capsule(start=(0.195, 0.190, 0.46), end=(0.190, 0.235, 0.90), radius=0.019), axis="x")
    slats = union(
        *(box(size=(0.38, 0.016, 0.060), rounding=0.006, at=(0.0, y, z)) for y, z in ((0.212, 0.68), (0.222, 0.78))),
        box(size=(0.40, 0.020, 0.080), rounding=0.008, at=(0.0, 0.232, 0.88)),
    )
    return Shape(
        name="chair",
        parts=(Part(distance=union(seat, legs, rails, posts, slats)),),
        width=0.47,
        depth=0.52,
        height=0.925,
        material="wood",
        colours=_WOODS,
        kind="furniture",
    )


def _table() -> Shape:
    top = box(size=(1.30, 0.75, 0.038), rounding=0.010, at=(0.0, 0.0, 0.731))
    apron = subtract(
        box(size=(1.14, 0.60, 0.085), at=(0.0, 0.0, 0.672)), box(size=(1.08, 0.54, 0.20), at=(0.0, 0.0, 0.66))
    )
    legs = _quartered(capsule(start=(0.560, 0.290, 0.69), end=(0.585, 0.310, 0.022), radius=0.034, end_radius=0.022))
    return Shape(
        name="table",
        parts=(Part(distance=union(top, apron, legs)),),
        width=1.32,
        depth=0.77,
        height=0.752,
        material="wood",
        colours=_WOODS,
        kind="furniture",
    )


def _sofa() -> Shape:
    base = box(size=(1.90, 0.82, 0.24), rounding=0.04, at=(0.0, 0.0, 0.26))
    back = box(size=(1.90, 0.22, 0.48), rounding=0.07, at=(0.0, 0.32, 0.60))
    arms = mirror(box(size=(0.20, 0.86, 0.36), rounding=0.07, at=(0.88, -0.01, 0.44)), axis="x")
    seats = mirror(box(size=(0.74, 0.64, 0.17), rounding=0.055, at=(0.385, -0.09, 0.44)), axis="x")
    pillows = mirror(box(size=(0.72, 0.18, 0.42), rounding=0.075, at=(0.385, 0.18, 0.68)), axis="x")
    legs = _quartered(capsule(start=(0.85, 0.34, 0.16), end=(0.87, 0.36, 0.02), radius=0.026, end_radius=0.018))
    return Shape(
        name="sofa",
        parts=(
            Part(distance=union(base, back, arms)),
            Part(distance=union(seats, pillows)),
            Part(distance=legs, slot="fixed", material="wood", colour=(0.42, 0.27, 0.16)),
        ),
        width=1.98,
        depth=0.90,
        height=0.90,
        material="fabric",
        colours=_CLOTHS,
        kind="furniture",
    )


def _floor_lamp() -> Shape:
    foot = lathe([(0.0, 0.0), (0.150, 0.0), (0.152, 0.014), (0.130, 0.024), (0.030, 0.034), (0.0, 0.036)])
    pole = cylinder(radius=0.014, height=1.28, at=(0.0, 0.0, 0.66))
    shade = vessel([(0.225, 1.200), (0.150, 1.500)], thickness=0.007, smooth=False)
    bulb = sphere(radius=0.040, at=(0.0, 0.0, 1.325))
    return Shape(
        name="floor_lamp",
        parts=(
            Part(distance=union(foot, pole)),
            Part(distance=shade, slot="accent", material="lampshade", colour=(0.93, 0.86, 0.72)),
            Part(distance=bulb, slot="fixed", material="lampshade", colour=(1.0, 0.96, 0.88)),
        ),
        width=0.46,
        depth=0.46,
        height=1.506,
        material="paint",
        colours=_METALS,
        glows=(Glow(position=(0.0, 0.0, 1.27), power=1.6, only_in_the_dark=True),),
    )


FURNITURE = (_chair(), _table(), _sofa(), _floor_lamp())

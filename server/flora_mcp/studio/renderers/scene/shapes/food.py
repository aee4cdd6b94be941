"""Fruit and baking."""

import math

import numpy as np

from flora_mcp.studio.renderers.scene.profile import lathe
from flora_mcp.studio.renderers.scene.sdf import (
    Distance,
    Floats,
    around,
    box,
    bumpy,
    capsule,
    cylinder,
    ellipsoid,
    move,
    smooth_union,
    sphere,
    torus,
    turn,
    union,
)
from flora_mcp.studio.renderers.scene.shapes.shape import Part, Shape

_STALK = (0.32, 0.22, 0.12)


def _stalk(*, foot: float, tip: tuple[float, float, float], radius: float = 0.0018) -> Part:
    rod = capsule(start=(0.0, 0.0, foot), end=tip, radius=radius, end_radius=radius * 1.4)
    return Part(distance=rod, slot="fixed", material="wood", colour=_STALK)


def _apple() -> Shape:
    flesh = lathe(
        [
            (0.0, 0.0065),
            (0.008, 0.002),
            (0.016, 0.001),
            (0.030, 0.013),
            (0.0405, 0.042),
            (0.036, 0.064),
            (0.020, 0.0745),
            (0.007, 0.070),
            (0.0, 0.062),
        ]
    )
    leaf = move(
        turn(turn(ellipsoid(radii=(0.020, 0.009, 0.0022)), axis="y", degrees=-28), axis="z", degrees=25),
        to=(0.019, 0.006, 0.090),
    )
    return Shape(
        name="apple",
        parts=(
            Part(distance=bumpy(flesh, height=0.0004, length=0.06)),
            _stalk(foot=0.060, tip=(0.005, 0.002, 0.090)),
            Part(distance=leaf, slot="fixed", material="leaf", colour=(0.32, 0.52, 0.16)),
        ),
        width=0.088,
        depth=0.088,
        height=0.104,
        material="fruit",
        colours=((0.74, 0.08, 0.07), (0.55, 0.68, 0.18), (0.80, 0.28, 0.10)),
        kind="food",
    )


def _pear() -> Shape:
    flesh = lathe(
        [
            (0.0, 0.004),
            (0.010, 0.001),
            (0.026, 0.008),
            (0.037, 0.034),
            (0.029, 0.066),
            (0.0175, 0.088),
            (0.012, 0.103),
            (0.0, 0.108),
        ]
    )
    return Shape(
        name="pear",
        parts=(Part(distance=bumpy(flesh, height=0.0004, length=0.07)), _stalk(foot=0.104, tip=(0.006, 0.0, 0.126))),
        width=0.080,
        depth=0.080,
        height=0.130,
        material="fruit",
        colours=((0.72, 0.70, 0.22), (0.56, 0.62, 0.20), (0.78, 0.62, 0.26)),
        kind="food",
    )


def _orange() -> Shape:
    flesh = bumpy(sphere(radius=0.0380, at=(0.0, 0.0, 0.0382)), height=0.00025, length=0.0045)
    navel = cylinder(radius=0.004, height=0.004, rounding=0.001, at=(0.0, 0.0, 0.0755))
    return Shape(
        name="orange",
        parts=(
            Part(distance=flesh),
            Part(distance=navel, slot="fixed", material="leaf", colour=(0.35, 0.45, 0.16)),
        ),
        width=0.080,
        depth=0.080,
        height=0.0785,
        material="fruit",
        colours=((0.95, 0.47, 0.05),),
        kind="food",
    )


def _lemon() -> Shape:
    flesh = smooth_union(
        ellipsoid(radii=(0.036, 0.027, 0.027), at=(0.0, 0.0, 0.0275)),
        capsule(start=(0.030, 0.0, 0.0275), end=(0.041, 0.0, 0.0275), radius=0.0075, end_radius=0.004),
        capsule(start=(-0.030, 0.0, 0.0275), end=(-0.038, 0.0, 0.0275), radius=0.007, end_radius=0.0045),
        blend=0.010,
    )
    return Shape(
        name="lemon",
        parts=(Part(distance=bumpy(flesh, height=0.00022, length=0.0045)),),
        width=0.096,
        depth=0.06,
        height=0.0565,
        material="fruit",
        colours=((0.97, 0.82, 0.12),),
        kind="food",
    )


def _arc(radius: float, start: float, end: float, widths: list[float], lift: float) -> Distance:
    """Returns a lying crescent: rods along an arc, as thick as the list says from end to end."""
    count = 14
    thick = [float(t) for t in np.interp(np.linspace(0, 1, count + 1), np.linspace(0, 1, len(widths)), widths)]
    joints = []
    for index in range(count + 1):
        angle = math.radians(start + (end - start) * index / count)
        joints.append((radius * math.cos(angle), radius * math.sin(angle) - radius * 0.72, lift))
    rods = [capsule(start=joints[i], end=joints[i + 1], radius=thick[i], end_radius=thick[i + 1]) for i in range(count)]
    return union(*rods)


def _banana() -> Shape:
    flesh = _arc(0.098, 28.0, 152.0, [0.0065, 0.0155, 0.0190, 0.0195, 0.0185, 0.0140, 0.0065], 0.0192)
    tip = capsule(start=(0.086, -0.0250, 0.0192), end=(0.094, -0.040, 0.020), radius=0.0060, end_radius=0.0050)
    end = sphere(radius=0.0055, at=(-0.088, -0.0275, 0.0192))
    return Shape(
        name="banana",
        parts=(
            Part(distance=flesh),
            Part(distance=tip, slot="fixed", material="fruit", colour=(0.66, 0.62, 0.22)),
            Part(distance=end, slot="fixed", material="wood", colour=(0.24, 0.17, 0.10)),
        ),
        width=0.205,
        depth=0.110,
        height=0.040,
        material="fruit",
        colours=((0.97, 0.79, 0.18),),
        kind="food",
    )


def _cherry() -> Shape:
    fruit = union(
        sphere(radius=0.0115, at=(-0.0155, 0.0, 0.0115)),
        sphere(radius=0.0110, at=(0.0135, -0.004, 0.0110)),
    )
    stems = union(
        capsule(start=(-0.0155, 0.0, 0.0210), end=(0.002, 0.003, 0.058), radius=0.0008),
        capsule(start=(0.0135, -0.004, 0.0205), end=(0.002, 0.003, 0.058), radius=0.0008),
        sphere(radius=0.0018, at=(0.002, 0.003, 0.058)),
    )
    leaf = move(turn(ellipsoid(radii=(0.013, 0.0065, 0.0012)), axis="y", degrees=18), to=(0.015, 0.003, 0.055))
    return Shape(
        name="cherry",
        parts=(
            Part(distance=fruit),
            Part(distance=stems, slot="fixed", material="leaf", colour=(0.40, 0.46, 0.16)),
            Part(distance=leaf, slot="fixed", material="leaf", colour=(0.28, 0.48, 0.15)),
        ),
        width=0.060,
        depth=0.034,
        height=0.062,
        material="fruit",
        colours=((0.58, 0.03, 0.07),),
        kind="food",
    )


def _egg() -> Shape:
    shell = lathe([(0.0, 0.0), (0.012, 0.002), (0.0215, 0.018), (0.0205, 0.032), (0.011, 0.052), (0.0, 0.058)])
    return Shape(
        name="egg",
        parts=(Part(distance=shell),),
        width=0.046,
        depth=0.046,
        height=0.059,
        material="paper",
        colours=((0.90, 0.76, 0.62), (0.94, 0.90, 0.84)),
        kind="food",
    )


def _pumpkin() -> Shape:
    rib = ellipsoid(radii=(0.062, 0.050, 0.082), at=(0.072, 0.0, 0.083))
    flesh = smooth_union(around(rib, count=10), ellipsoid(radii=(0.09, 0.09, 0.060), at=(0.0, 0.0, 0.08)), blend=0.02)
    stem = smooth_union(
        capsule(start=(0.0, 0.0, 0.130), end=(0.004, 0.0, 0.172), radius=0.017, end_radius=0.011),
        capsule(start=(0.004, 0.0, 0.172), end=(0.022, 0.0, 0.190), radius=0.011, end_radius=0.012),
        blend=0.01,
    )
    return Shape(
        name="pumpkin",
        parts=(
            Part(distance=flesh),
            Part(distance=stem, slot="fixed", material="wood", colour=(0.42, 0.40, 0.18)),
        ),
        width=0.276,
        depth=0.276,
        height=0.204,
        material="fruit",
        colours=((0.90, 0.42, 0.06),),
        kind="food",
    )


def _cake() -> Shape:
    sponge = cylinder(radius=0.088, height=0.088, rounding=0.004, at=(0.0, 0.0, 0.060))
    cream = union(
        *(cylinder(radius=0.091, height=0.010, rounding=0.005, at=(0.0, 0.0, z)) for z in (0.045, 0.075)),
        cylinder(radius=0.092, height=0.018, rounding=0.007, at=(0.0, 0.0, 0.106)),
        around(ellipsoid(radii=(0.011, 0.011, 0.020), at=(0.086, 0.0, 0.094)), count=14),
    )
    dish = union(
        cylinder(radius=0.118, height=0.007, rounding=0.003, at=(0.0, 0.0, 0.0125)),
        cylinder(radius=0.055, height=0.012, rounding=0.003, at=(0.0, 0.0, 0.006)),
    )
    berries = union(
        around(sphere(radius=0.0125, at=(0.066, 0.0, 0.124)), count=8),
        sphere(radius=0.0135, at=(0.0, 0.0, 0.124)),
    )
    return Shape(
        name="cake",
        parts=(
            Part(distance=sponge, slot="fixed", material="clay", colour=(0.84, 0.62, 0.36)),
            Part(distance=cream, material="wax"),
            Part(distance=dish, slot="fixed", material="ceramic", colour=(0.90, 0.89, 0.86)),
            Part(distance=berries, slot="accent", material="fruit", colour=(0.72, 0.05, 0.09)),
        ),
        width=0.238,
        depth=0.238,
        height=0.140,
        material="wax",
        colours=((0.96, 0.92, 0.85), (0.93, 0.70, 0.72), (0.38, 0.22, 0.14)),
        kind="food",
    )


def _donut() -> Shape:
    dough = torus(radius=0.029, tube=0.0165, at=(0.0, 0.0, 0.0165))
    skin = torus(radius=0.029, tube=0.0180, at=(0.0, 0.0, 0.0165))

    def icing(points: Floats) -> Floats:
        x, y, z = points
        angle = np.arctan2(y, x)
        hem = 0.0185 + 0.0028 * np.sin(angle * 7.0) + 0.0016 * np.sin(angle * 11.0 + 1.0)
        found: Floats = np.maximum(skin(points), (hem - z) * 0.85)
        return found

    grain = turn(box(size=(0.0062, 0.0020, 0.0016), rounding=0.0007), axis="z", degrees=35)
    grains = union(
        around(move(grain, to=(0.029, 0.0, 0.0348)), count=9),
        turn(around(move(grain, to=(0.0215, 0.0, 0.0332)), count=7), axis="z", degrees=17),
        turn(around(move(grain, to=(0.0370, 0.0, 0.0330)), count=11), axis="z", degrees=9),
    )
    return Shape(
        name="donut",
        parts=(
            Part(distance=dough, slot="fixed", material="clay", colour=(0.78, 0.52, 0.27)),
            Part(distance=icing, material=None),
            Part(distance=grains, slot="accent", material="plastic"),
        ),
        width=0.096,
        depth=0.096,
        height=0.0365,
        material="plastic",
        colours=((0.93, 0.52, 0.62), (0.35, 0.18, 0.10), (0.96, 0.93, 0.88)),
        accents=((0.97, 0.93, 0.60), (0.55, 0.85, 0.90), (0.98, 0.97, 0.95)),
        kind="food",
    )


FOOD = (
    _apple(),
    _pear(),
    _orange(),
    _lemon(),
    _banana(),
    _cherry(),
    _egg(),
    _pumpkin(),
    _cake(),
    _donut(),
)

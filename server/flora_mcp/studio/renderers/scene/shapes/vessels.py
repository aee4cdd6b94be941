"""Things that hold something: mug, cup, bowl, vase, bottle and their like."""

from flora_mcp.studio.renderers.scene.profile import lathe, revolved, vessel
from flora_mcp.studio.renderers.scene.sdf import (
    capsule,
    cylinder,
    move,
    smooth_union,
    subtract,
    torus,
    turn,
    union,
)
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

_CLEAR = ((0.95, 0.98, 0.97),)
_BOTTLES = ((0.20, 0.45, 0.25), (0.55, 0.30, 0.10), (0.72, 0.86, 0.86), (0.25, 0.45, 0.60))


def _mug() -> Shape:
    wall = vessel(
        [(0.0, 0.0028), (0.031, 0.0028), (0.0365, 0.005), (0.0400, 0.012), (0.0408, 0.030), (0.0408, 0.094)],
        thickness=0.0055,
    )
    ring = move(turn(torus(radius=0.0255, tube=0.0058), axis="x", degrees=90), to=(0.0455, 0.0, 0.051))
    handle = subtract(ring, cylinder(radius=0.039, height=0.2, at=(0.0, 0.0, 0.105)))
    body = smooth_union(wall, handle, blend=0.010)
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


def _cup() -> Shape:
    wall = vessel(
        [(0.0, 0.013), (0.018, 0.013), (0.030, 0.024), (0.038, 0.044), (0.043, 0.068)],
        thickness=0.0035,
    )
    foot = cylinder(radius=0.020, height=0.008, rounding=0.002, at=(0.0, 0.0, 0.009))
    ring = move(turn(torus(radius=0.0165, tube=0.0032), axis="x", degrees=90), to=(0.046, 0.0, 0.045))
    hollow = lathe([(0.0, 0.016), (0.018, 0.016), (0.029, 0.026), (0.0365, 0.044), (0.042, 0.072)])
    body = subtract(smooth_union(union(wall, foot), ring, blend=0.006), hollow)
    saucer = vessel(
        [(0.0, 0.003), (0.032, 0.003), (0.052, 0.008), (0.072, 0.0135)],
        thickness=0.0034,
    )
    tea = cylinder(radius=0.0385, height=0.002, at=(0.0, 0.0, 0.057))
    return Shape(
        name="cup",
        parts=(
            Part(distance=union(body, saucer)),
            Part(distance=tea, slot="fixed", material="coffee", colour=(0.36, 0.16, 0.05)),
        ),
        width=0.152,
        depth=0.152,
        height=0.072,
        colours=GLAZES,
    )


def _bowl() -> Shape:
    wall = vessel(
        [(0.0, 0.012), (0.030, 0.012), (0.056, 0.026), (0.074, 0.050), (0.081, 0.075)],
        thickness=0.0055,
    )
    foot = cylinder(radius=0.034, height=0.012, rounding=0.003, at=(0.0, 0.0, 0.006))
    return Shape(
        name="bowl",
        parts=(Part(distance=revolved(smooth_union(wall, foot, blend=0.006), radius=0.088, height=0.080)),),
        width=0.176,
        depth=0.176,
        height=0.080,
        colours=GLAZES,
    )


def _plate() -> Shape:
    body = vessel(
        [(0.0, 0.0035), (0.070, 0.0035), (0.082, 0.007), (0.092, 0.013), (0.122, 0.0185)],
        thickness=0.0048,
    )
    return Shape(name="plate", parts=(Part(distance=body),), width=0.26, depth=0.26, height=0.024, colours=GLAZES)


def _vase() -> Shape:
    wall = vessel(
        [
            (0.0, 0.003),
            (0.034, 0.003),
            (0.044, 0.010),
            (0.062, 0.060),
            (0.066, 0.105),
            (0.052, 0.160),
            (0.027, 0.205),
            (0.023, 0.232),
            (0.034, 0.258),
        ],
        thickness=0.0056,
    )
    return Shape(name="vase", parts=(Part(distance=wall),), width=0.15, depth=0.15, height=0.264, colours=GLAZES)


def _bottle() -> Shape:
    wall = vessel(
        [
            (0.0, 0.0035),
            (0.030, 0.0035),
            (0.0365, 0.008),
            (0.0375, 0.016),
            (0.0375, 0.030),
            (0.0375, 0.135),
            (0.0375, 0.150),
            (0.034, 0.178),
            (0.019, 0.208),
            (0.0138, 0.232),
            (0.0135, 0.282),
        ],
        thickness=0.0044,
    )
    lip = torus(radius=0.0145, tube=0.0030, at=(0.0, 0.0, 0.276))
    cork = cylinder(radius=0.0112, height=0.030, rounding=0.0015, at=(0.0, 0.0, 0.284))
    label = vessel([(0.0402, 0.055), (0.0402, 0.125)], thickness=0.0009, smooth=False)
    return Shape(
        name="bottle",
        parts=(
            Part(distance=smooth_union(wall, lip, blend=0.003), material=None),
            Part(distance=cork, slot="fixed", material="clay", colour=(0.72, 0.54, 0.36)),
            Part(distance=label, slot="fixed", material="paper", colour=(0.92, 0.88, 0.78)),
        ),
        width=0.084,
        depth=0.084,
        height=0.300,
        material="glass",
        colours=_BOTTLES,
    )


def _glass() -> Shape:
    wall = vessel(
        [(0.0, 0.006), (0.024, 0.006), (0.029, 0.010), (0.0345, 0.070), (0.037, 0.126)],
        thickness=0.0034,
    )
    water = lathe([(0.0, 0.009), (0.0255, 0.009), (0.0315, 0.070), (0.0320, 0.084), (0.0, 0.084)], smooth=False)
    return Shape(
        name="glass",
        parts=(Part(distance=revolved(union(wall, water), radius=0.04, height=0.130)),),
        width=0.08,
        depth=0.08,
        height=0.130,
        material="glass",
        colours=_CLEAR,
    )


def _wine_glass() -> Shape:
    wall = vessel(
        [
            (0.0, 0.092),
            (0.010, 0.094),
            (0.028, 0.107),
            (0.038, 0.132),
            (0.0385, 0.155),
            (0.032, 0.198),
        ],
        thickness=0.0026,
    )
    stem = lathe(
        [
            (0.0, 0.0),
            (0.036, 0.0),
            (0.036, 0.0022),
            (0.012, 0.006),
            (0.0045, 0.016),
            (0.0038, 0.050),
            (0.006, 0.088),
            (0.0, 0.094),
        ]
    )
    wine = lathe(
        [(0.0, 0.0945), (0.0085, 0.096), (0.0260, 0.1085), (0.0358, 0.132), (0.0363, 0.146), (0.0, 0.146)],
        smooth=False,
    )
    return Shape(
        name="wine_glass",
        parts=(
            Part(distance=revolved(union(wall, stem), radius=0.041, height=0.202)),
            Part(distance=wine, slot="fixed", material="coffee", colour=(0.36, 0.02, 0.07)),
        ),
        width=0.082,
        depth=0.082,
        height=0.202,
        material="glass",
        colours=_CLEAR,
    )


def _jar() -> Shape:
    wall = vessel(
        [
            (0.0, 0.004),
            (0.036, 0.004),
            (0.042, 0.010),
            (0.042, 0.02),
            (0.042, 0.08),
            (0.042, 0.095),
            (0.040, 0.106),
            (0.034, 0.114),
            (0.034, 0.124),
        ],
        thickness=0.0040,
    )
    lid = cylinder(radius=0.0385, height=0.020, rounding=0.002, at=(0.0, 0.0, 0.128))
    jam = lathe([(0.0, 0.007), (0.036, 0.007), (0.0392, 0.012), (0.0392, 0.088), (0.0, 0.088)], smooth=False)
    return Shape(
        name="jar",
        parts=(
            Part(distance=wall),
            Part(distance=lid, slot="accent", material="steel"),
            Part(distance=jam, slot="fixed", material="coffee", colour=(0.80, 0.42, 0.06)),
        ),
        width=0.092,
        depth=0.092,
        height=0.140,
        material="glass",
        colours=_CLEAR,
        accents=((0.82, 0.66, 0.36), (0.72, 0.22, 0.18), (0.85, 0.85, 0.84)),
    )


def _teapot() -> Shape:
    pot = lathe(
        [(0.0, 0.0), (0.045, 0.0), (0.062, 0.014), (0.078, 0.052), (0.070, 0.088), (0.046, 0.110), (0.0, 0.116)]
    )
    lid = lathe([(0.0, 0.106), (0.044, 0.108), (0.040, 0.117), (0.018, 0.125), (0.0, 0.127)])
    knob = lathe([(0.0, 0.124), (0.006, 0.126), (0.006, 0.130), (0.012, 0.139), (0.0, 0.147)])
    low = capsule(start=(-0.060, 0.0, 0.044), end=(-0.097, 0.0, 0.068), radius=0.020, end_radius=0.013)
    high = capsule(start=(-0.097, 0.0, 0.068), end=(-0.122, 0.0, 0.111), radius=0.013, end_radius=0.0085)
    spout = smooth_union(low, high, blend=0.010)
    ring = move(turn(torus(radius=0.036, tube=0.0068), axis="x", degrees=90), to=(0.082, 0.0, 0.064))
    hole = capsule(start=(-0.112, 0.0, 0.094), end=(-0.134, 0.0, 0.132), radius=0.0055)
    body = smooth_union(pot, spout, ring, blend=0.012)
    return Shape(
        name="teapot",
        parts=(Part(distance=subtract(body, hole)), Part(distance=union(lid, knob))),
        width=0.27,
        depth=0.162,
        height=0.148,
        colours=GLAZES,
    )


def _jug() -> Shape:
    wall = vessel(
        [(0.0, 0.003), (0.040, 0.003), (0.054, 0.020), (0.060, 0.065), (0.046, 0.125), (0.040, 0.150), (0.047, 0.182)],
        thickness=0.0052,
    )
    beak = capsule(start=(-0.036, 0.0, 0.160), end=(-0.060, 0.0, 0.184), radius=0.019, end_radius=0.012)
    ring = move(turn(torus(radius=0.045, tube=0.0068), axis="x", degrees=90), to=(0.056, 0.0, 0.112))
    hollow = lathe(
        [(0.0, 0.008), (0.036, 0.008), (0.051, 0.022), (0.057, 0.065), (0.043, 0.125), (0.0375, 0.150), (0.044, 0.2)]
    )
    gutter = capsule(start=(-0.025, 0.0, 0.166), end=(-0.062, 0.0, 0.194), radius=0.016, end_radius=0.0105)
    body = subtract(smooth_union(wall, beak, ring, blend=0.010), hollow, gutter)
    return Shape(name="jug", parts=(Part(distance=body),), width=0.22, depth=0.13, height=0.190, colours=GLAZES)


VESSELS = (
    _mug(),
    _cup(),
    _bowl(),
    _plate(),
    _vase(),
    _bottle(),
    _glass(),
    _wine_glass(),
    _jar(),
    _teapot(),
    _jug(),
)

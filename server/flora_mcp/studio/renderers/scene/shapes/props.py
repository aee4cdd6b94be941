"""Things on shelves and desks: book, candle, lamp, clock and their like."""

import math

import numpy as np

from flora_mcp.studio.renderers.scene.profile import lathe, vessel
from flora_mcp.studio.renderers.scene.sdf import (
    Distance,
    Floats,
    around,
    box,
    capsule,
    cone,
    cylinder,
    ellipsoid,
    move,
    smooth_union,
    sphere,
    subtract,
    torus,
    turn,
    union,
)
from flora_mcp.studio.renderers.scene.shapes.shape import Glow, Part, Shape

_CLOTH = ((0.55, 0.16, 0.14), (0.14, 0.28, 0.40), (0.20, 0.36, 0.26), (0.72, 0.56, 0.28), (0.30, 0.22, 0.34))
_PAINTS = ((0.16, 0.36, 0.42), (0.78, 0.28, 0.20), (0.90, 0.74, 0.36), (0.86, 0.84, 0.80))


def _book() -> Shape:
    boards = union(
        box(size=(0.152, 0.216, 0.0035), rounding=0.0012, at=(0.0, 0.0, 0.00175)),
        box(size=(0.152, 0.216, 0.0035), rounding=0.0012, at=(0.0, 0.0, 0.03325)),
        box(size=(0.006, 0.216, 0.034), rounding=0.0028, at=(-0.0740, 0.0, 0.0175)),
    )
    leaves = box(size=(0.142, 0.206, 0.0285), at=(0.0, 0.0, 0.0175))

    def pages(points: Floats) -> Floats:
        # Grooves between sheets, seen as fine lines on the cut.
        found: Floats = leaves(points) + np.abs(np.sin(points[2] * 2400.0)) * 0.0004
        return found

    stamp = union(
        box(size=(0.086, 0.010, 0.0012), at=(0.004, 0.036, 0.0350)),
        box(size=(0.058, 0.006, 0.0012), at=(0.004, 0.014, 0.0350)),
        subtract(
            box(size=(0.126, 0.188, 0.0010), at=(0.004, 0.0, 0.0350)),
            box(size=(0.121, 0.183, 0.0040), at=(0.004, 0.0, 0.0350)),
        ),
    )
    return Shape(
        name="book",
        parts=(
            Part(distance=boards),
            Part(distance=pages, slot="fixed", material="paper", colour=(0.93, 0.89, 0.80)),
            Part(distance=stamp, slot="accent", material="gold", colour=(0.92, 0.74, 0.38)),
        ),
        width=0.156,
        depth=0.218,
        height=0.0362,
        material="fabric",
        colours=_CLOTH,
    )


def _candle() -> Shape:
    stick = cylinder(radius=0.030, height=0.108, rounding=0.004, at=(0.0, 0.0, 0.054))
    pool = ellipsoid(radii=(0.024, 0.024, 0.008), at=(0.0, 0.0, 0.109))
    drip = union(
        capsule(start=(0.0292, -0.006, 0.102), end=(0.0300, -0.006, 0.070), radius=0.0035, end_radius=0.0045),
        capsule(start=(-0.018, -0.0240, 0.102), end=(-0.018, -0.0245, 0.083), radius=0.003, end_radius=0.004),
    )
    wax = smooth_union(subtract(stick, pool, blend=0.003), drip, blend=0.004)
    wick = capsule(start=(0.0, 0.0, 0.098), end=(0.001, 0.0, 0.116), radius=0.0011)
    flame = lathe([(0.0, 0.112), (0.0045, 0.116), (0.0072, 0.124), (0.0050, 0.137), (0.0016, 0.150), (0.0, 0.156)])
    return Shape(
        name="candle",
        parts=(
            Part(distance=wax),
            Part(distance=wick, slot="fixed", material="rubber", colour=(0.08, 0.06, 0.05)),
            Part(distance=flame, slot="fixed", material="flame", colour=(1.0, 0.62, 0.20)),
        ),
        width=0.070,
        depth=0.070,
        height=0.158,
        material="wax",
        colours=((0.93, 0.88, 0.76), (0.90, 0.84, 0.80)),
        glows=(Glow(position=(0.0, 0.0, 0.134)),),
    )


def _lamp() -> Shape:
    foot = lathe([(0.0, 0.0), (0.070, 0.0), (0.072, 0.010), (0.030, 0.020), (0.012, 0.030), (0.0, 0.032)])
    belly = lathe(
        [(0.0, 0.022), (0.016, 0.026), (0.046, 0.075), (0.050, 0.115), (0.030, 0.175), (0.011, 0.205), (0.0, 0.210)]
    )
    rod = cylinder(radius=0.005, height=0.10, at=(0.0, 0.0, 0.250))
    shade = vessel([(0.118, 0.250), (0.080, 0.420)], thickness=0.004, smooth=False)
    bulb = sphere(radius=0.024, at=(0.0, 0.0, 0.325))
    return Shape(
        name="lamp",
        parts=(
            Part(distance=smooth_union(foot, belly, blend=0.01)),
            Part(distance=rod, slot="fixed", material="gold"),
            Part(distance=shade, slot="accent", material="lampshade", colour=(0.93, 0.86, 0.72)),
            Part(distance=bulb, slot="fixed", material="lampshade", colour=(1.0, 0.96, 0.88)),
        ),
        width=0.245,
        depth=0.245,
        height=0.424,
        colours=_PAINTS,
        glows=(Glow(position=(0.0, 0.0, 0.300), power=1.3, only_in_the_dark=True),),
    )


def _lantern() -> Shape:
    posts = union(
        *(box(size=(0.009, 0.009, 0.150), at=(x, y, 0.090)) for x in (-0.047, 0.047) for y in (-0.047, 0.047))
    )
    decks = union(
        box(size=(0.112, 0.112, 0.014), rounding=0.003, at=(0.0, 0.0, 0.007)),
        box(size=(0.112, 0.112, 0.010), rounding=0.003, at=(0.0, 0.0, 0.166)),
    )
    roof = move(
        turn(cone(bottom=0.070, top=0.020, height=0.045, rounding=0.003), axis="z", degrees=45), to=(0, 0, 0.168)
    )
    ring = move(turn(torus(radius=0.022, tube=0.0032), axis="x", degrees=90), to=(0.0, 0.0, 0.232))
    candle = cylinder(radius=0.021, height=0.070, rounding=0.003, at=(0.0, 0.0, 0.049))
    flame = move(
        lathe([(0.0, 0.0), (0.0055, 0.004), (0.0080, 0.012), (0.0055, 0.026), (0.0, 0.044)]), to=(0.0, 0.0, 0.088)
    )
    return Shape(
        name="lantern",
        parts=(
            Part(distance=union(posts, decks, roof, ring)),
            Part(distance=candle, slot="fixed", material="wax"),
            Part(distance=flame, slot="fixed", material="flame", colour=(1.0, 0.62, 0.20)),
        ),
        width=0.146,
        depth=0.146,
        height=0.260,
        material="paint",
        colours=((0.10, 0.10, 0.11), (0.30, 0.12, 0.10), (0.14, 0.22, 0.22)),
        glows=(Glow(position=(0.0, 0.0, 0.108)),),
    )


def _clock() -> Shape:
    def facing(part: Distance) -> Distance:
        """Turns what lies flat, face up, to face the viewer, its middle 75 mm above the table."""
        return move(turn(part, axis="x", degrees=90), to=(0.0, 0.0, 0.075))

    case = facing(cylinder(radius=0.060, height=0.040, rounding=0.006))
    face = facing(cylinder(radius=0.053, height=0.004, at=(0.0, 0.0, 0.0195)))
    ticks = around(box(size=(0.008, 0.0026, 0.0030), at=(0.045, 0.0, 0.0215)), count=12)
    hands = union(
        capsule(start=(0.0, 0.0, 0.0225), end=(-0.022, 0.0128, 0.0225), radius=0.0021),
        capsule(start=(0.0, 0.0, 0.0230), end=(0.0325, 0.0188, 0.0230), radius=0.0015),
        cylinder(radius=0.0035, height=0.005, at=(0.0, 0.0, 0.023)),
    )
    legs = union(*(capsule(start=(s * 0.030, 0.0, 0.030), end=(s * 0.044, 0.0, 0.005), radius=0.005) for s in (-1, 1)))
    bells = union(
        *(
            move(
                turn(ellipsoid(radii=(0.024, 0.024, 0.015)), axis="y", degrees=s * 38),
                to=(s * 0.040, 0.0, 0.133),
            )
            for s in (-1, 1)
        ),
        capsule(start=(0.0, 0.0, 0.130), end=(0.0, 0.0, 0.150), radius=0.0035),
        sphere(radius=0.007, at=(0.0, 0.0, 0.152)),
    )
    return Shape(
        name="clock",
        parts=(
            Part(distance=case),
            Part(distance=face, slot="fixed", material="paper", colour=(0.95, 0.93, 0.88)),
            Part(distance=facing(union(ticks, hands)), slot="fixed", material="rubber", colour=(0.07, 0.07, 0.08)),
            Part(distance=union(legs, bells), slot="accent", material="gold", colour=(0.95, 0.78, 0.45)),
        ),
        width=0.136,
        depth=0.060,
        height=0.162,
        material="paint",
        colours=((0.72, 0.20, 0.16), (0.16, 0.42, 0.46), (0.92, 0.76, 0.36), (0.20, 0.24, 0.34)),
    )


def _pencil() -> Shape:
    lift, flat = 0.0043, 0.0042
    around_axis = [(flat * math.cos(math.radians(a)), flat * math.sin(math.radians(a))) for a in range(30, 390, 60)]

    def shaft(points: Floats) -> Floats:
        x, y, z = points
        sides = [y * (c / flat) + (z - lift) * (s / flat) for c, s in around_axis]
        found: Floats = np.maximum(np.maximum.reduce(sides) - np.float32(flat * 0.93), np.abs(x) - 0.070)
        return found

    tip = move(turn(cone(bottom=0.0042, top=0.0012, height=0.017), axis="y", degrees=-90), to=(-0.0695, 0.0, lift))
    lead = capsule(start=(-0.0855, 0.0, lift), end=(-0.0895, 0.0, lift), radius=0.0011, end_radius=0.0006)
    ferrule = turn(cylinder(radius=0.0043, height=0.012), axis="y", degrees=90)
    rubber = capsule(start=(0.082, 0.0, lift), end=(0.087, 0.0, lift), radius=0.0040)
    return Shape(
        name="pencil",
        parts=(
            Part(distance=shaft),
            Part(distance=tip, slot="fixed", material="wood", colour=(0.86, 0.68, 0.46)),
            Part(distance=lead, slot="fixed", material="rubber", colour=(0.10, 0.10, 0.11)),
            Part(distance=move(ferrule, to=(0.076, 0.0, lift)), slot="fixed", material="steel"),
            Part(distance=rubber, slot="accent", material="rubber", colour=(0.88, 0.48, 0.46)),
        ),
        width=0.184,
        depth=0.012,
        height=0.0092,
        material="paint",
        colours=((0.95, 0.68, 0.12), (0.78, 0.16, 0.14), (0.15, 0.38, 0.62)),
    )


def _box() -> Shape:
    card = box(size=(0.16, 0.13, 0.11), rounding=0.0025, at=(0.0, 0.0, 0.055))
    tape = union(
        box(size=(0.162, 0.030, 0.0012), at=(0.0, 0.0, 0.1102)),
        *(box(size=(0.0012, 0.030, 0.034), at=(s * 0.0802, 0.0, 0.0938)) for s in (-1, 1)),
    )
    return Shape(
        name="box",
        parts=(
            Part(distance=card),
            Part(distance=tape, slot="accent", material="plastic", colour=(0.80, 0.66, 0.44)),
        ),
        width=0.164,
        depth=0.134,
        height=0.1115,
        material="paper",
        colours=((0.70, 0.53, 0.36),),
    )


def _plant() -> Shape:
    pot = lathe(
        [(0.0, 0.0), (0.040, 0.0), (0.043, 0.004), (0.055, 0.075), (0.060, 0.076), (0.061, 0.092), (0.0, 0.092)],
        smooth=False,
    )
    hole = cylinder(radius=0.054, height=0.03, at=(0.0, 0.0, 0.098))
    soil = cylinder(radius=0.0545, height=0.01, at=(0.0, 0.0, 0.080))

    def blades(count: int, lean: float, length: float, start: float) -> Distance:
        """Returns a ring of pointed leaves that lean outwards."""
        blade = ellipsoid(radii=(0.0045, 0.026, length / 2.0), at=(0.0, 0.0, length / 2.0))
        leaf = move(turn(blade, axis="y", degrees=lean), to=(0.010, 0.0, 0.078))
        return turn(around(leaf, count=count), axis="z", degrees=start)

    leaves = union(blades(7, 52.0, 0.170, 0.0), blades(6, 33.0, 0.205, 25.0), blades(4, 12.0, 0.220, 50.0))
    return Shape(
        name="plant",
        parts=(
            Part(distance=subtract(pot, hole)),
            Part(distance=soil, slot="fixed", material="clay", colour=(0.20, 0.14, 0.10)),
            Part(distance=leaves, slot="accent", material="leaf", colour=(0.24, 0.46, 0.20)),
        ),
        width=0.330,
        depth=0.330,
        height=0.312,
        material="clay",
        colours=((0.74, 0.40, 0.27), (0.90, 0.88, 0.84), (0.42, 0.50, 0.52)),
        kind="plant",
    )


PROPS = (_book(), _candle(), _lamp(), _lantern(), _clock(), _pencil(), _box(), _plant())

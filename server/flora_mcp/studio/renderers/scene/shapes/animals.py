"""Small animals: rabbit, bird, duck, penguin, fish."""

import numpy as np

from flora_mcp.studio.renderers.scene.sdf import (
    Distance,
    box,
    capsule,
    cone,
    cylinder,
    ellipsoid,
    intersect,
    mirror,
    move,
    prism,
    smooth_union,
    sphere,
    turn,
    union,
)
from flora_mcp.studio.renderers.scene.shapes.characters import PINK, eyes, fixed
from flora_mcp.studio.renderers.scene.shapes.repeats import band
from flora_mcp.studio.renderers.scene.shapes.shape import Part, Shape

BEAK = (0.93, 0.55, 0.10)


def _leaning(part: Distance, *, degrees: float, to: tuple[float, float, float]) -> Distance:
    return move(turn(part, axis="y", degrees=degrees), to=to)


def _rabbit() -> Shape:
    body = smooth_union(
        ellipsoid(radii=(0.125, 0.16, 0.145), at=(0.0, 0.06, 0.14)),
        ellipsoid(radii=(0.088, 0.085, 0.12), at=(0.0, -0.07, 0.18)),
        mirror(ellipsoid(radii=(0.06, 0.10, 0.085), at=(0.105, 0.07, 0.09))),
        mirror(ellipsoid(radii=(0.035, 0.085, 0.028), at=(0.10, -0.03, 0.027))),
        mirror(capsule(start=(0.045, -0.11, 0.15), end=(0.045, -0.13, 0.03), radius=0.028)),
        blend=0.045,
    )
    head = smooth_union(
        ellipsoid(radii=(0.095, 0.10, 0.09), at=(0.0, -0.11, 0.335)),
        mirror(sphere(radius=0.034, at=(0.026, -0.187, 0.31))),
        blend=0.03,
    )
    ear = ellipsoid(radii=(0.036, 0.02, 0.125))
    inner = ellipsoid(radii=(0.020, 0.008, 0.095), at=(0.0, -0.018, -0.008))
    ears = mirror(_leaning(ear, degrees=11, to=(0.055, -0.075, 0.505)))
    inners = mirror(_leaning(inner, degrees=11, to=(0.055, -0.075, 0.505)))
    tail = sphere(radius=0.052, at=(0.0, 0.215, 0.13))
    nose = ellipsoid(radii=(0.014, 0.010, 0.010), at=(0.0, -0.216, 0.332))
    eye, glint = eyes(radius=0.021, at=(0.060, -0.178, 0.362))
    return Shape(
        name="rabbit",
        parts=(
            Part(distance=union(smooth_union(body, head, blend=0.04), ears)),
            Part(distance=tail, slot="accent", colour=(0.97, 0.96, 0.94)),
            eye,
            glint,
            fixed(union(inners, nose), "rubber", PINK),
        ),
        width=0.36,
        depth=0.54,
        height=0.65,
        material="fabric",
        colours=((0.95, 0.94, 0.91), (0.60, 0.57, 0.54), (0.74, 0.58, 0.40)),
        kind="creature",
    )


def _bird() -> Shape:
    body = smooth_union(
        ellipsoid(radii=(0.075, 0.105, 0.082), at=(0.0, 0.01, 0.145)),
        sphere(radius=0.062, at=(0.0, -0.068, 0.228)),
        blend=0.045,
    )
    tail = move(turn(box(size=(0.05, 0.14, 0.014), rounding=0.006), axis="x", degrees=-20), to=(0.0, 0.155, 0.125))
    wing = smooth_union(
        ellipsoid(radii=(0.016, 0.085, 0.05), at=(0.073, 0.03, 0.155)),
        ellipsoid(radii=(0.012, 0.06, 0.026), at=(0.066, 0.10, 0.13)),
        blend=0.03,
    )
    breast = ellipsoid(radii=(0.055, 0.06, 0.058), at=(0.0, -0.050, 0.145))
    beak = move(
        turn(cone(bottom=0.020, top=0.002, height=0.05, rounding=0.002), axis="x", degrees=90), to=(0.0, -0.122, 0.225)
    )
    leg = union(
        capsule(start=(0.028, 0.0, 0.07), end=(0.03, -0.005, 0.012), radius=0.0055),
        capsule(start=(0.03, -0.005, 0.008), end=(0.03, -0.05, 0.006), radius=0.006),
        capsule(start=(0.03, -0.005, 0.008), end=(0.055, -0.04, 0.006), radius=0.005),
        capsule(start=(0.03, -0.005, 0.008), end=(0.005, -0.04, 0.006), radius=0.005),
    )
    eye, glint = eyes(radius=0.0115, at=(0.034, -0.113, 0.243))
    return Shape(
        name="bird",
        parts=(
            Part(distance=union(body, tail, mirror(wing))),
            Part(distance=breast, slot="accent", colour=(0.92, 0.55, 0.30)),
            fixed(union(beak, mirror(leg)), "plastic", BEAK),
            eye,
            glint,
        ),
        width=0.2,
        depth=0.48,
        height=0.3,
        material="fabric",
        colours=((0.30, 0.52, 0.72), (0.74, 0.16, 0.13), (0.93, 0.74, 0.18), (0.42, 0.34, 0.28)),
        kind="creature",
    )


def _duck() -> Shape:
    body = smooth_union(
        ellipsoid(radii=(0.135, 0.19, 0.10), at=(0.0, 0.0, 0.08)),
        capsule(start=(0.0, 0.14, 0.12), end=(0.0, 0.225, 0.19), radius=0.055, end_radius=0.012),
        capsule(start=(0.0, -0.10, 0.13), end=(0.0, -0.115, 0.24), radius=0.062),
        sphere(radius=0.088, at=(0.0, -0.12, 0.285)),
        blend=0.05,
    )
    wing = smooth_union(
        ellipsoid(radii=(0.026, 0.105, 0.055), at=(0.13, 0.03, 0.125)),
        ellipsoid(radii=(0.018, 0.05, 0.028), at=(0.118, 0.125, 0.15)),
        blend=0.03,
    )
    bill = smooth_union(
        ellipsoid(radii=(0.045, 0.058, 0.014), at=(0.0, -0.215, 0.278)),
        ellipsoid(radii=(0.032, 0.04, 0.018), at=(0.0, -0.20, 0.265)),
        blend=0.015,
    )
    eye, glint = eyes(radius=0.0155, at=(0.045, -0.186, 0.318))
    solid = intersect(union(body, mirror(wing)), band(low=0.0, high=1.0))
    return Shape(
        name="duck",
        parts=(Part(distance=solid), Part(distance=bill, slot="accent", material="plastic", colour=BEAK), eye, glint),
        width=0.34,
        depth=0.56,
        height=0.385,
        material="plastic",
        colours=((0.96, 0.78, 0.10),),
        kind="creature",
    )


def _penguin() -> Shape:
    body = smooth_union(
        ellipsoid(radii=(0.20, 0.185, 0.30), at=(0.0, 0.0, 0.33)),
        sphere(radius=0.145, at=(0.0, -0.01, 0.66)),
        blend=0.12,
    )
    belly = smooth_union(
        ellipsoid(radii=(0.155, 0.10, 0.25), at=(0.0, -0.105, 0.325)),
        mirror(ellipsoid(radii=(0.062, 0.04, 0.07), at=(0.052, -0.118, 0.665))),
        blend=0.04,
    )
    flipper = _leaning(ellipsoid(radii=(0.032, 0.065, 0.19)), degrees=-24, to=(0.235, 0.0, 0.38))
    beak = move(
        turn(cone(bottom=0.036, top=0.004, height=0.10, rounding=0.004), axis="x", degrees=96), to=(0.0, -0.14, 0.645)
    )
    foot = union(
        *(capsule(start=(0.085, -0.08, 0.03), end=(0.085 + x, -0.235, 0.022), radius=0.03) for x in (-0.04, 0.0, 0.04))
    )
    tail = move(turn(cone(bottom=0.07, top=0.01, height=0.14), axis="x", degrees=-115), to=(0.0, 0.14, 0.10))
    eye, glint = eyes(radius=0.021, at=(0.056, -0.150, 0.70))
    return Shape(
        name="penguin",
        parts=(
            Part(distance=union(body, mirror(flipper), tail)),
            fixed(belly, "fabric", (0.96, 0.95, 0.92)),
            Part(distance=union(beak, mirror(foot)), slot="accent", material="plastic", colour=BEAK),
            eye,
            glint,
        ),
        width=0.72,
        depth=0.62,
        height=0.82,
        material="fabric",
        colours=((0.09, 0.10, 0.12), (0.14, 0.18, 0.30)),
        kind="creature",
    )


def _fish() -> Shape:
    body = smooth_union(
        ellipsoid(radii=(0.055, 0.15, 0.088), at=(0.0, -0.02, 0.13)),
        ellipsoid(radii=(0.025, 0.08, 0.045), at=(0.0, 0.13, 0.13)),
        blend=0.05,
    )
    across = turn(
        union(
            prism(
                outline=[(0.0, -0.02), (0.13, 0.085), (0.10, 0.0), (0.13, -0.085), (0.0, 0.02)],
                depth=0.016,
                rounding=0.004,
            ),
        ),
        axis="z",
        degrees=90,
    )
    tail = move(across, to=(0.0, 0.18, 0.13))
    back = turn(
        prism(outline=[(-0.11, 0.0), (0.12, 0.0), (0.10, 0.05), (-0.03, 0.075)], depth=0.014, rounding=0.004),
        axis="z",
        degrees=90,
    )
    below = turn(
        prism(outline=[(0.0, 0.0), (0.10, 0.02), (0.08, -0.05)], depth=0.014, rounding=0.004), axis="z", degrees=90
    )
    side = move(turn(ellipsoid(radii=(0.012, 0.05, 0.03)), axis="z", degrees=35), to=(0.068, 0.01, 0.10))
    fins = union(tail, move(back, to=(0.0, -0.01, 0.205)), move(below, to=(0.0, 0.0, 0.055)), mirror(side))
    stripes = union(
        *(
            intersect(ellipsoid(radii=(0.0565, 0.1515, 0.0895), at=(0.0, -0.02, 0.13)), _slice(y))
            for y in (-0.075, 0.005)
        )
    )
    lips = move(
        turn(cylinder(radius=0.022, height=0.02, rounding=0.008), axis="x", degrees=90), to=(0.0, -0.168, 0.122)
    )
    white = mirror(sphere(radius=0.021, at=(0.040, -0.115, 0.152)))
    eye, glint = eyes(radius=0.0125, at=(0.054, -0.121, 0.154))
    return Shape(
        name="fish",
        parts=(
            Part(distance=union(body, lips)),
            Part(distance=fins, slot="accent"),
            fixed(stripes, "paper", (0.97, 0.95, 0.90)),
            fixed(white, "paper", (0.98, 0.98, 0.96)),
            eye,
            glint,
        ),
        width=0.196,
        depth=0.66,
        height=0.31,
        material="ceramic",
        colours=((0.93, 0.45, 0.10), (0.92, 0.68, 0.14), (0.18, 0.52, 0.60), (0.90, 0.38, 0.34)),
        kind="creature",
        floats=0.12,
    )


def _slice(y: float) -> Distance:
    return lambda points: np.abs(points[1] - np.float32(y)) - np.float32(0.02)


ANIMALS = (_rabbit(), _bird(), _duck(), _penguin(), _fish())

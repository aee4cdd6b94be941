"""Snowman, robot, cat and dog."""

from flora_mcp.studio.renderers.scene.graph import Colour, Material
from flora_mcp.studio.renderers.scene.sdf import (
    Distance,
    Vector,
    box,
    capsule,
    cone,
    cylinder,
    ellipsoid,
    mirror,
    move,
    smooth_union,
    sphere,
    torus,
    turn,
    union,
)
from flora_mcp.studio.renderers.scene.shapes.shape import Part, Shape

COAL = (0.05, 0.05, 0.055)
PINK = (0.86, 0.52, 0.50)


def fixed(distance: Distance, material: Material, colour: Colour | None = None) -> Part:
    """A part that no prompt recolours."""
    return Part(distance=distance, slot="fixed", material=material, colour=colour)


def eyes(*, radius: float, at: Vector) -> tuple[Part, Part]:
    """Two dark eyes with a light in each, mirrored to both sides."""
    x, y, z = at
    glint = sphere(radius=radius * 0.32, at=(x - radius * 0.3, y - radius * 0.78, z + radius * 0.42))
    ball = mirror(sphere(radius=radius, at=at))
    # The light falls from one side: it is not mirrored with the eye.
    glints = union(glint, move(glint, to=(-2.0 * x, 0.0, 0.0)))
    return fixed(ball, "plastic", COAL), fixed(glints, "paper", (1.0, 1.0, 1.0))


def _snowman() -> Shape:
    snow = smooth_union(
        sphere(radius=0.52, at=(0.0, 0.0, 0.46)),
        sphere(radius=0.38, at=(0.0, 0.0, 1.12)),
        sphere(radius=0.28, at=(0.0, 0.0, 1.62)),
        blend=0.06,
    )
    coal = union(
        mirror(sphere(radius=0.036, at=(0.095, -0.255, 1.69))),
        *(sphere(radius=0.034, at=(0.0, -y, z)) for y, z in ((0.375, 1.24), (0.385, 1.06), (0.33, 0.90))),
        *(
            sphere(radius=0.02, at=(x, -y, z))
            for x, y, z in (
                (-0.11, 0.24, 1.545),
                (-0.055, 0.262, 1.515),
                (0.0, 0.27, 1.505),
                (0.055, 0.262, 1.515),
                (0.11, 0.24, 1.545),
            )
        ),
    )
    carrot = capsule(start=(0.0, -0.26, 1.62), end=(0.0, -0.55, 1.6), radius=0.048, end_radius=0.012)
    arm = union(
        capsule(start=(0.33, 0.0, 1.2), end=(0.86, -0.05, 1.5), radius=0.026, end_radius=0.018),
        capsule(start=(0.70, -0.03, 1.41), end=(0.76, -0.05, 1.6), radius=0.016),
        capsule(start=(0.76, -0.04, 1.445), end=(0.93, -0.05, 1.42), radius=0.015),
    )
    hat = union(
        cylinder(radius=0.32, height=0.035, rounding=0.015, at=(0.0, 0.0, 1.83)),
        move(cone(bottom=0.21, top=0.195, height=0.32, rounding=0.02), to=(0.0, 0.0, 1.83)),
    )
    scarf = union(
        smooth_union(
            torus(radius=0.245, tube=0.065, at=(0.0, 0.0, 1.385)),
            sphere(radius=0.08, at=(0.1, -0.25, 1.36)),
            blend=0.05,
        ),
        move(turn(box(size=(0.12, 0.05, 0.42), rounding=0.022), axis="y", degrees=8), to=(0.12, -0.36, 1.14)),
    )
    ribbon = cylinder(radius=0.213, height=0.06, at=(0.0, 0.0, 1.89))
    return Shape(
        name="snowman",
        parts=(
            Part(distance=snow),
            Part(distance=union(scarf, ribbon), slot="accent", material="fabric"),
            fixed(coal, "stone", COAL),
            fixed(carrot, "wax", (0.93, 0.42, 0.10)),
            fixed(mirror(arm), "wood", (0.27, 0.17, 0.10)),
            fixed(hat, "fabric", (0.07, 0.07, 0.08)),
        ),
        width=1.96,
        depth=1.2,
        height=2.17,
        material="snow",
        colours=((0.95, 0.96, 0.98),),
        accents=((0.76, 0.11, 0.10), (0.12, 0.42, 0.36), (0.16, 0.30, 0.56)),
        kind="creature",
    )


def _robot() -> Shape:
    head = box(size=(0.62, 0.5, 0.46), rounding=0.09, at=(0.0, 0.0, 1.42))
    body = smooth_union(
        box(size=(0.74, 0.5, 0.66), rounding=0.1, at=(0.0, 0.0, 0.80)),
        box(size=(0.56, 0.42, 0.2), rounding=0.08, at=(0.0, 0.0, 0.48)),
        blend=0.06,
    )
    arm = union(
        capsule(start=(0.46, 0.0, 0.98), end=(0.58, -0.02, 0.72), radius=0.065),
        capsule(start=(0.58, -0.02, 0.72), end=(0.56, -0.2, 0.56), radius=0.06),
    )
    joints = union(
        sphere(radius=0.105, at=(0.43, 0.0, 1.0)),
        sphere(radius=0.075, at=(0.58, -0.02, 0.72)),
        capsule(start=(0.18, 0.0, 0.42), end=(0.18, 0.0, 0.16), radius=0.07),
        cylinder(radius=0.075, height=0.06, at=(0.33, 0.0, 1.42)),
        cylinder(radius=0.12, height=0.12, at=(0.0, 0.0, 1.16)),
        sphere(radius=0.09, at=(0.36, 0.0, 1.42)),
    )
    hand = union(
        torus(radius=0.075, tube=0.03),
        box(size=(0.05, 0.05, 0.05)),
    )
    feet = box(size=(0.26, 0.42, 0.16), rounding=0.06, at=(0.19, -0.06, 0.08))
    face = box(size=(0.5, 0.06, 0.32), rounding=0.03, at=(0.0, -0.235, 1.43))
    eye = move(
        turn(cylinder(radius=0.075, height=0.05, rounding=0.015), axis="x", degrees=90), to=(0.125, -0.265, 1.47)
    )
    mouth = box(size=(0.2, 0.03, 0.03), rounding=0.012, at=(0.0, -0.265, 1.345))
    antenna = capsule(start=(0.0, 0.0, 1.62), end=(0.0, 0.0, 1.86), radius=0.016)
    bulb = sphere(radius=0.055, at=(0.0, 0.0, 1.9))
    panel = box(size=(0.42, 0.06, 0.3), rounding=0.025, at=(0.0, -0.24, 0.86))
    knobs = union(
        *(
            move(turn(cylinder(radius=0.035, height=0.05), axis="x", degrees=90), to=(x, -0.275, 0.93))
            for x in (-0.11, 0.0, 0.11)
        )
    )
    glow = (0.35, 0.85, 0.95)
    return Shape(
        name="robot",
        parts=(
            Part(distance=union(head, body, mirror(union(arm, feet)))),
            fixed(mirror(union(joints, move(hand, to=(0.55, -0.29, 0.53)), antenna)), "steel", (0.42, 0.44, 0.47)),
            fixed(union(face, panel), "plastic", (0.09, 0.10, 0.12)),
            fixed(union(mirror(eye), mouth), "plastic", glow),
            Part(distance=union(bulb, knobs), slot="accent", material="plastic", colour=(0.90, 0.26, 0.14)),
        ),
        width=1.36,
        depth=0.84,
        height=1.97,
        material="paint",
        colours=((0.78, 0.80, 0.82), (0.40, 0.62, 0.70), (0.90, 0.55, 0.16), (0.92, 0.90, 0.86)),
        kind="creature",
    )


def _cat_body() -> Distance:
    body = smooth_union(
        ellipsoid(radii=(0.145, 0.17, 0.17), at=(0.0, 0.06, 0.165)),
        ellipsoid(radii=(0.105, 0.10, 0.17), at=(0.0, -0.055, 0.26)),
        sphere(radius=0.09, at=(0.11, 0.06, 0.09)),
        sphere(radius=0.09, at=(-0.11, 0.06, 0.09)),
        blend=0.07,
    )
    legs = mirror(
        smooth_union(
            capsule(start=(0.052, -0.115, 0.22), end=(0.052, -0.135, 0.035), radius=0.036),
            ellipsoid(radii=(0.04, 0.052, 0.032), at=(0.052, -0.155, 0.03)),
            blend=0.03,
        )
    )
    hind = mirror(ellipsoid(radii=(0.045, 0.075, 0.033), at=(0.125, -0.06, 0.03)))
    skull = smooth_union(
        ellipsoid(radii=(0.128, 0.108, 0.105), at=(0.0, -0.10, 0.455)),
        mirror(sphere(radius=0.042, at=(0.034, -0.195, 0.425))),
        blend=0.035,
    )
    tail = smooth_union(
        capsule(start=(0.05, 0.2, 0.06), end=(0.2, 0.12, 0.045), radius=0.036),
        capsule(start=(0.2, 0.12, 0.045), end=(0.25, -0.04, 0.045), radius=0.035),
        capsule(start=(0.25, -0.04, 0.045), end=(0.2, -0.14, 0.05), radius=0.034, end_radius=0.028),
        blend=0.03,
    )
    return union(smooth_union(body, legs, hind, skull, blend=0.035), tail)


def _cat_ear(*, bottom: float, height: float, at: Vector) -> Distance:
    tip = cone(bottom=bottom, top=0.005, height=height, rounding=0.004)
    return mirror(move(turn(turn(tip, axis="y", degrees=16), axis="x", degrees=6), to=at))


def _cat() -> Shape:
    ears = _cat_ear(bottom=0.052, height=0.115, at=(0.072, -0.09, 0.525))
    inner = _cat_ear(bottom=0.030, height=0.078, at=(0.074, -0.122, 0.537))
    nose = ellipsoid(radii=(0.017, 0.012, 0.012), at=(0.0, -0.238, 0.443))
    whiskers = union(
        *(
            capsule(start=(0.05, -0.225, 0.425), end=(0.17, -0.235, 0.425 + rise), radius=0.0022)
            for rise in (0.03, 0.0, -0.03)
        )
    )
    chest = ellipsoid(radii=(0.062, 0.05, 0.09), at=(0.0, -0.135, 0.30))
    muzzle = mirror(sphere(radius=0.037, at=(0.03, -0.204, 0.42)))
    return Shape(
        name="cat",
        parts=(
            Part(distance=union(_cat_body(), ears)),
            Part(distance=union(chest, muzzle), slot="accent", colour=(0.93, 0.90, 0.84)),
            fixed(mirror(sphere(radius=0.03, at=(0.056, -0.178, 0.478))), "plastic", (0.45, 0.62, 0.20)),
            *_slits(),
            fixed(union(nose, inner), "rubber", PINK),
            fixed(mirror(whiskers), "paper", (0.96, 0.95, 0.92)),
        ),
        width=0.6,
        depth=0.54,
        height=0.65,
        material="fabric",
        colours=((0.82, 0.50, 0.20), (0.22, 0.22, 0.24), (0.55, 0.54, 0.53), (0.90, 0.83, 0.70)),
        kind="creature",
    )


def _slits() -> tuple[Part, Part]:
    pupils = mirror(ellipsoid(radii=(0.010, 0.012, 0.021), at=(0.057, -0.201, 0.479)))
    glint = union(sphere(radius=0.0055, at=(0.049, -0.211, 0.490)), sphere(radius=0.0055, at=(-0.065, -0.211, 0.490)))
    return fixed(pupils, "plastic", COAL), fixed(glint, "paper", (1.0, 1.0, 1.0))


def _dog() -> Shape:
    body = smooth_union(
        capsule(start=(0.0, -0.16, 0.40), end=(0.0, 0.24, 0.38), radius=0.15, end_radius=0.125),
        ellipsoid(radii=(0.13, 0.13, 0.16), at=(0.0, -0.2, 0.41)),
        capsule(start=(0.0, -0.24, 0.46), end=(0.0, -0.32, 0.64), radius=0.095),
        blend=0.08,
    )
    leg = smooth_union(
        capsule(start=(0.085, 0.0, 0.36), end=(0.09, 0.0, 0.06), radius=0.055, end_radius=0.042),
        ellipsoid(radii=(0.052, 0.07, 0.035), at=(0.09, -0.03, 0.033)),
        blend=0.03,
    )
    legs = mirror(union(move(leg, to=(0.0, -0.21, 0.0)), move(leg, to=(0.0, 0.24, 0.0))))
    head = smooth_union(
        ellipsoid(radii=(0.135, 0.135, 0.125), at=(0.0, -0.36, 0.72)),
        capsule(start=(0.0, -0.42, 0.68), end=(0.0, -0.56, 0.655), radius=0.078, end_radius=0.062),
        blend=0.05,
    )
    ear = smooth_union(
        ellipsoid(radii=(0.035, 0.07, 0.115), at=(0.148, -0.325, 0.67)),
        sphere(radius=0.045, at=(0.115, -0.325, 0.775)),
        blend=0.04,
    )
    tail = capsule(start=(0.0, 0.33, 0.44), end=(0.0, 0.5, 0.66), radius=0.045, end_radius=0.024)
    nose = ellipsoid(radii=(0.036, 0.028, 0.026), at=(0.0, -0.618, 0.685))
    tongue = ellipsoid(radii=(0.028, 0.02, 0.05), at=(0.0, -0.575, 0.58))
    collar = move(turn(torus(radius=0.105, tube=0.024), axis="x", degrees=24), to=(0.0, -0.285, 0.555))
    tag = sphere(radius=0.028, at=(0.0, -0.402, 0.512))
    white, glint = eyes(radius=0.025, at=(0.062, -0.472, 0.755))
    return Shape(
        name="dog",
        parts=(
            Part(distance=smooth_union(body, legs, head, tail, blend=0.03)),
            Part(distance=mirror(ear), slot="accent", colour=(0.33, 0.20, 0.12)),
            white,
            glint,
            fixed(nose, "plastic", COAL),
            fixed(tongue, "rubber", (0.86, 0.42, 0.42)),
            fixed(collar, "leather", (0.72, 0.12, 0.10)),
            fixed(tag, "gold"),
        ),
        width=0.42,
        depth=1.3,
        height=0.87,
        material="fabric",
        colours=((0.62, 0.40, 0.22), (0.80, 0.62, 0.40), (0.92, 0.88, 0.80), (0.42, 0.28, 0.19)),
        kind="creature",
    )


CHARACTERS = (_snowman(), _robot(), _cat(), _dog())

"""What floats and flies: boats, rocket, airplane, balloon."""

import numpy as np

from flora_mcp.studio.renderers.scene.profile import lathe
from flora_mcp.studio.renderers.scene.sdf import (
    Distance,
    Floats,
    Vector,
    around,
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
    subtract,
    torus,
    turn,
    union,
)
from flora_mcp.studio.renderers.scene.shapes.repeats import band, grooved, sector
from flora_mcp.studio.renderers.scene.shapes.shape import Part, Shape

CANVAS = (0.96, 0.94, 0.88)
TIMBER = (0.45, 0.28, 0.16)


def _forward(part: Distance) -> Distance:
    """Craft are modelled along x, nose at +x; this turns the nose to the viewer."""
    return turn(part, axis="z", degrees=-90)


def _hull(*, length: float, width: float, deep: float, sheer: float) -> Distance:
    """A hull pointed at the bow and blunt at the stern, its deck at z = 0, bow at +x."""
    reach = length / 2.0
    bow = intersect(
        ellipsoid(radii=(reach * 1.45, width, deep * 1.9), at=(-reach * 0.45, width * 0.5, 0.1)),
        ellipsoid(radii=(reach * 1.45, width, deep * 1.9), at=(-reach * 0.45, -width * 0.5, 0.1)),
    )
    stern = box(size=(reach * 2.0, width * 2.0, deep * 4.0), at=(0.12 * reach, 0.0, 0.0))
    top = box(size=(length * 2.0, width * 2.0, deep * 2.0), at=(0.0, 0.0, -deep))
    rising = ellipsoid(radii=(length * 1.3, width * 4.0, length * 1.3), at=(0.0, 0.0, length * 1.3))
    return intersect(bow, stern, subtract(move(top, to=(0.0, 0.0, sheer)), move(rising, to=(-0.1 * length, 0.0, 0.0))))


def _boat() -> Shape:
    outer = move(_hull(length=3.6, width=1.35, deep=0.55, sheer=0.28), to=(0.0, 0.0, 0.5))
    inner = move(_hull(length=3.3, width=1.18, deep=0.5, sheer=0.6), to=(-0.02, 0.0, 0.62))
    shell = subtract(grooved(outer, axis="z", step=0.16, deep=0.02), inner)
    benches = intersect(
        union(
            box(size=(0.3, 2.0, 0.06), at=(0.75, 0.0, 0.46)),
            box(size=(0.3, 2.0, 0.06), at=(-0.3, 0.0, 0.46)),
            box(size=(0.4, 2.0, 0.06), at=(-1.25, 0.0, 0.48)),
            box(size=(3.2, 1.0, 0.05), at=(0.0, 0.0, 0.14)),
        ),
        move(_hull(length=3.5, width=1.3, deep=0.55, sheer=0.5), to=(0.0, 0.0, 0.5)),
    )
    oar = union(
        capsule(start=(-0.1, 0.2, 0.66), end=(-0.9, 1.35, 0.16), radius=0.028),
        move(turn(box(size=(0.42, 0.14, 0.03), rounding=0.01), axis="z", degrees=-55), to=(-0.98, 1.46, 0.12)),
    )
    return Shape(
        name="boat",
        parts=(
            Part(distance=_forward(shell)),
            Part(distance=_forward(benches), slot="accent", material="wood", colour=(0.62, 0.42, 0.25)),
            Part(distance=_forward(mirror(oar, axis="y")), slot="fixed", material="wood", colour=(0.70, 0.52, 0.33)),
        ),
        width=3.5,
        depth=4.0,
        height=0.95,
        material="paint",
        colours=((0.72, 0.16, 0.12), (0.18, 0.42, 0.56), (0.90, 0.88, 0.82), (0.14, 0.42, 0.36)),
        kind="vehicle",
    )


def _sailboat() -> Shape:
    hull = move(_hull(length=5.0, width=1.7, deep=0.75, sheer=0.3), to=(0.0, 0.0, 0.62))
    stripe = intersect(
        move(_hull(length=5.04, width=1.73, deep=0.76, sheer=0.3), to=(0, 0, 0.62)), band(low=0.5, high=0.64)
    )
    deck = box(size=(1.5, 0.75, 0.35), rounding=0.1, at=(0.1, 0.0, 0.86))
    portholes = mirror(_disc(radius=0.1, width=0.06, at=(0.35, 0.37, 0.9)), axis="y")
    mast = union(
        capsule(start=(0.35, 0.0, 0.6), end=(0.35, 0.0, 6.9), radius=0.06),
        capsule(start=(0.35, 0.0, 1.35), end=(-2.0, 0.0, 1.25), radius=0.045),
    )
    main = prism(outline=[(0.24, 1.45), (-1.95, 1.4), (-1.3, 3.4), (-0.45, 5.3), (0.24, 6.6)], depth=0.045)
    jib = prism(outline=[(0.5, 5.9), (2.25, 0.95), (1.3, 1.25), (0.5, 1.5), (0.75, 3.4)], depth=0.045)
    flag = prism(outline=[(0.35, 6.7), (-0.25, 6.85), (0.35, 7.0)], depth=0.03)
    return Shape(
        name="sailboat",
        parts=(
            Part(distance=_forward(hull)),
            Part(
                distance=_forward(union(_bent(main, by=0.12), _bent(jib, by=0.1))),
                slot="accent",
                material="fabric",
                colour=CANVAS,
            ),
            Part(distance=_forward(union(mast, deck)), slot="fixed", material="wood", colour=TIMBER),
            Part(distance=_forward(stripe), slot="fixed", material="paint", colour=CANVAS),
            Part(distance=_forward(portholes), slot="fixed", material="window"),
            Part(distance=_forward(flag), slot="fixed", material="fabric", colour=(0.78, 0.12, 0.10)),
        ),
        width=2.0,
        depth=5.5,
        height=7.1,
        material="paint",
        colours=((0.92, 0.90, 0.85), (0.70, 0.13, 0.11), (0.12, 0.22, 0.42)),
        kind="vehicle",
    )


def _bent(sail: Distance, *, by: float) -> Distance:
    """A sail filled by wind from one side."""

    def distance(points: Floats) -> Floats:
        blown = points.copy()
        blown[1] += by * (points[0] * points[0] - 1.2)
        return sail(blown) * np.float32(0.85)

    return distance


def _disc(*, radius: float, width: float, at: Vector) -> Distance:
    return move(turn(cylinder(radius=radius, height=width), axis="x", degrees=90), to=at)


def _rocket() -> Shape:
    body = lathe(
        [(0.0, 1.2), (0.72, 1.2), (0.72, 1.2), (1.0, 2.6), (1.12, 4.4), (0.98, 6.2), (0.62, 7.7), (0.0, 9.0)],
    )
    nose = intersect(
        lathe([(0.0, 6.4), (0.99, 6.42), (0.99, 6.42), (0.645, 7.72), (0.0, 9.05)]), band(low=6.55, high=9.1)
    )
    fin = prism(
        outline=[(0.75, 3.2), (1.75, 1.5), (1.85, 0.0), (1.5, 0.0), (1.25, 0.9), (0.7, 1.3)], depth=0.2, rounding=0.05
    )
    nozzle = union(
        move(cone(bottom=0.72, top=0.5, height=0.75, rounding=0.03), to=(0.0, 0.0, 0.5)),
        cylinder(radius=0.76, height=0.16, rounding=0.03, at=(0.0, 0.0, 1.22)),
    )
    fins = turn(around(fin, count=4), axis="z", degrees=45)
    port = move(turn(torus(radius=0.42, tube=0.09), axis="x", degrees=90), to=(0.0, -1.06, 4.9))
    pane = move(turn(cylinder(radius=0.4, height=0.1), axis="x", degrees=90), to=(0.0, -1.04, 4.9))
    small = move(turn(torus(radius=0.2, tube=0.05), axis="x", degrees=90), to=(0.0, -1.1, 3.6))
    small_pane = move(turn(cylinder(radius=0.19, height=0.06), axis="x", degrees=90), to=(0.0, -1.09, 3.6))
    belt = intersect(
        lathe([(0.0, 2.3), (0.97, 2.3), (0.97, 2.3), (1.04, 2.75), (0.0, 2.75)], smooth=False), band(low=2.4, high=2.7)
    )
    return Shape(
        name="rocket",
        parts=(
            Part(distance=body),
            Part(distance=union(nose, fins, belt), slot="accent", material="paint", colour=(0.80, 0.13, 0.10)),
            Part(distance=union(port, small, nozzle), slot="fixed", material="steel"),
            Part(distance=union(pane, small_pane), slot="fixed", material="window", colour=(0.35, 0.62, 0.78)),
        ),
        width=3.9,
        depth=3.9,
        height=9.1,
        material="paint",
        colours=((0.93, 0.92, 0.89), (0.86, 0.87, 0.88)),
        kind="vehicle",
    )


def _airplane() -> Shape:
    fuselage = smooth_union(
        capsule(start=(2.2, 0.0, 1.5), end=(-3.4, 0.0, 1.85), radius=0.75, end_radius=0.24),
        ellipsoid(radii=(1.1, 0.5, 0.62), at=(0.2, 0.0, 1.95)),
        blend=0.3,
    )
    canopy = ellipsoid(radii=(0.95, 0.46, 0.55), at=(0.45, 0.0, 2.18))
    wing = box(size=(1.45, 8.6, 0.16), rounding=0.07, at=(0.5, 0.0, 1.2))
    tail = union(
        box(size=(0.85, 3.0, 0.11), rounding=0.05, at=(-3.3, 0.0, 1.95)),
        prism(outline=[(-3.85, 1.9), (-2.5, 1.9), (-3.4, 3.1), (-3.95, 3.1)], depth=0.12, rounding=0.05),
    )
    nose = move(turn(cone(bottom=0.55, top=0.12, height=0.6, rounding=0.08), axis="y", degrees=90), to=(2.85, 0.0, 1.5))
    blade = box(size=(0.07, 0.2, 2.4), rounding=0.03)
    propeller = move(union(turn(blade, axis="x", degrees=35), turn(blade, axis="x", degrees=125)), to=(3.25, 0.0, 1.5))
    wheel = union(
        _disc(radius=0.36, width=0.2, at=(1.2, 1.1, 0.36)),
        capsule(start=(0.95, 0.7, 1.2), end=(1.2, 1.1, 0.4), radius=0.07),
    )
    tips = intersect(box(size=(1.47, 8.62, 0.18), rounding=0.07, at=(0.5, 0.0, 1.2)), _beyond(3.5))
    return Shape(
        name="airplane",
        parts=(
            Part(distance=_forward(union(fuselage, wing, tail))),
            Part(distance=_forward(union(nose, tips)), slot="accent", material="paint", colour=(0.82, 0.18, 0.12)),
            Part(distance=_forward(canopy), slot="fixed", material="paint", colour=(0.10, 0.14, 0.18)),
            Part(distance=_forward(propeller), slot="fixed", material="steel"),
            Part(
                distance=_forward(mirror(wheel, axis="y")), slot="fixed", material="rubber", colour=(0.08, 0.08, 0.08)
            ),
        ),
        width=8.8,
        depth=7.95,
        height=3.3,
        material="paint",
        colours=((0.93, 0.92, 0.88), (0.92, 0.74, 0.16), (0.36, 0.62, 0.80)),
        kind="vehicle",
        floats=6.0,
    )


def _beyond(y: float) -> Distance:
    """Space further than `y` to either side."""
    return lambda points: np.float32(y) - np.abs(points[1])


def _balloon() -> Shape:
    profile = [
        (0.0, 2.0),
        (0.45, 2.0),
        (0.45, 2.0),
        (1.2, 3.3),
        (2.35, 5.0),
        (2.75, 6.6),
        (2.3, 8.3),
        (1.2, 9.35),
        (0.0, 9.6),
    ]
    envelope = lathe(profile)
    panels = intersect(envelope, sector(count=12))
    stripes = intersect(envelope, sector(count=12, odd=True))
    basket = subtract(
        grooved(box(size=(0.95, 0.95, 0.8), rounding=0.08, at=(0.0, 0.0, 0.4)), axis="z", step=0.14, deep=0.02),
        box(size=(0.8, 0.8, 0.8), at=(0.0, 0.0, 0.55)),
    )
    ropes = mirror(mirror(capsule(start=(0.42, 0.42, 0.75), end=(0.3, 0.3, 2.1), radius=0.028), axis="y"))
    burner = union(
        cylinder(radius=0.16, height=0.3, at=(0.0, 0.0, 1.45)), cylinder(radius=0.5, height=0.1, at=(0, 0, 2.0))
    )
    return Shape(
        name="balloon",
        parts=(
            Part(distance=panels),
            Part(distance=stripes, slot="accent", material="fabric", colour=(0.95, 0.86, 0.62)),
            Part(distance=basket, slot="fixed", material="wood", colour=(0.55, 0.37, 0.20)),
            Part(distance=ropes, slot="fixed", material="wood", colour=(0.35, 0.25, 0.16)),
            Part(distance=burner, slot="fixed", material="steel"),
        ),
        width=5.6,
        depth=5.6,
        height=9.7,
        material="fabric",
        colours=((0.78, 0.14, 0.11), (0.90, 0.45, 0.10), (0.12, 0.45, 0.48), (0.48, 0.26, 0.62)),
        kind="vehicle",
        floats=5.0,
    )


CRAFT = (_boat(), _sailboat(), _rocket(), _airplane(), _balloon())

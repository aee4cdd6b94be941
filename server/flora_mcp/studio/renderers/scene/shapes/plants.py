"""What grows: trees, bushes, flowers, mushrooms, cacti."""

import numpy as np

from flora_mcp.studio.renderers.scene.sdf import (
    Distance,
    Floats,
    around,
    bumpy,
    capsule,
    cone,
    cylinder,
    ellipsoid,
    intersect,
    move,
    smooth_union,
    sphere,
    turn,
    union,
)
from flora_mcp.studio.renderers.scene.shapes.repeats import band, ribbed
from flora_mcp.studio.renderers.scene.shapes.shape import Part, Shape

BARK = (0.33, 0.22, 0.14)
GREENS = ((0.27, 0.45, 0.15), (0.35, 0.50, 0.18), (0.20, 0.40, 0.20), (0.46, 0.52, 0.17))
NEEDLES = ((0.11, 0.30, 0.18), (0.15, 0.35, 0.17), (0.12, 0.28, 0.22))
PETALS = ((0.85, 0.16, 0.14), (0.96, 0.78, 0.12), (0.90, 0.45, 0.62), (0.52, 0.30, 0.70), (0.95, 0.93, 0.88))


def _tree() -> Shape:
    trunk = smooth_union(
        capsule(start=(0.0, 0.0, 0.0), end=(0.08, 0.0, 3.0), radius=0.34, end_radius=0.2),
        capsule(start=(0.05, 0.0, 1.9), end=(1.1, -0.2, 3.6), radius=0.15, end_radius=0.09),
        capsule(start=(0.05, 0.0, 2.1), end=(-1.0, 0.3, 3.8), radius=0.15, end_radius=0.09),
        cone(bottom=0.62, top=0.24, height=0.5, rounding=0.05),
        blend=0.25,
    )
    crown = smooth_union(
        sphere(radius=1.55, at=(0.0, 0.0, 4.9)),
        sphere(radius=1.15, at=(1.35, -0.3, 4.2)),
        sphere(radius=1.15, at=(-1.35, 0.2, 4.3)),
        sphere(radius=1.05, at=(0.25, -1.05, 4.1)),
        sphere(radius=1.0, at=(-0.3, 1.1, 4.3)),
        sphere(radius=1.05, at=(0.55, 0.2, 6.0)),
        sphere(radius=0.85, at=(-0.75, -0.4, 5.8)),
        blend=0.35,
    )
    leaves = bumpy(bumpy(crown, height=0.16, length=1.1), height=0.05, length=0.32)
    return Shape(
        name="tree",
        parts=(Part(distance=leaves), Part(distance=trunk, slot="fixed", material="wood", colour=BARK)),
        width=5.4,
        depth=4.6,
        height=7.3,
        material="leaf",
        colours=GREENS,
        kind="plant",
    )


def _pine() -> Shape:
    tiers = [
        move(cone(bottom=bottom, top=0.05, height=height, rounding=0.04), to=(0.0, 0.0, z))
        for bottom, height, z in (
            (1.75, 2.5, 1.1),
            (1.45, 2.3, 2.5),
            (1.12, 2.1, 3.9),
            (0.78, 1.9, 5.2),
            (0.46, 1.4, 6.4),
        )
    ]
    needles = bumpy(ribbed(union(*tiers), count=13, deep=0.1, radius=1.0), height=0.07, length=0.4)
    trunk = cylinder(radius=0.22, height=1.6, at=(0.0, 0.0, 0.8))
    return Shape(
        name="pine",
        parts=(Part(distance=needles), Part(distance=trunk, slot="fixed", material="wood", colour=BARK)),
        width=3.7,
        depth=3.7,
        height=7.9,
        material="leaf",
        colours=NEEDLES,
        kind="plant",
    )


def _palm() -> Shape:
    top = (0.75, 0.0, 5.6)
    trunk = smooth_union(
        capsule(start=(-0.35, 0.0, 0.0), end=(-0.05, 0.0, 2.0), radius=0.27, end_radius=0.2),
        capsule(start=(-0.05, 0.0, 2.0), end=(0.3, 0.0, 3.9), radius=0.2, end_radius=0.17),
        capsule(start=(0.3, 0.0, 3.9), end=top, radius=0.17, end_radius=0.15),
        blend=0.2,
    )
    leaf = _palm_leaf(length=2.9, droop=0.42)
    young = _palm_leaf(length=2.3, droop=0.22)
    crown = union(around(leaf, count=7), turn(move(around(young, count=5), to=(0.0, 0.0, 0.14)), axis="z", degrees=25))
    nuts = around(sphere(radius=0.17, at=(0.24, 0.0, -0.12)), count=4)
    return Shape(
        name="palm",
        parts=(
            Part(distance=move(crown, to=top)),
            Part(distance=trunk, slot="fixed", material="wood", colour=(0.46, 0.36, 0.24)),
            Part(distance=move(nuts, to=top), slot="fixed", material="wood", colour=(0.30, 0.19, 0.10)),
        ),
        width=8.0,
        depth=6.8,
        height=6.4,
        material="leaf",
        colours=((0.24, 0.46, 0.16), (0.30, 0.48, 0.14)),
        kind="plant",
    )


def _palm_leaf(*, length: float, droop: float) -> Distance:
    """A leaf towards +x that rises, then hangs: a thin feathered blade, folded along its rib."""
    steep = 1.0 / np.sqrt(1.0 + (2.0 * droop * length * 0.55) ** 2)

    def distance(points: Floats) -> Floats:
        x, y, z = points
        along = np.clip(x / np.float32(length), 0.0, 1.0)
        rib = np.float32(0.55) * x - np.float32(droop) * x * x
        wide = np.float32(0.46) * np.sqrt(np.maximum(np.sin(np.float32(np.pi) * np.clip(along, 0.03, 0.985)), 0.0))
        feather = np.float32(0.82) + np.float32(0.18) * np.cos(x * np.float32(22.0))
        across = np.abs(y)
        height = np.abs(z - rib + np.float32(0.45) * across) - np.float32(0.03)
        side = across - wide * feather
        ends = np.maximum(-x, x - np.float32(length))
        solid: Floats = np.maximum(np.maximum(height, side), ends) * np.float32(0.8 * steep)
        return solid.astype(np.float32, copy=False)

    return distance


def _bush() -> Shape:
    crown = smooth_union(
        ellipsoid(radii=(0.7, 0.6, 0.62), at=(0.0, 0.0, 0.62)),
        sphere(radius=0.45, at=(0.55, -0.1, 0.45)),
        sphere(radius=0.48, at=(-0.55, 0.05, 0.48)),
        sphere(radius=0.42, at=(0.1, -0.42, 0.42)),
        blend=0.2,
    )
    leaves = intersect(bumpy(bumpy(crown, height=0.06, length=0.42), height=0.02, length=0.13), band(low=0.0, high=2.0))
    return Shape(
        name="bush",
        parts=(Part(distance=leaves),),
        width=2.2,
        depth=1.8,
        height=1.36,
        material="leaf",
        colours=GREENS,
        kind="plant",
    )


def _flower() -> Shape:
    petal = turn(ellipsoid(radii=(0.062, 0.036, 0.011), at=(0.075, 0.0, 0.012)), axis="y", degrees=-12)
    inner = turn(move(around(petal, count=8), to=(0.0, 0.0, 0.006)), axis="z", degrees=22)
    head = union(around(petal, count=8), inner)
    middle = ellipsoid(radii=(0.036, 0.036, 0.022), at=(0.0, 0.0, 0.022))
    bloom_at = (0.012, -0.02, 0.40)
    stem = union(
        capsule(start=(0.0, 0.0, 0.0), end=(-0.012, 0.0, 0.2), radius=0.0085),
        capsule(start=(-0.012, 0.0, 0.2), end=(0.012, -0.012, 0.39), radius=0.0085, end_radius=0.007),
    )
    leaf = turn(ellipsoid(radii=(0.075, 0.024, 0.008), at=(0.075, 0.0, 0.0)), axis="y", degrees=-42)
    leaves = union(move(leaf, to=(0.0, 0.0, 0.10)), turn(move(leaf, to=(0.0, 0.0, 0.15)), axis="z", degrees=170))
    return Shape(
        name="flower",
        parts=(
            Part(distance=move(turn(head, axis="x", degrees=48), to=bloom_at), material="leaf"),
            Part(
                distance=move(turn(bumpy(middle, height=0.003, length=0.012), axis="x", degrees=48), to=bloom_at),
                slot="accent",
                material="leaf",
                colour=(0.93, 0.68, 0.10),
            ),
            Part(distance=union(stem, leaves), slot="fixed", material="leaf", colour=(0.24, 0.44, 0.16)),
        ),
        width=0.30,
        depth=0.276,
        height=0.526,
        material="leaf",
        colours=PETALS,
        kind="plant",
    )


def _mushroom() -> Shape:
    stem = smooth_union(
        capsule(start=(0.0, 0.0, 0.03), end=(0.0, 0.0, 0.15), radius=0.034, end_radius=0.026),
        ellipsoid(radii=(0.042, 0.042, 0.034), at=(0.0, 0.0, 0.03)),
        blend=0.03,
    )
    ring = move(cone(bottom=0.052, top=0.028, height=0.022, rounding=0.003), to=(0.0, 0.0, 0.11))
    dome = intersect(ellipsoid(radii=(0.115, 0.115, 0.10), at=(0.0, 0.0, 0.15)), band(low=0.15, high=0.5))
    cap = smooth_union(dome, ellipsoid(radii=(0.113, 0.113, 0.014), at=(0.0, 0.0, 0.152)), blend=0.012)
    gills = cylinder(radius=0.10, height=0.006, at=(0.0, 0.0, 0.139))
    spots = union(
        sphere(radius=0.023, at=(0.0, -0.03, 0.243)),
        around(sphere(radius=0.018, at=(0.086, 0.0, 0.207)), count=5),
        turn(around(sphere(radius=0.013, at=(0.108, 0.0, 0.173)), count=9), axis="z", degrees=17),
        turn(around(sphere(radius=0.012, at=(0.055, 0.0, 0.235)), count=4), axis="z", degrees=60),
    )
    pale = (0.93, 0.89, 0.80)
    return Shape(
        name="mushroom",
        parts=(
            Part(distance=cap, material="ceramic"),
            Part(distance=union(stem, ring, gills), slot="fixed", material="wax", colour=pale),
            Part(distance=spots, slot="accent", material="paper", colour=(0.96, 0.94, 0.88)),
        ),
        width=0.25,
        depth=0.25,
        height=0.268,
        material="ceramic",
        colours=((0.78, 0.10, 0.08), (0.72, 0.16, 0.10), (0.55, 0.33, 0.20)),
        kind="plant",
    )


def _cactus() -> Shape:
    def arm(side: float, low: float, out: float, high: float) -> Distance:
        return smooth_union(
            capsule(start=(0.0, 0.0, low), end=(side * out, 0.0, low + 0.06), radius=0.12),
            capsule(start=(side * out, 0.0, low + 0.06), end=(side * out, 0.0, high), radius=0.125),
            blend=0.1,
        )

    trunk = ribbed(capsule(start=(0.0, 0.0, 0.0), end=(0.0, 0.0, 1.75), radius=0.21), count=12, deep=0.035, radius=0.21)
    body = smooth_union(trunk, arm(1.0, 0.75, 0.48, 1.35), arm(-1.0, 0.98, 0.45, 1.55), blend=0.05)
    bloom = around(ellipsoid(radii=(0.05, 0.028, 0.018), at=(0.05, 0.0, 0.0)), count=6)
    blooms = union(
        move(bloom, to=(0.0, 0.0, 1.965)), move(bloom, to=(0.48, 0.0, 1.485)), move(bloom, to=(-0.45, 0.0, 1.685))
    )
    return Shape(
        name="cactus",
        parts=(
            Part(distance=intersect(body, band(low=0.0, high=3.0))),
            Part(distance=blooms, slot="accent", material="leaf", colour=(0.90, 0.38, 0.55)),
        ),
        width=1.3,
        depth=0.5,
        height=2.0,
        material="leaf",
        colours=((0.24, 0.42, 0.22), (0.32, 0.46, 0.30)),
        kind="plant",
    )


PLANTS = (_tree(), _pine(), _palm(), _bush(), _flower(), _mushroom(), _cactus())

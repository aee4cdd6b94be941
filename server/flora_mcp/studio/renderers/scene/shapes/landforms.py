"""Stones, islands, and what hangs in the sky."""

from flora_mcp.studio.renderers.scene.sdf import (
    Distance,
    Vector,
    box,
    bumpy,
    cylinder,
    ellipsoid,
    grow,
    intersect,
    move,
    resize,
    smooth_union,
    sphere,
    subtract,
    turn,
)
from flora_mcp.studio.renderers.scene.shapes.plants import PLANTS
from flora_mcp.studio.renderers.scene.shapes.repeats import band
from flora_mcp.studio.renderers.scene.shapes.shape import Glow, Part, Shape


def _rock() -> Shape:
    lump = smooth_union(
        _boulder(size=(1.0, 0.78, 0.78), turns=(18, -14, 30), at=(-0.08, 0.0, 0.32)),
        _boulder(size=(0.62, 0.56, 0.5), turns=(-20, 16, -25), at=(0.48, -0.14, 0.2)),
        _boulder(size=(0.44, 0.42, 0.36), turns=(12, 24, 10), at=(-0.58, -0.12, 0.12)),
        blend=0.08,
    )
    rough = bumpy(bumpy(lump, height=0.035, length=0.9), height=0.008, length=0.26)
    return Shape(
        name="rock",
        parts=(Part(distance=intersect(rough, band(low=0.0, high=2.0))),),
        width=1.75,
        depth=1.15,
        height=0.9,
        material="stone",
        colours=((0.55, 0.54, 0.52), (0.45, 0.44, 0.45), (0.62, 0.56, 0.48)),
        kind="landform",
    )


def _boulder(*, size: Vector, turns: Vector, at: Vector) -> Distance:
    """A block with worn edges that fell as it would."""
    block = box(size=size, rounding=min(size) * 0.3)
    cut = intersect(
        block, turn(box(size=(size[0] * 0.98, size[0], size[2] * 0.98), rounding=0.06), axis="z", degrees=40)
    )
    for axis, degrees in zip("xyz", turns, strict=True):
        cut = turn(cut, axis=axis, degrees=degrees)
    return move(cut, to=at)


def _cloud() -> Shape:
    puffs = smooth_union(
        ellipsoid(radii=(2.1, 0.95, 0.5), at=(0.0, 0.0, 0.52)),
        sphere(radius=1.0, at=(0.3, 0.0, 1.35)),
        sphere(radius=0.78, at=(-0.85, -0.15, 1.0)),
        sphere(radius=0.72, at=(1.35, -0.1, 0.9)),
        sphere(radius=0.52, at=(-1.75, 0.0, 0.62)),
        sphere(radius=0.46, at=(2.1, -0.1, 0.55)),
        sphere(radius=0.5, at=(-0.3, -0.6, 0.7)),
        sphere(radius=0.5, at=(0.7, -0.65, 0.72)),
        blend=0.14,
    )
    soft = bumpy(puffs, height=0.03, length=0.9)
    return Shape(
        name="cloud",
        parts=(Part(distance=soft),),
        width=5.6,
        depth=2.6,
        height=2.5,
        material="snow",
        colours=((0.97, 0.97, 0.98),),
        kind="landform",
        floats=5.0,
    )


def _moon() -> Shape:
    ball = sphere(radius=1.5, at=(0.0, 0.0, 1.5))
    pits = [
        sphere(radius=radius, at=(x, y, z))
        for radius, x, y, z in (
            (0.45, 0.5, -1.25, 2.25),
            (0.32, -0.65, -1.35, 1.85),
            (0.5, -0.35, -1.6, 0.75),
            (0.26, 0.75, -1.35, 1.25),
            (0.2, 0.1, -1.52, 1.55),
            (0.3, 0.95, -0.95, 0.6),
            (0.22, -0.95, -1.0, 2.5),
        )
    ]
    return Shape(
        name="moon",
        parts=(Part(distance=subtract(ball, *pits, blend=0.06), material="window"),),
        width=3.05,
        depth=3.05,
        height=3.05,
        material="window",
        colours=((0.93, 0.91, 0.82),),
        kind="landform",
        glows=(Glow(position=(0.0, 0.0, 1.5), colour=(0.85, 0.9, 1.0), power=0.6, only_in_the_dark=True),),
        floats=7.0,
    )


def _sun() -> Shape:
    return Shape(
        name="sun",
        parts=(Part(distance=sphere(radius=1.5, at=(0.0, 0.0, 1.5)), material="flame"),),
        width=3.05,
        depth=3.05,
        height=3.05,
        material="flame",
        colours=((1.0, 0.80, 0.35),),
        kind="landform",
        floats=7.0,
    )


def _planet() -> Shape:
    ball = sphere(radius=1.4, at=(0.0, 0.0, 1.75))
    bands = [
        intersect(sphere(radius=1.408, at=(0.0, 0.0, 1.75)), band(low=1.75 + low, high=1.75 + high))
        for low, high in ((0.25, 0.5), (-0.42, -0.05), (0.85, 1.02), (-0.95, -0.75))
    ]
    ring = subtract(cylinder(radius=2.55, height=0.06, rounding=0.02), cylinder(radius=1.85, height=1.0))
    tilt = [move(turn(move(part, to=(0, 0, -1.75)), axis="y", degrees=14), to=(0, 0, 1.75)) for part in (ball, *bands)]
    tilted_ring = move(turn(turn(ring, axis="x", degrees=13), axis="y", degrees=14), to=(0.0, 0.0, 1.75))
    return Shape(
        name="planet",
        parts=(
            Part(distance=tilt[0]),
            *(Part(distance=part, slot="accent", material="clay", colour=(0.86, 0.72, 0.55)) for part in tilt[1:]),
            Part(distance=tilted_ring, slot="accent", material="clay", colour=(0.86, 0.78, 0.66)),
        ),
        width=5.2,
        depth=5.2,
        height=3.5,
        material="clay",
        colours=((0.80, 0.52, 0.28), (0.26, 0.48, 0.58), (0.62, 0.42, 0.66), (0.72, 0.34, 0.25)),
        kind="landform",
        floats=5.0,
    )


def _island() -> Shape:
    sand = intersect(
        bumpy(
            smooth_union(
                ellipsoid(radii=(3.6, 2.6, 0.75), at=(0.0, 0.0, -0.05)),
                ellipsoid(radii=(1.8, 1.5, 0.7), at=(-0.5, 0.2, 0.3)),
                blend=0.5,
            ),
            height=0.05,
            length=1.3,
        ),
        band(low=0.0, high=4.0),
    )
    grass = intersect(
        bumpy(ellipsoid(radii=(1.5, 1.2, 0.45), at=(-0.5, 0.2, 0.8)), height=0.05, length=0.4), band(low=0.6, high=3.0)
    )
    palm = next(shape for shape in PLANTS if shape.name == "palm")
    stones = smooth_union(
        sphere(radius=0.42, at=(2.3, -1.0, 0.25)), sphere(radius=0.28, at=(2.8, -0.7, 0.12)), blend=0.1
    )
    return Shape(
        name="island",
        parts=(
            Part(distance=sand),
            Part(distance=grass, slot="fixed", material="leaf", colour=(0.33, 0.48, 0.18)),
            *(
                Part(
                    distance=move(resize(part.distance, factor=0.62), to=(-0.5, 0.2, 1.0)),
                    slot="fixed",
                    material=part.material or palm.material,
                    colour=part.colour or palm.colours[0],
                )
                for part in palm.parts
            ),
            Part(distance=bumpy(stones, height=0.03, length=0.3), slot="fixed", material="stone"),
        ),
        width=7.4,
        depth=5.4,
        height=5.1,
        material="clay",
        colours=((0.86, 0.77, 0.58), (0.90, 0.82, 0.66)),
        kind="landform",
    )


def _shore() -> Shape:
    """A low bank for what stands on land in a picture of water; its top is level at 0.2."""
    bank = smooth_union(
        ellipsoid(radii=(3.2, 1.9, 0.34), at=(0.0, 0.0, -0.06)),
        ellipsoid(radii=(1.5, 1.2, 0.30), at=(1.5, -0.7, -0.06)),
        ellipsoid(radii=(1.6, 1.0, 0.30), at=(-1.6, 0.6, -0.06)),
        blend=0.2,
    )
    level = intersect(bumpy(bank, height=0.04, length=0.7), band(low=-1.0, high=0.165))
    turf = intersect(bumpy(grow(bank, by=-0.03), height=0.03, length=0.6), band(low=0.1, high=0.2))
    stones = smooth_union(
        *(
            ellipsoid(radii=(r, r * 0.8, r * 0.6), at=(x, y, 0.04))
            for x, y, r in (
                (-2.3, -0.9, 0.2),
                (-1.95, -1.1, 0.12),
                (2.35, -1.0, 0.16),
                (0.4, -1.72, 0.14),
                (2.9, 0.1, 0.2),
            )
        ),
        blend=0.04,
    )
    return Shape(
        name="shore",
        parts=(
            Part(distance=level),
            Part(distance=turf, slot="accent", material="clay", colour=(0.30, 0.38, 0.17)),
            Part(distance=bumpy(stones, height=0.02, length=0.2), slot="fixed", material="stone"),
        ),
        width=6.9,
        depth=4.6,
        height=0.3,
        material="clay",
        colours=((0.52, 0.45, 0.34),),
        kind="landform",
    )


LANDFORMS = (_rock(), _cloud(), _moon(), _sun(), _planet(), _island(), _shore())

"""Buildings seen from afar: castle, tower, lighthouse, windmill, skyscraper, bridge."""

from flora_mcp.studio.renderers.scene.sdf import (
    Distance,
    around,
    box,
    capsule,
    cone,
    cylinder,
    intersect,
    mirror,
    move,
    prism,
    subtract,
    turn,
    union,
)
from flora_mcp.studio.renderers.scene.shapes.repeats import band, grid
from flora_mcp.studio.renderers.scene.shapes.shape import Glow, Part, Shape

STONES = ((0.62, 0.60, 0.56), (0.70, 0.64, 0.54), (0.52, 0.52, 0.54))
ROOFS = ((0.20, 0.30, 0.46), (0.48, 0.17, 0.15), (0.25, 0.34, 0.34))
WHITE = (0.95, 0.94, 0.91)
DARK = (0.10, 0.08, 0.08)


def _merlons(*, radius: float, count: int, at: float, size: float) -> Distance:
    """The teeth of a round tower's top."""
    tooth = box(size=(size * 0.8, size, size * 1.1), at=(radius - size * 0.4, 0.0, 0.0))
    return move(around(tooth, count=count), to=(0.0, 0.0, at))


def _turret(*, radius: float, height: float) -> tuple[Distance, Distance, Distance]:
    """A round tower: walls with teeth, a pointed roof, its slits."""
    walls = union(
        cylinder(radius=radius, height=height, at=(0.0, 0.0, height / 2.0)),
        cylinder(radius=radius * 1.14, height=radius * 0.5, at=(0.0, 0.0, height - radius * 0.2)),
        _merlons(radius=radius * 1.14, count=9, at=height + radius * 0.2, size=radius * 0.36),
    )
    roof = move(cone(bottom=radius * 0.98, top=0.02, height=radius * 2.5), to=(0.0, 0.0, height + radius * 0.12))
    slit = box(size=(0.1, radius * 0.2, radius * 0.62), at=(radius, 0.0, height * 0.66))
    return walls, roof, turn(around(slit, count=4), axis="z", degrees=45)


def _gate(*, width: float, height: float, deep: float) -> Distance:
    """A doorway with a round arch, upright in the plane that faces the viewer, standing on the ground."""
    straight = height - width / 2.0
    arch = move(turn(cylinder(radius=width / 2.0, height=deep), axis="x", degrees=90), to=(0.0, 0.0, straight))
    return union(box(size=(width, deep, straight), at=(0.0, 0.0, straight / 2.0)), arch)


def _castle() -> Shape:
    corner, corner_roof, corner_slits = _turret(radius=1.25, height=6.0)
    keep, keep_roof, keep_slits = _turret(radius=1.9, height=9.2)

    def four(part: Distance) -> Distance:
        return mirror(mirror(move(part, to=(4.4, 3.4, 0.0)), axis="y"), axis="x")

    teeth = grid(box(size=(0.5, 0.5, 0.6)), axes="x", steps=(1.0,), counts=(7,))
    walls = union(
        mirror(box(size=(8.8, 0.7, 4.2), at=(0.0, 3.4, 2.1)), axis="y"),
        mirror(box(size=(0.7, 6.8, 4.2), at=(4.4, 0.0, 2.1))),
        mirror(move(teeth, to=(0.0, 3.4, 4.45)), axis="y"),
        mirror(move(turn(teeth, axis="z", degrees=90), to=(4.4, 0.0, 4.45))),
        box(size=(3.0, 1.5, 5.2), at=(0.0, -3.5, 2.6)),
        move(grid(box(size=(0.5, 1.5, 0.6)), axes="x", steps=(0.85,), counts=(4,)), to=(0.0, -3.5, 5.4)),
    )
    gate = move(_gate(width=1.7, height=3.0, deep=1.2), to=(0.0, -4.0, 0.0))
    frame = move(_gate(width=2.2, height=3.3, deep=0.3), to=(0.0, -4.28, 0.0))
    poles = union(
        capsule(start=(0.0, 0.6, 13.9), end=(0.0, 0.6, 15.6), radius=0.05),
        four(capsule(start=(0.0, 0.0, 9.0), end=(0.0, 0.0, 10.1), radius=0.04)),
    )
    pennant = prism(outline=[(0.0, 0.0), (1.1, 0.3), (0.0, 0.6)], depth=0.05)
    flags = union(move(pennant, to=(0.0, 0.6, 14.9)), four(move(pennant, to=(0.0, 0.0, 9.5))))
    middle = (0.0, 0.6, 0.0)
    return Shape(
        name="castle",
        parts=(
            Part(distance=union(subtract(walls, gate), four(corner), move(keep, to=middle), subtract(frame, gate))),
            Part(distance=union(four(corner_roof), move(keep_roof, to=middle)), slot="accent", material="clay"),
            Part(distance=move(gate, to=(0.0, 0.35, 0.0)), slot="fixed", material="wood", colour=(0.24, 0.15, 0.09)),
            Part(distance=union(four(corner_slits), move(keep_slits, to=middle)), slot="fixed", material="window"),
            Part(distance=poles, slot="fixed", material="wood"),
            Part(distance=flags, slot="fixed", material="fabric", colour=(0.78, 0.14, 0.12)),
        ),
        width=13.0,
        depth=10.2,
        height=15.7,
        material="stone",
        colours=STONES,
        accents=ROOFS,
        kind="building",
    )


def _tower() -> Shape:
    walls, roof, slits = _turret(radius=2.0, height=9.5)
    base = cone(bottom=2.6, top=2.0, height=1.6)
    door = move(_gate(width=1.1, height=2.1, deep=0.6), to=(0.0, -2.15, 0.0))
    porch = move(_gate(width=1.5, height=2.4, deep=0.5), to=(0.0, -2.2, 0.0))
    more = box(size=(0.1, 0.36, 0.9), at=(2.0, 0.0, 3.9))
    return Shape(
        name="tower",
        parts=(
            Part(distance=union(walls, base, porch)),
            Part(distance=roof, slot="accent", material="clay"),
            Part(distance=move(door, to=(0.0, -0.08, 0.0)), slot="fixed", material="wood", colour=(0.26, 0.16, 0.10)),
            Part(distance=union(slits, around(more, count=4)), slot="fixed", material="window"),
        ),
        width=5.3,
        depth=5.3,
        height=14.8,
        material="stone",
        colours=STONES,
        accents=ROOFS,
        kind="building",
    )


def _lighthouse() -> Shape:
    shaft = move(cone(bottom=1.75, top=1.05, height=9.0), to=(0.0, 0.0, 0.7))
    coat = move(cone(bottom=1.775, top=1.075, height=9.0), to=(0.0, 0.0, 0.7))
    stripes = union(*(intersect(coat, band(low=z, high=z + 1.35)) for z in (1.9, 4.6, 7.3)))
    gallery = union(
        cylinder(radius=1.5, height=0.22, at=(0.0, 0.0, 9.75)),
        cylinder(radius=1.46, height=0.07, at=(0.0, 0.0, 10.45)),
        around(cylinder(radius=0.04, height=0.7, at=(1.42, 0.0, 10.15)), count=12),
        around(cylinder(radius=0.05, height=1.4, at=(0.86, 0.0, 10.5)), count=8),
    )
    cap = union(
        move(cone(bottom=1.2, top=0.1, height=0.95, rounding=0.03), to=(0.0, 0.0, 11.15)),
        capsule(start=(0.0, 0.0, 12.0), end=(0.0, 0.0, 12.7), radius=0.06),
    )
    lantern = cylinder(radius=0.8, height=1.3, at=(0.0, 0.0, 10.5))
    panes = box(size=(0.5, 0.4, 0.75), rounding=0.02)
    windows = union(move(panes, to=(0.0, -1.42, 4.0)), move(panes, to=(0.0, -1.22, 6.7)))
    door = move(_gate(width=0.85, height=1.7, deep=0.3), to=(0.0, -1.68, 0.7))
    base = union(
        cylinder(radius=2.4, height=0.7, rounding=0.06, at=(0.0, 0.0, 0.35)),
        box(size=(1.3, 1.2, 0.35), at=(0.0, -2.5, 0.17)),
    )
    return Shape(
        name="lighthouse",
        parts=(
            Part(distance=stripes),
            Part(distance=cap),
            Part(distance=shaft, slot="accent", colour=WHITE),
            Part(distance=gallery, slot="fixed", material="steel", colour=(0.2, 0.2, 0.22)),
            Part(distance=lantern, slot="fixed", material="window", colour=(1.0, 0.86, 0.5)),
            Part(distance=windows, slot="fixed", material="window"),
            Part(distance=door, slot="fixed", material="wood", colour=(0.28, 0.17, 0.10)),
            Part(distance=base, slot="fixed", material="stone"),
        ),
        width=4.9,
        depth=6.3,
        height=12.8,
        material="stone",
        colours=((0.76, 0.12, 0.11), (0.13, 0.22, 0.42), (0.80, 0.20, 0.12)),
        kind="building",
        glows=(Glow(position=(0.0, 0.0, 10.5), power=6.0, only_in_the_dark=True),),
    )


def _windmill() -> Shape:
    body = cone(bottom=2.3, top=1.35, height=7.2, rounding=0.05)
    cap = move(cone(bottom=1.62, top=0.25, height=1.7, rounding=0.12), to=(0.0, 0.0, 7.1))
    balcony = union(
        cylinder(radius=2.6, height=0.16, at=(0.0, 0.0, 2.9)),
        cylinder(radius=2.55, height=0.07, at=(0.0, 0.0, 3.55)),
        around(cylinder(radius=0.04, height=0.7, at=(2.5, 0.0, 3.2)), count=14),
    )
    rails = grid(box(size=(0.75, 0.05, 0.05)), axes="z", steps=(0.36,), counts=(9,))
    blade = union(
        box(size=(0.13, 0.13, 4.3), at=(0.0, 0.0, 2.15)),
        move(rails, to=(0.33, 0.0, 2.5)),
        box(size=(0.05, 0.05, 3.0), at=(0.7, 0.0, 2.5)),
        box(size=(0.05, 0.05, 3.0), at=(0.38, 0.0, 2.5)),
    )
    cloth = box(size=(0.62, 0.03, 2.9), at=(0.38, 0.03, 2.5))
    sails = [turn(blade, axis="y", degrees=28 + 90 * number) for number in range(4)]
    cloths = [turn(cloth, axis="y", degrees=28 + 90 * number) for number in range(4)]
    hub = turn(cylinder(radius=0.26, height=1.5, at=(0.0, 0.0, -0.5)), axis="x", degrees=90)
    at = (0.0, -2.05, 7.7)
    panes = box(size=(0.6, 0.16, 0.8))
    windows = union(move(panes, to=(0.0, -1.86, 4.4)), around(box(size=(0.16, 0.6, 0.8), at=(1.62, 0.0, 5.5)), count=4))
    door = move(_gate(width=1.1, height=2.0, deep=0.4), to=(0.0, -2.2, 0.0))
    return Shape(
        name="windmill",
        parts=(
            Part(distance=body),
            Part(distance=cap, slot="accent", material="clay"),
            Part(distance=balcony, slot="fixed", material="wood", colour=(0.40, 0.27, 0.17)),
            Part(distance=move(union(*sails, hub), to=at), slot="fixed", material="wood", colour=(0.36, 0.24, 0.15)),
            Part(distance=move(union(*cloths), to=at), slot="fixed", material="fabric", colour=(0.93, 0.90, 0.82)),
            Part(distance=windows, slot="fixed", material="window"),
            Part(distance=door, slot="fixed", material="wood", colour=(0.30, 0.18, 0.10)),
        ),
        width=8.8,
        depth=5.3,
        height=12.1,
        material="stone",
        colours=((0.93, 0.91, 0.85), (0.86, 0.76, 0.60), (0.70, 0.45, 0.34)),
        accents=((0.33, 0.24, 0.18), (0.45, 0.20, 0.16), (0.26, 0.30, 0.34)),
        kind="building",
    )


def _skyscraper() -> Shape:
    blocks = (((6.0, 6.0, 13.0), 6.5), ((4.8, 4.8, 6.4), 16.2), ((3.4, 3.4, 3.4), 21.1))
    walls = union(*(box(size=size, rounding=0.05, at=(0.0, 0.0, z)) for size, z in blocks))
    tops = ((6.3, 13.0), (5.1, 19.4), (3.7, 22.8))
    ledges = union(*(box(size=(wide, wide, 0.25), at=(0.0, 0.0, z)) for wide, z in tops))
    mast = union(
        capsule(start=(0.0, 0.0, 22.8), end=(0.0, 0.0, 26.6), radius=0.14, end_radius=0.05),
        box(size=(1.4, 1.4, 0.9), at=(0.0, 0.0, 23.2)),
    )
    panes = []
    for (wide, _, high), middle in blocks:
        across, rows = round(wide / 1.05), round(high / 1.25) - 1
        pane = box(size=(0.66, wide + 0.06, 0.82))
        one = grid(pane, axes="xz", steps=(wide / across * 0.96, high / (rows + 1)), counts=(across, rows))
        panes.append(move(union(one, turn(one, axis="z", degrees=90)), to=(0.0, 0.0, middle)))
    lobby = box(size=(2.2, 6.3, 1.5), at=(0.0, 0.0, 0.75))
    return Shape(
        name="skyscraper",
        parts=(
            Part(distance=walls),
            Part(distance=union(ledges, mast), slot="accent", material="steel"),
            Part(distance=union(*panes, lobby), slot="fixed", material="window"),
        ),
        width=6.5,
        depth=6.5,
        height=26.8,
        material="stone",
        colours=((0.55, 0.60, 0.66), (0.72, 0.68, 0.60), (0.45, 0.47, 0.52), (0.66, 0.52, 0.43)),
        accents=((0.75, 0.76, 0.78),),
        kind="building",
    )


def _bridge() -> Shape:
    deck = [(-8.0, 0.0), (8.0, 0.0), (8.0, 2.0), (3.5, 2.75), (0.0, 3.0), (-3.5, 2.75), (-8.0, 2.0)]
    rail = [(-8.0, 2.0), (-3.5, 2.75), (0.0, 3.0), (3.5, 2.75), (8.0, 2.0), (8.0, 2.6), (3.5, 3.35), (0.0, 3.6)]
    rail += [(-3.5, 3.35), (-8.0, 2.6)]

    def arch(x: float, radius: float) -> Distance:
        return move(turn(cylinder(radius=radius, height=6.0), axis="x", degrees=90), to=(x, 0.0, 0.0))

    holes = union(arch(0.0, 2.15), arch(4.6, 1.55), arch(-4.6, 1.55))
    rims = union(arch(0.0, 2.42), arch(4.6, 1.8), arch(-4.6, 1.8))
    body = subtract(prism(outline=deck, depth=3.4), holes)
    ring = subtract(intersect(rims, box(size=(16.0, 3.7, 6.0)), band(low=0.0, high=9.0)), holes)
    parapets = mirror(move(prism(outline=rail, depth=0.32), to=(0.0, 1.55, 0.0)), axis="y")
    posts = mirror(mirror(box(size=(0.6, 0.6, 1.1), at=(7.7, 1.55, 2.5)), axis="y"))
    return Shape(
        name="bridge",
        parts=(Part(distance=union(body, parapets, posts)), Part(distance=ring, slot="accent")),
        width=16.2,
        depth=4.0,
        height=3.65,
        material="stone",
        colours=STONES,
        kind="building",
    )


LANDMARKS = (_castle(), _tower(), _lighthouse(), _windmill(), _skyscraper(), _bridge())

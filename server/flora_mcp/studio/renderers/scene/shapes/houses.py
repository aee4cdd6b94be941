"""Where people live, work and pray: house, cabin, barn, church, tent."""

from flora_mcp.studio.renderers.scene.graph import Colour, Material
from flora_mcp.studio.renderers.scene.sdf import (
    Distance,
    Vector,
    around,
    box,
    capsule,
    cylinder,
    intersect,
    mirror,
    move,
    prism,
    subtract,
    turn,
    union,
)
from flora_mcp.studio.renderers.scene.shapes.repeats import grid, grooved
from flora_mcp.studio.renderers.scene.shapes.shape import Part, Shape

TRIM = (0.95, 0.94, 0.90)
SLATE = (0.33, 0.34, 0.38)
TILES = ((0.56, 0.24, 0.17), (0.36, 0.37, 0.42), (0.45, 0.30, 0.22))


def _gable(*, half: float, eaves: float, ridge: float, depth: float) -> Distance:
    """Walls under a pitched roof whose ridge runs away from the viewer."""
    return prism(outline=[(-half, 0.0), (half, 0.0), (half, eaves), (0.0, ridge), (-half, eaves)], depth=depth)


def _roof(*, half: float, eaves: float, ridge: float, depth: float, thick: float) -> Distance:
    return prism(
        outline=[
            (-half, eaves),
            (0.0, ridge),
            (half, eaves),
            (half, eaves + thick),
            (0.0, ridge + thick * 1.15),
            (-half, eaves + thick),
        ],
        depth=depth,
    )


def _fixed(distance: Distance, material: Material, colour: Colour | None = None) -> Part:
    return Part(distance=distance, slot="fixed", material=material, colour=colour)


def _panes(*, width: float, height: float, at: Vector) -> tuple[Distance, Distance]:
    """A window in a wall that faces the viewer: its glass and its frame with a cross."""
    x, y, z = at
    glass = box(size=(width, 0.06, height), at=(x, y, z))
    outer = box(size=(width + 0.22, 0.1, height + 0.22), at=at)
    frame = subtract(outer, box(size=(width, 1.0, height), at=at))
    bars = union(box(size=(0.06, 0.1, height), at=at), box(size=(width, 0.1, 0.06), at=at))
    sill = box(size=(width + 0.4, 0.22, 0.1), at=(x, y - 0.06, z - height / 2.0 - 0.14))
    return glass, union(frame, bars, sill)


def _house() -> Shape:
    walls = _gable(half=2.5, eaves=2.9, ridge=4.85, depth=5.0)
    roof = grooved(_roof(half=3.05, eaves=2.55, ridge=4.85, depth=5.7, thick=0.36), axis="x", step=0.36, deep=0.05)
    glass, frame = _panes(width=0.85, height=1.05, at=(1.5, -2.5, 1.65))
    attic, attic_frame = _panes(width=0.7, height=0.75, at=(0.0, -2.5, 3.55))
    side, side_frame = (turn(part, axis="z", degrees=90) for part in _panes(width=1.0, height=1.1, at=(0, -2.5, 1.65)))
    sides = [grid(part, axes="y", steps=(2.2,), counts=(2,)) for part in (side, side_frame)]
    door = box(size=(1.0, 0.12, 2.05), rounding=0.02, at=(0.0, -2.5, 1.1))
    lintel = subtract(box(size=(1.3, 0.14, 2.3), at=(0.0, -2.5, 1.15)), box(size=(1.0, 1.0, 2.1), at=(0.0, -2.5, 1.05)))
    step = box(size=(1.7, 0.9, 0.16), rounding=0.02, at=(0.0, -2.85, 0.08))
    chimney = union(box(size=(0.62, 0.62, 2.2), at=(1.35, 1.0, 4.6)), box(size=(0.76, 0.76, 0.2), at=(1.35, 1.0, 5.65)))
    knob = cylinder(radius=0.06, height=0.1, at=(0.36, -2.62, 1.05))
    return Shape(
        name="house",
        parts=(
            Part(distance=walls),
            Part(distance=roof, slot="accent", material="clay"),
            _fixed(union(mirror(glass), mirror(sides[0]), attic), "window"),
            _fixed(union(mirror(frame), mirror(sides[1]), attic_frame, lintel), "paper", TRIM),
            _fixed(door, "wood", (0.36, 0.20, 0.12)),
            _fixed(knob, "gold"),
            _fixed(chimney, "brick"),
            _fixed(step, "stone"),
        ),
        width=6.2,
        depth=6.7,
        height=5.8,
        material="stone",
        colours=((0.93, 0.90, 0.83), (0.90, 0.80, 0.62), (0.70, 0.79, 0.84), (0.88, 0.66, 0.55), (0.75, 0.80, 0.70)),
        accents=TILES,
        kind="building",
    )


def _cabin() -> Shape:
    plain = _gable(half=2.3, eaves=2.2, ridge=3.9, depth=4.2)
    walls = grooved(plain, axis="z", step=0.34, deep=0.10)
    log = capsule(start=(0.0, -2.35, 0.0), end=(0.0, 2.35, 0.0), radius=0.15)
    end = grid(log, axes="z", steps=(0.34,), counts=(6,))
    corners = mirror(move(end, to=(2.25, 0.0, 1.19)))
    roof = grooved(_roof(half=2.95, eaves=1.85, ridge=3.95, depth=5.3, thick=0.26), axis="y", step=0.4, deep=0.05)
    glass, frame = _panes(width=0.75, height=0.75, at=(1.35, -2.06, 1.4))
    side, side_frame = (turn(part, axis="z", degrees=90) for part in _panes(width=0.9, height=0.8, at=(0, -2.26, 1.3)))
    door = grooved(box(size=(0.95, 0.2, 1.8), at=(-0.55, -2.06, 0.9)), axis="x", step=0.24, deep=0.03)
    chimney = box(size=(0.7, 0.7, 2.4), rounding=0.05, at=(-1.3, 0.9, 3.6))
    porch = box(size=(2.0, 0.9, 0.14), at=(-0.55, -2.5, 0.07))
    return Shape(
        name="cabin",
        parts=(
            Part(distance=union(walls, corners)),
            Part(distance=roof, slot="accent", material="wood", colour=(0.24, 0.17, 0.13)),
            _fixed(union(glass, mirror(side)), "window"),
            _fixed(union(frame, mirror(side_frame)), "wood", (0.75, 0.60, 0.42)),
            _fixed(union(door, porch), "wood", (0.30, 0.18, 0.10)),
            _fixed(chimney, "stone"),
        ),
        width=6.0,
        depth=6.0,
        height=4.85,
        material="wood",
        colours=((0.50, 0.32, 0.19), (0.42, 0.26, 0.16)),
        kind="building",
    )


def _barn() -> Shape:
    outline = [(-2.8, 0.0), (2.8, 0.0), (2.8, 3.0), (1.9, 4.7), (0.0, 5.7), (-1.9, 4.7), (-2.8, 3.0)]
    walls = grooved(prism(outline=outline, depth=6.4), axis="x", step=0.35, deep=0.025)
    roof_line = [(-3.1, 2.75), (-2.0, 4.7), (0.0, 5.72), (2.0, 4.7), (3.1, 2.75)]
    upper = [(x, z + 0.34) for x, z in reversed(roof_line)]
    roof = prism(outline=[*roof_line, *upper], depth=7.0)
    door = box(size=(2.3, 0.16, 2.4), at=(0.0, -3.2, 1.2))
    rails = [box(size=(2.5, 0.22, 0.16), at=(0.0, -3.22, z)) for z in (0.12, 2.4)]
    posts = mirror(box(size=(0.16, 0.22, 2.4), at=(1.17, -3.22, 1.2)))
    plank = box(size=(3.15, 0.2, 0.14))
    cross = [move(turn(plank, axis="y", degrees=degrees), to=(0.0, -3.22, 1.26)) for degrees in (45, -45)]
    loft = box(size=(0.9, 0.14, 1.0), at=(0.0, -3.2, 4.15))
    loft_frame = subtract(
        box(size=(1.2, 0.2, 1.3), at=(0.0, -3.2, 4.15)), box(size=(0.9, 1.0, 1.0), at=(0.0, -3.2, 4.15))
    )
    windows = grid(box(size=(0.06, 0.8, 0.8)), axes="y", steps=(2.0,), counts=(3,))
    return Shape(
        name="barn",
        parts=(
            Part(distance=union(walls, door)),
            Part(distance=roof, slot="accent", material="stone", colour=SLATE),
            _fixed(union(*rails, posts, *cross, loft_frame), "paper", TRIM),
            _fixed(loft, "wood", (0.12, 0.08, 0.06)),
            _fixed(mirror(move(windows, to=(2.8, 0.0, 1.8))), "window"),
        ),
        width=6.4,
        depth=7.2,
        height=6.2,
        material="wood",
        colours=((0.62, 0.13, 0.10), (0.54, 0.16, 0.11)),
        kind="building",
    )


def _church() -> Shape:
    nave = move(_gable(half=2.1, eaves=3.4, ridge=5.6, depth=6.4), to=(0.0, 1.6, 0.0))
    nave_roof = move(_roof(half=2.5, eaves=3.1, ridge=5.65, depth=6.9, thick=0.28), to=(0.0, 1.6, 0.0))
    tower = box(size=(2.1, 2.1, 7.2), at=(0.0, -2.1, 3.6))
    cornice = union(*(box(size=(2.4, 2.4, 0.22), at=(0.0, -2.1, z)) for z in (5.1, 7.2)))
    # A cone of four sides: the tower is square.
    slope = prism(outline=[(-1.3, 0.0), (1.3, 0.0), (0.0, 4.2)], depth=2.6)
    spire = move(intersect(slope, turn(slope, axis="z", degrees=90)), to=(0.0, -2.1, 7.3))
    cross = union(box(size=(0.12, 0.12, 1.2), at=(0.0, -2.1, 11.9)), box(size=(0.7, 0.12, 0.12), at=(0.0, -2.1, 12.1)))
    arch = union(box(size=(1.0, 0.1, 1.7), at=(0.0, 0.0, 0.85)), _disc(radius=0.5, at=(0.0, 0.0, 1.7)))
    door = move(arch, to=(0.0, -3.16, 0.0))
    lancet = union(box(size=(0.5, 0.1, 1.3), at=(0.0, 0.0, 0.65)), _disc(radius=0.25, at=(0.0, 0.0, 1.3)))
    belfry = around(turn(move(lancet, to=(0.0, -1.05, 0.0)), axis="z", degrees=90), count=4)
    along = grid(turn(lancet, axis="z", degrees=90), axes="y", steps=(1.7,), counts=(3,))
    return Shape(
        name="church",
        parts=(
            Part(distance=union(nave, tower)),
            Part(distance=union(nave_roof, spire), slot="accent", material="stone", colour=SLATE),
            _fixed(cornice, "paper", TRIM),
            _fixed(cross, "gold"),
            _fixed(door, "wood", (0.32, 0.18, 0.10)),
            _fixed(
                union(
                    mirror(move(along, to=(2.1, 1.9, 1.2))),
                    move(belfry, to=(0.0, -2.1, 5.4)),
                    _disc(radius=0.48, at=(0.0, -3.14, 3.7)),
                ),
                "window",
            ),
        ),
        width=5.2,
        depth=10.2,
        height=12.6,
        material="stone",
        colours=((0.94, 0.93, 0.89), (0.88, 0.84, 0.74), (0.72, 0.70, 0.66)),
        kind="building",
    )


def _disc(*, radius: float, at: Vector) -> Distance:
    """A round pane that faces the viewer."""
    return move(turn(cylinder(radius=radius, height=0.1), axis="x", degrees=90), to=at)


def _tent() -> Shape:
    outer = prism(outline=[(-1.35, 0.0), (1.35, 0.0), (0.0, 1.85)], depth=3.0, rounding=0.02)
    hollow = move(prism(outline=[(-1.2, -0.1), (1.2, -0.1), (0.0, 1.68)], depth=2.4), to=(0.0, -0.4, 0.0))
    opening = prism(outline=[(-0.62, -0.1), (0.62, -0.1), (0.0, 1.5)], depth=5.0)
    mouth = intersect(box(size=(4.0, 1.0, 4.0), at=(0.0, -1.6, 0.0)), opening)
    shell = subtract(outer, intersect(hollow, box(size=(4.0, 2.6, 4.0), at=(0.0, -0.2, 0.0))), mouth)
    poles = union(
        capsule(start=(0.0, -1.52, 0.0), end=(0.0, -1.52, 2.05), radius=0.035),
        capsule(start=(0.0, 1.52, 0.0), end=(0.0, 1.52, 2.05), radius=0.035),
    )
    rope = union(
        capsule(start=(0.0, -1.52, 1.95), end=(0.0, -2.3, 0.02), radius=0.014),
        capsule(start=(0.9, -1.45, 0.65), end=(1.75, -1.5, 0.02), radius=0.014),
        capsule(start=(0.9, 1.45, 0.65), end=(1.75, 1.5, 0.02), radius=0.014),
    )
    flap = prism(outline=[(0.04, 1.5), (0.78, 0.0), (0.42, 0.0)], depth=0.05)
    flaps = mirror(move(flap, to=(0.0, -1.54, 0.0)))
    return Shape(
        name="tent",
        parts=(
            Part(distance=shell),
            Part(distance=flaps, slot="accent"),
            _fixed(poles, "wood", (0.55, 0.40, 0.26)),
            _fixed(mirror(rope), "fabric", (0.9, 0.87, 0.8)),
        ),
        width=3.7,
        depth=4.7,
        height=2.1,
        material="fabric",
        colours=((0.88, 0.42, 0.14), (0.20, 0.45, 0.44), (0.80, 0.60, 0.18), (0.72, 0.18, 0.14)),
        kind="building",
    )


HOUSES = (_house(), _cabin(), _barn(), _church(), _tent())

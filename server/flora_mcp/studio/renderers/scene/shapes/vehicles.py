"""What rolls: car, truck, bus, train."""

from flora_mcp.studio.renderers.scene.graph import Colour, Material
from flora_mcp.studio.renderers.scene.sdf import (
    Distance,
    Vector,
    box,
    cone,
    cylinder,
    intersect,
    mirror,
    move,
    prism,
    sphere,
    subtract,
    turn,
    union,
)
from flora_mcp.studio.renderers.scene.shapes.repeats import grid
from flora_mcp.studio.renderers.scene.shapes.shape import Part, Shape

PAINTS = ((0.76, 0.10, 0.09), (0.10, 0.42, 0.46), (0.86, 0.60, 0.12), (0.14, 0.22, 0.42), (0.93, 0.91, 0.86))
TYRE = (0.07, 0.07, 0.075)
PANE = (0.10, 0.13, 0.16)
CHROME = (0.82, 0.83, 0.85)
HEADLIGHT = (0.99, 0.95, 0.80)
TAILLIGHT = (0.75, 0.06, 0.05)


def _fixed(distance: Distance, material: Material, colour: Colour | None = None) -> Part:
    return Part(distance=_forward(distance), slot="fixed", material=material, colour=colour)


def _forward(part: Distance) -> Distance:
    """Vehicles are modelled along x, nose at +x; this turns the nose to the viewer."""
    return turn(part, axis="z", degrees=-90)


def _both(part: Distance) -> Distance:
    return mirror(part, axis="y")


def _disc(*, radius: float, width: float, at: Vector, rounding: float = 0.0) -> Distance:
    """An upright disc whose axle runs across the vehicle."""
    return move(turn(cylinder(radius=radius, height=width, rounding=rounding), axis="x", degrees=90), to=at)


def _wheels(*, radius: float, width: float, half_track: float, at: tuple[float, ...]) -> tuple[Distance, Distance]:
    """Tyres and hubs on both sides, at places along the vehicle."""
    tyres = [_disc(radius=radius, width=width, rounding=width * 0.25, at=(x, half_track, radius)) for x in at]
    hubs = [_disc(radius=radius * 0.58, width=width + 0.03, rounding=0.01, at=(x, half_track, radius)) for x in at]
    return _both(union(*tyres)), _both(union(*hubs))


def _car() -> Shape:
    hull = prism(
        outline=[(-1.95, 0.38), (1.95, 0.38), (2.0, 0.66), (1.75, 0.80), (0.85, 0.90), (-1.65, 0.92), (-1.98, 0.78)],
        depth=1.7,
        rounding=0.1,
    )
    cabin_line = [(-1.55, 0.9), (0.95, 0.9), (0.32, 1.38), (-0.95, 1.40)]
    cabin = prism(outline=cabin_line, depth=1.46, rounding=0.07)
    roof = intersect(prism(outline=cabin_line, depth=1.48, rounding=0.08), box(size=(6.0, 3.0, 0.3), at=(0, 0, 1.56)))
    pillars = intersect(
        prism(outline=cabin_line, depth=1.485, rounding=0.082),
        union(box(size=(0.1, 3.0, 2.0), at=(-0.3, 0, 1.0)), box(size=(0.14, 3.0, 2.0), at=(-1.12, 0.0, 1.0))),
    )
    tyres, hubs = _wheels(radius=0.35, width=0.24, half_track=0.74, at=(1.25, -1.25))
    wells = _both(union(*(_disc(radius=0.42, width=0.42, at=(x, 0.76, 0.36)) for x in (1.25, -1.25))))
    lamps = _both(
        move(turn(cylinder(radius=0.13, height=0.1, rounding=0.02), axis="y", degrees=90), to=(2.04, 0.58, 0.66))
    )
    tails = _both(box(size=(0.1, 0.3, 0.13), rounding=0.02, at=(-2.04, 0.6, 0.72)))
    bumpers = union(
        box(size=(0.14, 1.6, 0.13), rounding=0.05, at=(2.06, 0.0, 0.42)),
        box(size=(0.14, 1.6, 0.13), rounding=0.05, at=(-2.06, 0.0, 0.42)),
        _both(box(size=(0.22, 0.05, 0.04), rounding=0.015, at=(0.1, 0.87, 0.82))),
        _both(box(size=(0.16, 0.16, 0.12), rounding=0.04, at=(0.62, 0.9, 0.98))),
    )
    return Shape(
        name="car",
        parts=(
            Part(distance=_forward(subtract(hull, wells, blend=0.03))),
            Part(distance=_forward(union(roof, pillars))),
            _fixed(cabin, "paint", PANE),
            _fixed(tyres, "rubber", TYRE),
            _fixed(union(hubs, bumpers), "steel", CHROME),
            _fixed(lamps, "window", HEADLIGHT),
            _fixed(tails, "plastic", TAILLIGHT),
        ),
        width=2.1,
        depth=4.4,
        height=1.52,
        material="paint",
        colours=PAINTS,
        kind="vehicle",
    )


def _truck() -> Shape:
    cab = prism(
        outline=[(1.0, 0.6), (2.85, 0.6), (2.9, 1.3), (2.45, 2.35), (1.0, 2.4)],
        depth=1.95,
        rounding=0.1,
    )
    panes = union(
        intersect(
            prism(outline=[(2.92, 1.45), (3.02, 1.45), (2.62, 2.28), (2.45, 2.28)], depth=1.7, rounding=0.02),
            box(size=(9.0, 3.0, 9.0)),
        ),
        _both(prism(outline=[(1.6, 1.45), (2.7, 1.45), (2.36, 2.2), (1.6, 2.2)], depth=2.0)),
    )
    cargo = box(size=(3.7, 2.15, 2.2), rounding=0.05, at=(-1.0, 0.0, 1.85))
    frame = box(size=(5.4, 1.5, 0.3), at=(0.0, 0.0, 0.6))
    tyres, hubs = _wheels(radius=0.46, width=0.34, half_track=0.86, at=(2.0, -1.2, -2.2))
    wells = _both(_disc(radius=0.56, width=0.6, at=(2.0, 0.9, 0.47)))
    grille = grid(box(size=(0.06, 1.2, 0.05)), axes="z", steps=(0.11,), counts=(4,))
    lamps = _both(box(size=(0.12, 0.26, 0.2), rounding=0.04, at=(2.94, 0.75, 0.95)))
    bumper = box(size=(0.18, 2.0, 0.22), rounding=0.05, at=(2.95, 0.0, 0.6))
    return Shape(
        name="truck",
        parts=(
            Part(distance=_forward(subtract(cab, wells))),
            Part(distance=_forward(cargo), slot="accent", material="paint", colour=(0.93, 0.92, 0.89)),
            _fixed(panes, "paint", PANE),
            _fixed(tyres, "rubber", TYRE),
            _fixed(union(hubs, bumper, move(grille, to=(2.98, 0.0, 1.05))), "steel", CHROME),
            _fixed(frame, "steel", (0.2, 0.2, 0.21)),
            _fixed(lamps, "window", HEADLIGHT),
        ),
        width=2.35,
        depth=6.15,
        height=3.0,
        material="paint",
        colours=PAINTS,
        kind="vehicle",
    )


def _bus() -> Shape:
    hull = box(size=(8.0, 2.4, 2.5), rounding=0.22, at=(0.0, 0.0, 1.65))
    row = grid(box(size=(0.92, 2.46, 0.82), rounding=0.06), axes="x", steps=(1.08,), counts=(6,))
    front = box(size=(0.12, 2.0, 1.05), rounding=0.05, at=(3.98, 0.0, 2.05))
    door = box(size=(0.85, 0.1, 1.75), rounding=0.04, at=(3.25, -1.2, 1.55))
    tyres, hubs = _wheels(radius=0.46, width=0.3, half_track=1.04, at=(2.4, -2.5))
    wells = _both(union(*(_disc(radius=0.56, width=0.5, at=(x, 1.1, 0.47)) for x in (2.4, -2.5))))
    lamps = _both(box(size=(0.1, 0.3, 0.2), rounding=0.05, at=(4.0, 0.85, 0.85)))
    stripe = box(size=(8.02, 2.44, 0.14), rounding=0.06, at=(0.0, 0.0, 1.28))
    bumper = box(size=(0.2, 2.3, 0.2), rounding=0.06, at=(4.0, 0.0, 0.52))
    return Shape(
        name="bus",
        parts=(
            Part(distance=_forward(subtract(hull, wells))),
            Part(
                distance=_forward(subtract(stripe, wells)), slot="accent", material="paint", colour=(0.12, 0.12, 0.13)
            ),
            _fixed(union(move(row, to=(-0.75, 0.0, 2.1)), front, door), "window"),
            _fixed(tyres, "rubber", TYRE),
            _fixed(union(hubs, bumper), "steel", CHROME),
            _fixed(lamps, "window", HEADLIGHT),
        ),
        width=2.5,
        depth=8.25,
        height=2.95,
        material="paint",
        colours=((0.93, 0.66, 0.07), (0.74, 0.10, 0.09), (0.12, 0.44, 0.47)),
        kind="vehicle",
    )


def _train() -> Shape:
    def lying(radius: float, length: float, x: float, z: float) -> Distance:
        return move(turn(cylinder(radius=radius, height=length, rounding=0.04), axis="y", degrees=90), to=(x, 0.0, z))

    boiler = lying(0.85, 4.2, 0.9, 2.0)
    front = union(lying(0.9, 0.5, 2.9, 2.0), lying(0.25, 0.2, 3.2, 2.0))
    bands = union(*(lying(0.875, 0.1, x, 2.0) for x in (-0.4, 0.8, 2.0)))
    cab = subtract(
        box(size=(1.9, 2.1, 2.6), rounding=0.05, at=(-2.1, 0.0, 2.2)),
        box(size=(1.1, 4.0, 0.9), rounding=0.08, at=(-2.1, 0.0, 2.7)),
    )
    roof = box(size=(2.3, 2.5, 0.16), rounding=0.06, at=(-2.1, 0.0, 3.55))
    chimney = union(
        move(cone(bottom=0.24, top=0.28, height=1.0), to=(2.4, 0.0, 2.75)),
        move(cone(bottom=0.28, top=0.46, height=0.45), to=(2.4, 0.0, 3.6)),
    )
    dome = union(sphere(radius=0.38, at=(0.6, 0.0, 2.9)), cylinder(radius=0.38, height=0.5, at=(0.6, 0.0, 2.7)))
    frame = box(size=(6.3, 1.5, 0.35), at=(0.0, 0.0, 0.98))
    tyres, hubs = _wheels(radius=0.62, width=0.2, half_track=0.85, at=(-2.3, -0.8, 0.6))
    little, little_hubs = _wheels(radius=0.4, width=0.2, half_track=0.85, at=(1.9, 2.8))
    rod = _both(box(size=(3.4, 0.1, 0.13), rounding=0.03, at=(-0.85, 0.99, 0.5)))
    catcher = prism(outline=[(2.9, 0.12), (3.75, 0.12), (3.1, 0.95), (2.9, 0.95)], depth=1.7)
    lamp = union(lying(0.2, 0.3, 3.15, 2.95), box(size=(0.2, 0.2, 0.3), at=(3.1, 0.0, 2.75)))
    glow = lying(0.16, 0.06, 3.31, 2.95)
    red = (0.72, 0.10, 0.08)
    return Shape(
        name="train",
        parts=(
            Part(distance=_forward(union(boiler, cab))),
            _fixed(union(front, chimney, frame), "paint", (0.08, 0.08, 0.09)),
            Part(distance=_forward(union(roof, catcher)), slot="accent", material="paint", colour=red),
            _fixed(union(tyres, little), "paint", red),
            _fixed(union(hubs, little_hubs, rod), "steel", CHROME),
            _fixed(union(bands, dome, lamp), "gold"),
            _fixed(glow, "window", HEADLIGHT),
        ),
        width=2.6,
        depth=7.6,
        height=4.1,
        material="paint",
        colours=((0.10, 0.26, 0.17), (0.14, 0.22, 0.38), (0.12, 0.12, 0.13)),
        kind="vehicle",
    )


VEHICLES = (_car(), _truck(), _bus(), _train())

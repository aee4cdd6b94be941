"""Bodies: things placed in the world, ready to be met by rays."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.finishes import FINISHES, Finish
from flora_mcp.studio.renderers.scene.graph import Colour, Material, Thing
from flora_mcp.studio.renderers.scene.grids import Grid
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.shapes.shape import Part, Shape
from flora_mcp.studio.renderers.scene.vectors import column, light
from flora_mcp.studio.renderers.scene.work import MEASURED, Work

_FEW_SHAPES = 5
"""With more of them in a scene, each is measured on a coarser grid."""
_SIMPLE_KINDS = ("prop", "food")


@dataclass(frozen=True, kw_only=True)
class Skin:
    """One part of a body: its distance, finish and colour as linear light."""

    part: Part
    material: Material
    finish: Finish
    colour: Floats


@dataclass(frozen=True, kw_only=True)
class Body:
    """The opaque or the clear parts of one thing, in a space of its own: unscaled, unturned, about the origin."""

    thing_number: int
    shape: Shape
    skins: tuple[Skin, ...]
    clear: bool
    position: Floats
    turn: Floats
    """Rotation from the body's space to the world, (3, 3)."""
    scale: float
    low: Floats
    high: Floats
    """Corners of the bounding box, in the body's space."""
    grid: Grid | None
    """Of intricate bodies; simple ones are measured faster than looked up."""
    work: Work

    def inwards(self, points: Floats) -> Floats:
        """Returns world points in the body's space."""
        local: Floats = (self.turn.T @ (points - self.position)) * np.float32(1.0 / self.scale)
        return local

    def distance(self, local: Floats) -> Floats:
        """Returns distances, in the body's space."""
        return self.exactly(local) if self.grid is None else self.grid.distance(local)

    def evenly(self, local: Floats) -> Floats:
        """Returns distances without a safety margin: what penumbras are measured by where bodies touch."""
        return self.exactly(local) if self.grid is None else self.grid.distance(local, careful=False)

    def roughly(self, local: Floats) -> Floats:
        """Returns distances that are good enough for soft shadows, from `blind` away from the skin on."""
        return self.exactly(local) if self.grid is None else self.grid.roughly(local)

    @property
    def blind(self) -> float:
        """How close to the skin rough distances say nothing, in the body's space."""
        return 0.0 if self.grid is None else 1.5 * self.grid.cell

    def exactly(self, local: Floats) -> Floats:
        """Returns distances at and close to the skin."""
        if self.grid is not None:
            return self.grid.measured(local)
        self.work.add(local.shape[1], MEASURED * len(self.skins))
        found = self.skins[0].part.distance(local)
        for skin in self.skins[1:]:
            found = np.minimum(found, skin.part.distance(local))
        return found

    def nearest_skin(self, local: Floats) -> NDArray[np.int16]:
        """Returns the number of the part that each point lies on."""
        if self.grid is not None:
            return self.grid.nearest(local)
        if len(self.skins) == 1:
            return np.zeros(local.shape[1], dtype=np.int16)
        self.work.add(local.shape[1], MEASURED * len(self.skins))
        best = self.skins[0].part.distance(local)
        number = np.zeros(best.shape, dtype=np.int16)
        for index, skin in enumerate(self.skins[1:], start=1):
            other = skin.part.distance(local)
            nearer = other < best
            number[nearer] = index
            best = np.minimum(best, other)
        return number

    def crossing(self, origin: Floats, direction: Floats, margin: float = 0.0) -> tuple[Floats, Floats]:
        """Returns where rays of the body's space enter and leave its box, grown by a margin."""
        with np.errstate(divide="ignore", invalid="ignore"):
            inverse = np.float32(1.0) / direction
            a = (self.low - np.float32(margin) - origin) * inverse
            b = (self.high + np.float32(margin) - origin) * inverse
        near, far = np.fmin(a, b), np.fmax(a, b)
        enter: Floats = np.fmax(np.fmax(near[0], near[1]), near[2])
        leave: Floats = np.fmin(np.fmin(far[0], far[1]), far[2])
        return np.maximum(enter, np.float32(0.0)), leave


def place(things: tuple[Thing, ...], shapes: dict[str, Shape], seed: int, work: Work) -> tuple[Body, ...]:
    """Returns the bodies of all things; the seed chooses the colours that they leave open.

    What measuring them takes is counted in `work`.
    """
    random = np.random.Generator(np.random.PCG64([0xB0D1, seed & 0xFFFFFFFF]))
    bodies: list[Body] = []
    grids: dict[tuple[str, tuple[bool, ...]], Grid | None] = {}
    many = len({thing.shape for thing in things}) > _FEW_SHAPES
    for number, thing in enumerate(things):
        shape = shapes[thing.shape]
        main = thing.colour or _chosen(shape.colours, random)
        accent = thing.accent or (_chosen(shape.accents, random) if shape.accents else main)
        skins = tuple(_skin(part, shape, thing, main, accent) for part in shape.parts)
        for clear in (False, True):
            chosen = tuple(skin for skin in skins if skin.finish.clear is clear)
            if chosen:
                # A bottle's grid holds its cork alone if the rest is glass, and all of it if it is steel.
                parts = shape.name, tuple(skin.finish.clear is clear for skin in skins)
                if parts not in grids:
                    grids[parts] = _grid(shape, chosen, work, many=many)
                bodies.append(_body(number, thing, shape, chosen, grids[parts], work))
    return tuple(bodies)


def subject_size(bodies: tuple[Body, ...]) -> float:
    """Returns how large the things are, in metres: what window, table and wall are measured by."""
    return max((max(b.shape.height, 0.45 * (b.shape.width + b.shape.depth)) * b.scale for b in bodies), default=1.0)


def _chosen(colours: tuple[Colour, ...], random: np.random.Generator) -> Colour:
    return colours[int(random.integers(len(colours)))]


def _skin(part: Part, shape: Shape, thing: Thing, main: Colour, accent: Colour) -> Skin:
    material = part.material or shape.material
    colour = part.colour
    if part.slot == "body":
        if thing.material is not None and part.material is None:
            material = thing.material
        own = FINISHES[material].colour
        given = thing.colour is not None
        # A material asked for by name brings its own colour, unless a colour was asked for too.
        if material != shape.material and own is not None and not given:
            colour = own
        elif given or colour is None:
            colour = main
    elif part.slot == "accent":
        colour = thing.accent or colour or accent
    else:
        colour = colour or FINISHES[material].colour or main
    return Skin(part=part, material=material, finish=FINISHES[material], colour=light(colour))


def _corners(shape: Shape) -> tuple[Floats, Floats]:
    half_width, half_depth = shape.width / 2, shape.depth / 2
    return column((-half_width, -half_depth, 0.0)), column((half_width, half_depth, shape.height))


def _grid(shape: Shape, skins: tuple[Skin, ...], work: Work, *, many: bool) -> Grid | None:
    if len(skins) == 1 and shape.kind in _SIMPLE_KINDS:
        return None
    low, high = _corners(shape)
    return Grid([skin.part.distance for skin in skins], low, high, work, one_of_many=many)


def _body(number: int, thing: Thing, shape: Shape, skins: tuple[Skin, ...], grid: Grid | None, work: Work) -> Body:
    angle = math.radians(thing.yaw_degrees)
    c, s = math.cos(angle), math.sin(angle)
    x, y, z = thing.position
    low, high = _corners(shape)
    return Body(
        thing_number=number,
        shape=shape,
        skins=skins,
        clear=skins[0].finish.clear,
        position=column((x, y, z + shape.floats * thing.scale)),
        turn=np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]], dtype=np.float32),
        scale=thing.scale,
        low=low,
        high=high,
        grid=grid,
        work=work,
    )

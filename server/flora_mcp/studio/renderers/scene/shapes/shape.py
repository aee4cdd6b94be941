"""A shape: what a noun looks like, as signed distances with materials.

Axes as in the scene graph: x right, y away from the viewer, z up, metres. A shape stands on z = 0, its middle
over the origin, its front towards -y; a handle points to +x.
"""

from dataclasses import dataclass
from typing import Literal

from flora_mcp.studio.renderers.scene.graph import Colour, Material
from flora_mcp.studio.renderers.scene.sdf import Distance

Slot = Literal["body", "accent", "fixed"]
"""What recolours a part: `body` takes a thing's material and colour, `accent` its accent, `fixed` nothing."""

Kind = Literal["prop", "food", "furniture", "plant", "creature", "vehicle", "building", "landform"]


@dataclass(frozen=True, kw_only=True)
class Part:
    """One solid of a shape, all of one material."""

    distance: Distance
    slot: Slot = "body"
    material: Material | None = None
    """None takes the material of the shape (or of the thing, in slot `body`)."""
    colour: Colour | None = None
    """None takes the colour of the thing or one of the colours of the shape."""


@dataclass(frozen=True, kw_only=True)
class Glow:
    """A point that lights its surroundings: a flame, a bulb."""

    position: tuple[float, float, float]
    colour: Colour = (1.0, 0.72, 0.4)
    power: float = 1.0
    """1 lights a white sheet half a metre away as brightly as the candle light of a scene does."""
    only_in_the_dark: bool = False


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What can be placed as a `Thing`."""

    name: str
    parts: tuple[Part, ...]
    width: float
    """Extent along x. The box of width, depth and height that stands over the origin must hold all parts."""
    depth: float
    height: float
    material: Material = "ceramic"
    colours: tuple[Colour, ...] = ((0.9, 0.88, 0.84),)
    """What the seed chooses the body's colour from."""
    accents: tuple[Colour, ...] = ()
    """What the seed chooses the accent from; empty: the accent is the body's colour."""
    kind: Kind = "prop"
    glows: tuple[Glow, ...] = ()
    floats: float = 0.0
    """How far above the surface it hangs by nature (a cloud, a balloon, the moon)."""

"""What every setting must answer to the shader."""

from dataclasses import dataclass
from typing import Protocol

from flora_mcp.studio.renderers.scene.sdf import Floats


@dataclass(frozen=True, kw_only=True)
class Footing:
    """The ground at some points."""

    colour: Floats
    """Linear, (3, N)."""
    normal: Floats
    """Unit, (3, N)."""
    roughness: float
    gloss: float
    """Share of light mirrored when seen straight on."""
    lit: Floats
    """Share of the main light that the setting itself lets through (window bars, clouds), (N,)."""
    deep: bool = False
    """Water: what is not mirrored is the colour of the depth, which no shadow falls on."""


class Surroundings(Protocol):
    """A setting: all that is not a body."""

    has_ground: bool

    def footing(self, points: Floats, distance: Floats) -> Footing:
        """Returns the ground at points (3, N) that are so far from the camera."""

    def ground_share(self, points: Floats, distance: Floats) -> Floats:
        """Returns how much of the ground is seen there, 1; 0 where the backdrop hides it."""

    def backdrop(self, direction: Floats) -> Floats:
        """Returns what the camera sees past all bodies and ground, (3, N)."""

    def mirrored(self, direction: Floats, roughness: float) -> Floats:
        """Returns what a skin mirrors from there, (3, N); rough skins see it blurred."""

    def lit(self, points: Floats) -> Floats:
        """Returns the share of the main light that reaches points in the air, (N,)."""

    def veil(self, light: Floats, distance: Floats, direction: Floats) -> Floats:
        """Returns light after so many metres of the setting's air."""

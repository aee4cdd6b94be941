"""What rays have met, and what they brought back, on its way through the shader."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.finishes import Finish
from flora_mcp.studio.renderers.scene.kin import Kin, Numbers
from flora_mcp.studio.renderers.scene.lighting import Spots
from flora_mcp.studio.renderers.scene.sdf import Floats

GROUND = -1
BACKDROP = -2


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What rays brought back."""

    light: Floats
    """Linear, (3, N)."""
    what: NDArray[np.int16]
    """Number of the body, `GROUND` or `BACKDROP`."""
    kind: NDArray[np.int16]
    """Number of the skin on that body."""
    normal: Floats
    far: Floats


@dataclass(frozen=True, kw_only=True)
class Sight:
    """Rays that meet bodies of one kin."""

    start: Floats
    direction: Floats
    bounce: int
    at: Numbers
    """Which of the rays."""


@dataclass(frozen=True, kw_only=True)
class Patch:
    """Rays that meet one skin of a kin."""

    kin: Kin
    kind: int
    at: Numbers
    """Which of the rays."""
    spots: Spots
    normal: Floats
    """The skin's, bumps and all."""
    lifted: Floats
    """Points a little above it, where light arrives."""

    @property
    def finish(self) -> Finish:
        """What the skin is made of."""
        return self.kin.body.skins[self.kind].finish


@dataclass(frozen=True, kw_only=True)
class Way:
    """Where rays leave clear bodies again, in the world, and how far they went within."""

    exit: Floats
    leaving: Floats
    path: Floats

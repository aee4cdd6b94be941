"""How much light reaches a place, and how much of the main light glints off it."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.kin import Crowd, Numbers
from flora_mcp.studio.renderers.scene.occlusion import Beam, shade
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import dot, normalised
from flora_mcp.studio.renderers.scene.world.rig import Point, Rig

_LEAST_SHADOW = 0.07
"""Light of a lamp from which on it casts shadows that are seen."""


@dataclass(frozen=True, kw_only=True)
class Spots:
    """Places on a skin or the ground that rays have met."""

    points: Floats
    direction: Floats
    """Of the rays that met them, unit, (3, N)."""
    normal: Floats
    local: Floats
    """The points in the body's space."""
    far: Floats
    """Distance that the rays went, (N,)."""
    bounce: int
    """How many mirrors the rays had met before."""
    member: Numbers
    """Which of the kin has been met, (N,)."""

    def only(self, at: NDArray[np.intp]) -> "Spots":
        """Returns some of the spots."""
        if at.size == self.far.size:
            return self
        return replace(
            self,
            points=self.points.take(at, axis=1),
            direction=self.direction.take(at, axis=1),
            normal=self.normal.take(at, axis=1),
            local=self.local.take(at, axis=1),
            far=self.far[at],
            member=self.member[at],
        )

    @property
    def facing(self) -> Floats:
        """Cosine between the normal and the way back to the eye, (N,)."""
        cosine: Floats = np.clip(-dot(self.direction, self.normal), 0.0, 1.0)
        return cosine


class Lighting:
    """The lights of a scene and the bodies that stand in their way."""

    def __init__(self, *, crowd: Crowd, rig: Rig) -> None:
        self._crowd = crowd
        self._rig = rig

    @property
    def lamp_count(self) -> int:
        """How many lights there are besides the main one."""
        return len(self._rig.points)

    def shares(
        self,
        points: Floats,
        normal: Floats,
        *,
        wrap: Floats | float = 0.0,
        contact: bool = False,
        glimpsed: bool = False,
    ) -> list[Floats]:
        """Returns how much of the main light, then of each lamp, gets past all bodies, each (N,).

        `contact` is for points that bodies stand on; see `occlusion.shade`. If only `glimpsed` in a
        mirror or through glass, points are shaded from one lamp at most.
        """
        rig = self._rig
        found = []
        key = np.ones(points.shape[1], dtype=np.float32)
        # A faint main light casts no shadow that anyone would see.
        if float(rig.key_colour.max()) > 0.15:
            at = np.flatnonzero(dot(rig.key_towards, normal) > -wrap)
            if at.size:
                beam = Beam(towards=rig.key_towards, hardness=rig.key_hardness)
                key[at] = shade(self._crowd, points.take(at, axis=1), beam, contact=contact)
        found.append(key)
        for number, lamp in enumerate(rig.points):
            share = np.ones(points.shape[1], dtype=np.float32)
            if glimpsed and number:
                found.append(share)
                continue
            towards, distance, arriving = _reaching(lamp, points, normal, wrap)
            at = np.flatnonzero(arriving > _LEAST_SHADOW / max(float(lamp.colour.max()), 1e-6))
            if at.size:
                # Short of the flame itself, or its own wick would hide it.
                reach = np.maximum(distance[at] - np.float32(0.12 * lamp.unit), 0.0)
                beam = Beam(towards=towards.take(at, axis=1), hardness=9.0, reach=reach, source=lamp.position)
                passed = shade(self._crowd, points.take(at, axis=1), beam, contact=contact)
                # Wax and leaves glow through where a lamp stands behind their rim.
                glow = np.minimum(np.broadcast_to(np.float32(1.7) * wrap, share.shape)[at], np.float32(0.9))
                share[at] = 1.0 - (1.0 - passed) * (1.0 - glow)
            found.append(share)
        return found

    def arriving(
        self,
        points: Floats,
        normal: Floats,
        shares: list[Floats],
        *,
        lit: Floats,
        sky: Floats,
        wrap: Floats | float = 0.0,
    ) -> Floats:
        """Returns the light that falls on a matt skin, (3, N).

        Args:
            points: Where, a little above the skin.
            normal: The skin's, unit.
            shares: What `shares` found there.
            lit: Share of the main light that the setting lets through, (N,).
            sky: How open the surroundings are, (N,).
            wrap: How far light creeps around the edge of shadow, (N,) or one for all.
        """
        rig = self._rig
        up = np.float32(0.5) + np.float32(0.5) * normal[2]
        towards = dot(rig.key_towards, normal)
        aside = np.clip(0.35 + 0.65 * towards, 0.0, 1.0)
        total = (rig.below * (1.0 - up) + rig.above * up + rig.side * (aside * aside)) * sky
        facing = np.clip((towards + wrap) / (1.0 + wrap), 0.0, 1.0)
        total = total + rig.key_colour * (facing * lit * shares[0])
        for lamp, share in zip(rig.points, shares[1:], strict=True):
            _, _, reaching = _reaching(lamp, points, normal, wrap)
            total = total + lamp.colour * (reaching * share)
        return np.asarray(total, dtype=np.float32)

    def glint(self, normal: Floats, direction: Floats, roughness: float) -> Floats:
        """Returns how much of the main light a skin throws into the eye, (N,)."""
        half = normalised(self._rig.key_towards - direction)
        cosine = np.clip(dot(normal, half), 0.0, 1.0)
        a = np.float32(max(roughness * roughness, 0.004))
        below = cosine * cosine * (a * a - 1.0) + 1.0
        glint: Floats = np.minimum(a * a / (4.0 * below * below), 60.0)
        return glint


def _reaching(lamp: Point, points: Floats, normal: Floats, wrap: Floats | float) -> tuple[Floats, Floats, Floats]:
    """Returns the ways to a lamp, their lengths, and how strongly it would light the points."""
    away = lamp.position - points
    squared = dot(away, away)
    distance = np.sqrt(squared)
    towards = away / np.maximum(distance, np.float32(1e-6))
    facing = np.clip((dot(towards, normal) + wrap) / (1.0 + wrap), 0.0, 1.0)
    return towards, distance, facing / (0.12 + squared / np.float32(lamp.unit * lamp.unit))

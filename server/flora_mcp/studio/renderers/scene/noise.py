"""Seeded smooth noise in two and three dimensions, looked up in small tables."""

import numpy as np

from flora_mcp.studio.renderers.scene.sdf import Floats

_SIDE2 = 256
_SIDE3 = 32


class Noise:
    """Endless noise between 0 and 1 that depends on its seed alone."""

    def __init__(self, seed: int) -> None:
        random = np.random.Generator(np.random.PCG64([0x50C7, seed & 0xFFFFFFFF]))
        flat = random.random((_SIDE2,) * 2, dtype=np.float32)
        solid = random.random((_SIDE3,) * 3, dtype=np.float32)
        self._flat = _corners(np.pad(flat, [(0, 1)] * 2, mode="wrap"))
        self._solid = _corners(np.pad(solid, [(0, 1)] * 3, mode="wrap"))

    def flat(self, u: Floats, v: Floats) -> Floats:
        """Returns noise over the plane; one bump per unit."""
        whole_u, whole_v = np.floor(u), np.floor(v)
        fu, fv = _eased(u - whole_u), _eased(v - whole_v)
        row = (whole_v.astype(np.int32) & np.int32(_SIDE2 - 1)) * np.int32(_SIDE2 + 1)
        at = (row + (whole_u.astype(np.int32) & np.int32(_SIDE2 - 1))).astype(np.intp)
        low, high = self._flat[0].take(at), self._flat[2].take(at)
        low += (self._flat[1].take(at) - low) * fu
        high += (self._flat[3].take(at) - high) * fu
        low += (high - low) * fv
        return low

    def fractal(self, u: Floats, v: Floats, *, octaves: int, gain: float = 0.5) -> Floats:
        """Returns a sum of ever finer noise over the plane, still 0 to 1 and 0.5 on average."""
        total: Floats = np.zeros(u.shape, dtype=np.float32)
        weight, scale = 0.0, 1.0
        share = 1.0
        for octave in range(octaves):
            turned_u, turned_v = _turned(u, v, octave)
            total += self.flat(turned_u * np.float32(scale), turned_v * np.float32(scale)) * np.float32(share)
            weight += share
            share *= gain
            scale *= 2.03
        mean: Floats = total * np.float32(1.0 / weight)
        return mean

    def solid(self, points: Floats) -> Floats:
        """Returns noise through space; one bump per unit."""
        whole = np.floor(points)
        fx, fy, fz = _eased(points - whole)
        x, y, z = whole.astype(np.int32) & np.int32(_SIDE3 - 1)
        at = ((z * np.int32(_SIDE3 + 1) + y) * np.int32(_SIDE3 + 1) + x).astype(np.intp)
        planes = []
        for corner in (0, 4):
            low, high = self._solid[corner].take(at), self._solid[corner + 2].take(at)
            low += (self._solid[corner + 1].take(at) - low) * fx
            high += (self._solid[corner + 3].take(at) - high) * fx
            low += (high - low) * fy
            planes.append(low)
        bottom, top = planes
        between: Floats = bottom + (top - bottom) * fz
        return between


def _corners(table: Floats) -> tuple[Floats, ...]:
    """Returns a view for each corner of a cell, all of them looked up with the number of the first."""
    steps = [0]
    for axis in reversed(range(table.ndim)):
        steps += [step + int(np.prod(table.shape[axis + 1 :])) for step in steps]
    return tuple(table.ravel()[step:] for step in steps)


def _eased(t: Floats) -> Floats:
    eased: Floats = t * t * (np.float32(3.0) - np.float32(2.0) * t)
    return eased


def _turned(u: Floats, v: Floats, octave: int) -> tuple[Floats, Floats]:
    """Turns and shifts the plane, so that octaves do not line up into a visible lattice."""
    if octave == 0:
        return u, v
    c, s = np.float32(0.8), np.float32(0.6)
    shift = np.float32(17.3 * octave)
    return (u * c - v * s + shift, u * s + v * c - shift) if octave % 2 else (u + shift, v - shift)

"""Seeded smooth noise in two and three dimensions, looked up in small tables."""

import numpy as np

from flora_mcp.studio.renderers.scene.sdf import Floats

_SIDE2 = 256
_SIDE3 = 32


class Noise:
    """Endless noise between 0 and 1 that depends on its seed alone."""

    def __init__(self, seed: int) -> None:
        random = np.random.Generator(np.random.PCG64([0x50C7, seed & 0xFFFFFFFF]))
        self._flat = random.random(_SIDE2 * _SIDE2, dtype=np.float32)
        self._solid = random.random(_SIDE3**3, dtype=np.float32)

    def flat(self, u: Floats, v: Floats) -> Floats:
        """Returns noise over the plane; one bump per unit."""
        whole_u, whole_v = np.floor(u), np.floor(v)
        fu, fv = _eased(u - whole_u), _eased(v - whole_v)
        i0 = whole_u.astype(np.intp) & (_SIDE2 - 1)
        j0 = (whole_v.astype(np.intp) & (_SIDE2 - 1)) * _SIDE2
        i1, j1 = (i0 + 1) & (_SIDE2 - 1), (j0 + _SIDE2) & (_SIDE2 * _SIDE2 - 1)
        take = self._flat.take
        low, high = take(i0 + j0), take(i0 + j1)
        low += (take(i1 + j0) - low) * fu
        high += (take(i1 + j1) - high) * fu
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
        f = _eased(points - whole)
        mask = _SIDE3 - 1
        i = whole.astype(np.intp) & mask
        x0, y0, z0 = i[0], i[1] * _SIDE3, i[2] * (_SIDE3 * _SIDE3)
        j = (i + 1) & mask
        x1, y1, z1 = j[0], j[1] * _SIDE3, j[2] * (_SIDE3 * _SIDE3)
        take, fx, fy, fz = self._solid.take, f[0], f[1], f[2]
        planes = []
        for z in (z0, z1):
            near, far = y0 + z, y1 + z
            low, high = take(x0 + near), take(x0 + far)
            low += (take(x1 + near) - low) * fx
            high += (take(x1 + far) - high) * fx
            low += (high - low) * fy
            planes.append(low)
        bottom, top = planes
        between: Floats = bottom + (top - bottom) * fz
        return between


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

"""The plate: rays where they show most, until the work that a picture may take is done."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.camera import View
from flora_mcp.studio.renderers.scene.film import developed
from flora_mcp.studio.renderers.scene.lattice import blend, contrast_between, repeat
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.shading import GROUND, Seen, Shader
from flora_mcp.studio.renderers.scene.vectors import luminance

RAYS_A_BAND = 49152
"""Small enough that the arrays of a band stay in the processor's cache."""
_LEAST_CONTRAST = 0.085
"""Difference of brightness (a square root of light) at which the sides of an outline are an edge."""
_LEAST_CREASE = 0.2
"""The same for a crease or a change of brightness."""
_LEAST_BETWEEN = 0.02
"""Difference of neighbours at which a pixel between them is looked at instead of taken for their mean."""
_GROUND_BETWEEN = 0.3
"""What is taken for that difference on the ground."""
_COARSE = 0.6
"""Share of the work that a picture may take, for one that cannot be looked at whole: its small bands are slow."""
_DIFFERENT = 4.0
"""Work of a pixel that differs from its neighbours, over that of the average."""
_FIRST = 4096
"""Pixels that tell how much work others like them will be."""
_SPARING = 2.0
"""How many times too much work a picture must be to lose the shadows that show least."""
_WHITE = np.float32(2.2)
"""Exposed light above which it spills into its surroundings."""
_BLOCK = 4
"""Side of the blocks of pixels whose rays start together."""
_TILE = 128
"""Side of the tiles of pixels that are looked at together: what is far from all of a tile is soon ruled out."""
_PROBE = 12
"""Pixels between those that tell how much work the others will be."""
_CORNERS = ((-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25))
"""Where the finer rays of a pixel on an outline go."""
_DIAGONAL = _CORNERS[::3]
"""Where they go on a crease or a change of brightness: leaves and waves have thousands, and steps show less."""
_FINER = 1.25
"""Work of a picture with finer rays on its edges, over that without."""


class Plate:
    """The picture while it is being exposed."""

    def __init__(self, view: View, shader: Shader, exposure: float, most: int) -> None:
        """Takes what to look with, and `most`, the work after which nothing finer is begun."""
        self._view, self._shader, self._exposure, self._most = view, shader, exposure, most
        self._shape = (view.height_px, view.width_px)
        count = view.width_px * view.height_px
        self._band = int(np.clip(count // 12, 4096, RAYS_A_BAND))
        self.values = np.zeros((3, count), dtype=np.float32)
        """What the film shows, 0 to 1."""
        self.excess = np.zeros((3, count), dtype=np.float32)
        """Light that the film is too slow for."""
        self._what = np.zeros(count, dtype=np.int16)
        self._normal = np.zeros((3, count), dtype=np.float32)
        self._far = np.zeros(count, dtype=np.float32)
        self._known = np.zeros(count, dtype=np.bool_)
        self._approached = np.zeros(0, dtype=np.float32)
        self._each = 0.0
        """Work of a pixel, on average."""

    def expose(self, progress: Callable[[float], None]) -> None:
        """Looks at every pixel, or at enough of them, and with finer rays at edges."""
        work = self._shader.work
        self._approached = self._approach()
        before = work.mark()
        probe = self._lattice(_PROBE)
        self._show(probe)
        times = self._known.size / probe.size
        # A band of neighbours makes fewer calls than the probe, which sees every body.
        whole = work.since(before, times, max(0.5 * self._known.size / self._band, 1.0))
        self._each = whole / self._known.size
        if work.done + whole * _FINER <= self._most:
            self._show(self._lattice(1), progress)
        else:
            self._most = int(_COARSE * self._most)
            self._expose_some(whole, progress)
        progress(0.70)
        self._refine(progress)

    def _expose_some(self, whole: float, progress: Callable[[float], None]) -> None:
        """Looks at a lattice of pixels, and at those between where they differ; `whole` is the work of them all."""
        work, left = self._shader.work, self._most - self._shader.work.done
        step = 2 if whole / 4.0 <= 0.5 * left else 4
        if whole > _SPARING * left:
            self._shader.spare()
        # Long bands, because with many bodies much of the work is calls.
        self._band *= 2
        before, lattice = work.mark(), self._lattice(step)
        self._show(lattice, progress)
        self._each = work.since(before, 1.0, 0.5) / lattice.size
        while step > 1:
            step //= 2
            self._fill(step, self._most - int(left * (0.2 if step == 1 else 0.3)))

    def _lattice(self, step: int) -> NDArray[np.intp]:
        """Returns the pixels of every so many rows and columns that have not been looked at, tile by tile."""
        high, wide = self._shape
        rows, columns = np.arange(0, high, step), np.arange(0, wide, step)
        at = (rows[:, None] * wide + columns[None, :]).ravel()
        return self._tiled(at[~self._known[at]])

    def _tiled(self, at: NDArray[np.intp]) -> NDArray[np.intp]:
        wide = self._shape[1]
        tile = at // wide // _TILE * (wide // _TILE + 1) + at % wide // _TILE
        return at[np.argsort(tile, kind="stable")]

    def _show(self, at: NDArray[np.intp], progress: Callable[[float], None] = lambda _: None) -> None:
        """Looks at pixels, in their order."""
        wide = self._shape[1]
        for start in range(0, at.size, self._band):
            part = at[start : start + self._band]
            seen = self._look(part % wide + np.float32(0.5), part // wide + np.float32(0.5), self._cleared(part))
            self.values[:, part] = developed(seen.light, self._exposure)
            self.excess[:, part] = np.minimum(np.maximum(seen.light * self._exposure - _WHITE, 0.0), 8.0)
            self._what[part] = seen.what * np.int16(64) + seen.kind
            self._normal[:, part], self._far[part] = seen.normal, seen.far
            self._known[part] = True
            progress(0.25 + 0.45 * min(start + self._band, at.size) / at.size)

    def _fill(self, step: int, until: int) -> None:
        """Looks at pixels half way between known ones where these differ, first where most; means do elsewhere."""
        across, _ = self._differences(1, 2 * step)
        down, _ = self._differences(0, 2 * step)
        high, wide = self._shape
        shape = (len(range(0, high, step)), len(range(0, wide, step)))
        between = contrast_between(across, down, shape)
        known = {plane: self._plane(plane)[..., ::step, ::step].copy() for plane in ("values", "excess")}
        seen = self._known.reshape(self._shape)[::step, ::step].copy()
        for name in ("values", "excess"):
            plane = self._plane(name)[..., ::step, ::step]
            blend(plane)
            plane[..., seen] = known[name][..., seen]
        for array in (self._what, self._far, self._normal):
            plane = array.reshape(*array.shape[:-1], *self._shape)[..., ::step, ::step]
            kept = plane[..., seen]
            repeat(plane)
            plane[..., seen] = kept
        # Ground costs little, and joints and grass are finer than the lattice.
        ground = self._what.reshape(self._shape)[::step, ::step] == np.int16(GROUND * 64)
        between[ground] = np.maximum(between[ground], np.float32(_GROUND_BETWEEN))
        rows, columns = np.nonzero((between > _LEAST_BETWEEN) & ~seen)
        at = rows * step * wide + columns * step
        self._spend(at, between[rows, columns], until, self._show, 1)

    def _spend(
        self, at: NDArray[np.intp], contrast: Floats, until: int, look: Callable[[NDArray[np.intp]], None], rays: int
    ) -> None:
        """Looks at as many pixels as work is left for, those of the most contrast first."""
        work = self._shader.work
        at = at[np.argsort(-contrast, kind="stable")]
        # What differs is several times the work of the average. Where that may be too much, some must tell how much.
        few = int((until - work.done) / (_DIFFERENT * self._each * rays))
        first = at.size if at.size <= few else min(few // 2, _FIRST)
        if first <= 0:
            return
        before = work.mark()
        look(self._tiled(np.sort(at[:first])))
        each = work.since(before, 1.0, min(first * rays / self._band, 1.0)) / first
        last = first + max(int((until - work.done) / each), 0)
        if last > first < at.size:
            look(self._tiled(np.sort(at[first:last])))

    def _plane(self, name: str) -> Floats:
        array: Floats = getattr(self, name)
        return array.reshape(*array.shape[:-1], *self._shape)

    def _approach(self) -> Floats:
        """Returns how far nothing is met, for blocks of pixels."""
        high, wide = (-(-side // _BLOCK) for side in self._shape)
        at = np.arange(wide * high)
        x = ((at % wide + 0.5) * _BLOCK).astype(np.float32)
        y = ((at // wide + 0.5) * _BLOCK).astype(np.float32)
        return self._shader.approached(self._view.rays(x, y), 0.75 * _BLOCK * self._view.pixel)

    def _cleared(self, at: NDArray[np.intp]) -> Floats:
        """Returns the distance before which pixels are known to meet nothing."""
        wide = self._shape[1]
        blocks = -(-wide // _BLOCK)
        cleared: Floats = self._approached.take((at // wide // _BLOCK) * blocks + at % wide // _BLOCK)
        return cleared * np.float32(0.998)

    def _look(self, column_px: Floats, row_px: Floats, beyond: Floats) -> Seen:
        direction = self._view.rays(column_px.astype(np.float32), row_px.astype(np.float32))
        return self._shader.look(self._view.origin, direction, beyond=beyond)

    def _refine(self, progress: Callable[[float], None]) -> None:
        """Looks at edges with finer rays, first where they show most, as far as work is left."""
        contrast, outline = self._edges()
        nearest = self._nearest()
        creases = ~outline & (contrast > _LEAST_CREASE)
        outlines = outline & (contrast > _LEAST_CONTRAST)
        for rough, offsets, end in ((outlines, _CORNERS, 0.83), (creases, _DIAGONAL, 0.95)):
            at = np.flatnonzero(rough)

            def closer(some: NDArray[np.intp], offsets: Sequence[tuple[float, float]] = offsets) -> None:
                self._look_closer(some, nearest, offsets)

            self._spend(at, contrast[at], self._most, closer, len(offsets))
            progress(end)

    def _look_closer(self, at: NDArray[np.intp], nearest: Floats, offsets: Sequence[tuple[float, float]]) -> None:
        """Replaces pixels by the mean of finer ones."""
        wide, size = self._shape[1], self._band // len(offsets)
        for start in range(0, at.size, size):
            part = at[start : start + size]
            x = np.concatenate([part % wide + 0.5 + dx for dx, _ in offsets])
            y = np.concatenate([part // wide + 0.5 + dy for _, dy in offsets])
            beyond = np.maximum(nearest[part], self._cleared(part))
            fine = developed(self._look(x, y, np.tile(beyond, len(offsets))).light, self._exposure)
            self.values[:, part] = fine.reshape(3, len(offsets), part.size).mean(axis=1)

    def _nearest(self) -> Floats:
        """Returns how far around each pixel nothing was met, a little less to be safe."""
        far = self._far.reshape(self._shape)
        for axis in (0, 1):
            padded = np.pad(far, [(1, 1), (0, 0)] if axis == 0 else [(0, 0), (1, 1)], mode="edge")
            a, b = (padded[:-2], padded[2:]) if axis == 0 else (padded[:, :-2], padded[:, 2:])
            far = np.minimum(np.minimum(a, b), far)
        nearest: Floats = far.ravel() * np.float32(0.985)
        return nearest

    def _edges(self) -> tuple[Floats, NDArray[np.bool_]]:
        """Returns how visibly each pixel differs from a neighbour, and whether in body or depth."""
        contrast = np.zeros(self._shape, dtype=np.float32)
        outline = np.zeros(self._shape, dtype=np.bool_)
        for axis in (0, 1):
            differs, apart = self._differences(axis, 1)
            for side in _sides(axis):
                contrast[side] = np.maximum(contrast[side], differs)
                outline[side] |= apart
        return contrast.ravel(), outline.ravel()

    def _differences(self, axis: int, step: int) -> tuple[Floats, NDArray[np.bool_]]:
        """Returns how visibly pixels so far apart along an axis differ, and whether in body or depth."""
        pick = (slice(None, None, step), slice(None, None, step))
        what = self._what.reshape(self._shape)[pick]
        far = np.log(np.minimum(self._far.reshape(self._shape)[pick], 1e5))
        normal = self._normal.reshape(3, *self._shape)[:, *pick]
        bright = np.sqrt(luminance(self.values.reshape(3, *self._shape)[:, *pick]))
        a, b = _sides(axis)
        body = (what[a] >= 0) | (what[b] >= 0)
        bend = (normal[:, *a] * normal[:, *b]).sum(axis=0)
        shift = np.abs(bright[a] - bright[b])
        apart = (what[a] != what[b]) | (body & (np.abs(far[a] - far[b]) > 0.03 * step))
        # An edge that cannot be seen needs no finer rays; a faint one needs them less than a strong one.
        return np.where(apart | (body & (bend < 0.90)), shift * 2.5 + np.float32(0.06), shift), apart


def _sides(axis: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
    """Returns the pixels that have a neighbour after them along an axis, and those neighbours."""
    every, first, rest = slice(None), slice(None, -1), slice(1, None)
    return ((first, every), (rest, every)) if axis == 0 else ((every, first), (every, rest))

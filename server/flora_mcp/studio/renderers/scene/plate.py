"""The plate: rays where they show most, until the work that a picture may take is done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.camera import View
from flora_mcp.studio.renderers.scene.film import developed
from flora_mcp.studio.renderers.scene.lattice import blend, contrast_between, repeat, spread
from flora_mcp.studio.renderers.scene.marching import FAR
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.shading import Shader
from flora_mcp.studio.renderers.scene.sights import Seen
from flora_mcp.studio.renderers.scene.vectors import luminance

RAYS_A_BAND = 131072
"""Large enough that numpy's calls take less time than their points."""
_LEAST_CONTRAST = 0.085
"""Difference of brightness (a square root of light) at which the sides of an outline are an edge."""
_LEAST_CREASE = 0.2
"""The same for a crease or a change of brightness."""
_LEAST_BETWEEN = 0.02
"""Difference of neighbours at which a pixel between them is looked at instead of taken for their mean."""
_DIFFERENT = 1.4
"""Work of pixels that differ from their neighbours, over that of others near bodies, as long as nothing is known."""
_PLANNED = 0.96
"""Share of the work allowed that is planned for: plans are a little off."""
_FIRST, _NEXT = 0.6, 0.85
"""Shares of the work left that may be planned for, before and after some pixels have told how much they are."""
_WORTH = 512
"""Pixels that are worth the calls of a band."""
_OWN = 0.4
"""Share that a pixel keeps when an edge is softened."""
_WHITE = np.float32(2.2)
"""Exposed light above which it spills into its surroundings."""
_BLOCK = 4
"""Side of the blocks of pixels whose rays start together."""
_TILE = 128
"""Side of the tiles of pixels that are looked at together: what is far from all of a tile is soon ruled out."""
_STEP = 4
"""Pixels between those that are looked at first, and tell how much work the others will be."""
_CORNERS = ((-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25))
"""Where the finer rays of a pixel on an outline go."""
_DIAGONAL = _CORNERS[::3]
"""Where they go on a crease or a change of brightness: leaves and waves have thousands, and steps show less."""
_REFINED = 1.2
"""Work of a picture with finer rays on its edges, over that without."""
_FOR_EMPTY, _FOR_LATTICE = 0.5, 0.4
"""Shares of the work left that may go into all pixels without bodies, and then into every second one with."""
_NEIGHBOURS = 0.6
"""Calls of a band of neighbours, over those of pixels from everywhere, which see every body."""
_KEPT = 0.15
"""Share of the work left for finer rays when pixels are filled in."""


@dataclass(frozen=True, kw_only=True)
class _Price:
    """What looking at pixels of a sort takes."""

    pixel: float
    band: float
    """Of the calls of a band."""

    def of(self, count: int, band: int) -> float:
        """Returns the work of so many neighbours in bands of that size."""
        return count * self.pixel + self.band * max(_NEIGHBOURS * count / band, 1.0)


class Plate:
    """The picture while it is being exposed."""

    def __init__(self, view: View, shader: Shader, exposure: float, most: int) -> None:
        """Takes what to look with, and `most`, the work that the picture may take."""
        self._view, self._shader, self._exposure = view, shader, exposure
        self._most = int(_PLANNED * most)
        self._shape = (view.height_px, view.width_px)
        count = view.width_px * view.height_px
        self._band = int(np.clip(count // 4, 4096, RAYS_A_BAND))
        self.values = np.zeros((3, count), dtype=np.float32)
        """What the film shows, 0 to 1."""
        self.excess = np.zeros((3, count), dtype=np.float32)
        """Light that the film is too slow for."""
        self._what = np.zeros(count, dtype=np.int16)
        self._normal = np.zeros((3, count), dtype=np.float32)
        self._far = np.zeros(count, dtype=np.float32)
        self._known = np.zeros(count, dtype=np.bool_)
        self._approached = np.zeros(0, dtype=np.float32)
        self._empty = np.zeros(count, dtype=np.bool_)
        """Pixels that can meet no body."""
        self._price = _Price(pixel=0.0, band=0.0)
        """Work of those that can."""

    def expose(self, progress: Callable[[float], None]) -> None:
        """Looks at every pixel, or at enough of them, and with finer rays at edges."""
        self._approached = self._approach()
        self._empty = self._cleared(np.arange(self._known.size)) > np.float32(0.9) * FAR
        self._expose(progress)
        progress(0.70)
        self._refine(progress)

    def _expose(self, progress: Callable[[float], None]) -> None:
        """Looks at a lattice of pixels, then at all between, or at what is cheap, and then at those that differ."""
        work = self._shader.work
        empty, crowded = self._empty, ~self._empty
        price = self._priced(self._lattice(_STEP, empty), progress)
        # Where bodies may be met, pixels are many times the work, but few of them are hardly less than more.
        step = _STEP if np.count_nonzero(crowded) > 2 * self._band else 2
        self._price = self._priced(self._lattice(step, crowded), progress) if crowded.any() else price
        left = self._most - work.done
        of_empty = price.of(int(np.count_nonzero(empty & ~self._known)), self._band)
        if _REFINED * (of_empty + self._price.of(int(np.count_nonzero(crowded & ~self._known)), self._band)) <= left:
            self._show(self._lattice(1, ~self._known), progress)
            return
        if of_empty <= _FOR_EMPTY * left:
            self._show(self._lattice(1, empty), progress)
        left = self._most - work.done
        if step > 2 and self._price.of(int(np.count_nonzero(crowded)) // 4, self._band) <= _FOR_LATTICE * left:
            self._price = self._priced(self._lattice(2, crowded), progress)
        self._fill(self._most - int(_KEPT * left))

    def _priced(self, at: NDArray[np.intp], progress: Callable[[float], None]) -> "_Price":
        """Looks at pixels, and returns what others like them would take."""
        work = self._shader.work
        before = work.mark()
        self._show(at, progress)
        return _Price(
            pixel=work.since(before, 1.0, 0.0) / max(at.size, 1),
            band=work.since(before, 0.0, 1.0) / max(at.size / self._band, 1.0),
        )

    def _lattice(self, step: int, some: NDArray[np.bool_]) -> NDArray[np.intp]:
        """Returns those pixels of every so many rows and columns that have not been looked at, tile by tile."""
        high, wide = self._shape
        rows, columns = np.arange(0, high, step), np.arange(0, wide, step)
        at = (rows[:, None] * wide + columns[None, :]).ravel()
        return self._tiled(at[some[at] & ~self._known[at]])

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
            progress(0.25 + 0.45 * np.count_nonzero(self._known) / self._known.size)

    def _fill(self, until: int) -> None:
        """Looks at pixels between known ones where these differ, first where most; means do elsewhere."""
        between: Floats | None = None
        seen = self._known.reshape(self._shape)
        step = _STEP
        while step > 1:
            (across, _), (down, _) = self._differences(1, step), self._differences(0, step)
            step //= 2
            sure = seen[::step, ::step]
            finer = contrast_between(across, down, (sure.shape[0], sure.shape[1]))
            between = finer if between is None else np.maximum(finer, spread(between, finer.shape))
            between[sure] = 0.0
            for array in (self.values, self.excess, self._what, self._far, self._normal):
                plane = array.reshape(*array.shape[:-1], *self._shape)[..., ::step, ::step]
                kept = plane[..., sure]
                (blend if array is self.values or array is self.excess else repeat)(plane)
                plane[..., sure] = kept
        assert between is not None
        at = np.flatnonzero((between > _LEAST_BETWEEN) & ~seen)
        self._spend(at, between.ravel()[at], until, self._show, 1)

    def _spend(
        self, at: NDArray[np.intp], contrast: Floats, until: int, look: Callable[[NDArray[np.intp]], None], rays: int
    ) -> NDArray[np.intp]:
        """Looks at as many pixels as work is left for, those of the most contrast first, and returns the others."""
        work = self._shader.work
        at = at[np.argsort(-contrast, kind="stable")]
        # What differs takes more work than the average; how much more, a part of it must tell.
        each = _DIFFERENT * self._price.pixel * rays
        calls, share = _DIFFERENT * self._price.band, _FIRST
        while at.size:
            left = share * (until - work.done)
            few = (left - calls) / each
            if few * rays > self._band:
                few = left / (each + calls * rays / self._band)
            few = min(int(few), at.size)
            if few < min(_WORTH, at.size):
                break
            before = work.mark()
            look(self._tiled(np.sort(at[:few])))
            each = max(work.since(before, 1.0, 0.0) / few, self._price.pixel * rays)
            calls = max(work.since(before, 0.0, 1.0) / max(few * rays / self._band, 1.0), self._price.band)
            at, share = at[few:], _NEXT
        return at

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

            jagged = self._spend(at, contrast[at], self._most, closer, len(offsets))
            self._soften(jagged)
            progress(end)

    def _soften(self, at: NDArray[np.intp]) -> None:
        """Mixes pixels on edges that no finer rays were left for with what is around them: steps show less."""
        high, wide = self._shape
        row, column = at // wide, at % wide
        above, below = np.maximum(row - 1, 0) * wide + column, np.minimum(row + 1, high - 1) * wide + column
        left, right = row * wide + np.maximum(column - 1, 0), row * wide + np.minimum(column + 1, wide - 1)
        take = self.values.take
        around = take(above, axis=1) + take(below, axis=1) + take(left, axis=1) + take(right, axis=1)
        self.values[:, at] = take(at, axis=1) * np.float32(_OWN) + around * np.float32((1.0 - _OWN) / 4.0)

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

"""Painting a scene: bands of rays, finer ones at edges, then film."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.bodies import place, subject_size
from flora_mcp.studio.renderers.scene.camera import View, frame
from flora_mcp.studio.renderers.scene.film import developed, graded, spilled, vignette
from flora_mcp.studio.renderers.scene.graph import INDOORS, Scene
from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.shading import Seen, Shader
from flora_mcp.studio.renderers.scene.shapes import SHAPES
from flora_mcp.studio.renderers.scene.vectors import luminance
from flora_mcp.studio.renderers.scene.world.indoors import Indoors, surface_colour
from flora_mcp.studio.renderers.scene.world.outdoors import Outdoors, ground_mean
from flora_mcp.studio.renderers.scene.world.rig import rig
from flora_mcp.studio.renderers.scene.world.surroundings import Surroundings

_RAYS_A_BAND = 49152
"""Small enough that the arrays of a band stay in the processor's cache."""
_LEAST_CONTRAST = 0.085
"""Difference of brightness (a square root of light) at which the sides of an outline are an edge."""
_LEAST_CREASE = 0.2
"""The same for a crease or a change of brightness."""
_WHITE = np.float32(2.2)
"""Exposed light above which it spills into its surroundings."""
_BLOCK = 4
"""Side of the blocks of pixels whose rays start together."""
_CORNERS = ((-0.25, -0.25), (0.25, -0.25), (-0.25, 0.25), (0.25, 0.25))
"""Where the finer rays of a pixel on an outline go."""
_DIAGONAL = _CORNERS[::3]
"""Where they go on a crease or a change of brightness: leaves and waves have thousands, and steps show less."""


def paint(scene: Scene, progress: Callable[[float], None]) -> NDArray[np.uint8]:
    """Returns the picture of a scene as sRGB bytes, (height, width, 3)."""
    progress(0.01)
    bodies = place(scene.things, SHAPES, scene.seed)
    view = frame(scene, bodies)
    size = subject_size(tuple(body for body in bodies if scene.things[body.thing_number].framed))
    noise = Noise(scene.seed)
    indoors = scene.setting in INDOORS
    lights = rig(scene, bodies, size, surface_colour(scene) if indoors else ground_mean(scene))
    setting = Indoors if indoors else Outdoors
    around: Surroundings = setting(scene, view, lights, size, noise)
    shader = Shader(bodies=bodies, rig=lights, surroundings=around, noise=noise, view=view)
    progress(0.05)
    shader.prepare(lambda share: progress(0.05 + 0.20 * share))
    return _Plate(scene, view, shader, lights.exposure).exposed(progress)


class _Plate:
    """The picture while it is being exposed."""

    def __init__(self, scene: Scene, view: View, shader: Shader, exposure: float) -> None:
        self._scene, self._view, self._shader, self._exposure = scene, view, shader, exposure
        count = scene.width_px * scene.height_px
        self._values = np.zeros((3, count), dtype=np.float32)
        self._excess = np.zeros((3, count), dtype=np.float32)
        self._what = np.zeros(count, dtype=np.int16)
        self._normal = np.zeros((3, count), dtype=np.float32)
        self._far = np.zeros(count, dtype=np.float32)
        self._approached = np.zeros(0, dtype=np.float32)

    def exposed(self, progress: Callable[[float], None]) -> NDArray[np.uint8]:
        """Returns the finished picture."""
        wide, high = self._scene.width_px, self._scene.height_px
        count = wide * high
        band = int(np.clip(count // 12, 4096, _RAYS_A_BAND))
        self._approached = self._approach()
        for start in range(0, count, band):
            at = np.arange(start, min(start + band, count))
            seen = self._look(at % wide + np.float32(0.5), at // wide + np.float32(0.5), self._cleared(at))
            self._values[:, at] = developed(seen.light, self._exposure)
            self._excess[:, at] = np.minimum(np.maximum(seen.light * self._exposure - _WHITE, 0.0), 8.0)
            self._what[at] = seen.what * np.int16(64) + seen.kind
            self._normal[:, at], self._far[at] = seen.normal, seen.far
            progress(0.25 + 0.45 * min(start + band, count) / count)
        outlines, creases = self._edges()
        nearest = self._nearest()
        for rough, offsets, begin in ((outlines, _CORNERS, 0.70), (creases, _DIAGONAL, 0.83)):
            per_band = band // len(offsets)
            for start in range(0, rough.size, per_band):
                at = rough[start : start + per_band]
                self._refine(at, np.maximum(nearest[at], self._cleared(at)), offsets)
                progress(begin + 0.12 * min(start + per_band, rough.size) / rough.size)
        return self._finished()

    def _approach(self) -> Floats:
        """Returns how far nothing is met, for blocks of pixels."""
        wide, high = -(-self._scene.width_px // _BLOCK), -(-self._scene.height_px // _BLOCK)
        at = np.arange(wide * high)
        x = ((at % wide + 0.5) * _BLOCK).astype(np.float32)
        y = ((at // wide + 0.5) * _BLOCK).astype(np.float32)
        return self._shader.approached(self._view.rays(x, y), 0.75 * _BLOCK * self._view.pixel)

    def _cleared(self, at: NDArray[np.intp]) -> Floats:
        """Returns the distance before which pixels are known to meet nothing."""
        wide = self._scene.width_px
        blocks = -(-wide // _BLOCK)
        cleared: Floats = self._approached.take((at // wide // _BLOCK) * blocks + at % wide // _BLOCK)
        return cleared * np.float32(0.998)

    def _look(self, column_px: Floats, row_px: Floats, beyond: Floats | None = None) -> Seen:
        direction = self._view.rays(column_px.astype(np.float32), row_px.astype(np.float32))
        return self._shader.look(self._view.origin, direction, beyond=beyond)

    def _refine(self, at: NDArray[np.intp], nearest: Floats, offsets: Sequence[tuple[float, float]]) -> None:
        """Replaces pixels by the mean of finer ones."""
        wide = self._scene.width_px
        x = np.concatenate([at % wide + 0.5 + dx for dx, _ in offsets])
        y = np.concatenate([at // wide + 0.5 + dy for _, dy in offsets])
        seen = self._look(x, y, np.tile(nearest, len(offsets)))
        fine = developed(seen.light, self._exposure)
        self._values[:, at] = fine.reshape(3, len(offsets), at.size).mean(axis=1)

    def _nearest(self) -> Floats:
        """Returns how far around each pixel nothing was met, a little less to be safe."""
        far = self._far.reshape(self._scene.height_px, self._scene.width_px)
        for axis in (0, 1):
            padded = np.pad(far, [(1, 1), (0, 0)] if axis == 0 else [(0, 0), (1, 1)], mode="edge")
            a, b = (padded[:-2], padded[2:]) if axis == 0 else (padded[:, :-2], padded[:, 2:])
            far = np.minimum(np.minimum(a, b), far)
        nearest: Floats = far.ravel() * np.float32(0.985)
        return nearest

    def _edges(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Returns pixels that differ visibly from a neighbour: in body or depth; only in slope or brightness."""
        shape = (self._scene.height_px, self._scene.width_px)
        what = self._what.reshape(shape)
        far = np.log(np.minimum(self._far, 1e5)).reshape(shape)
        normal = self._normal.reshape(3, *shape)
        bright = np.sqrt(luminance(self._values)).reshape(shape)
        contrast = np.zeros(shape, dtype=np.float32)
        outline = np.zeros(shape, dtype=np.bool_)
        for axis in (0, 1):
            a = (slice(None, -1), slice(None)) if axis == 0 else (slice(None), slice(None, -1))
            b = (slice(1, None), slice(None)) if axis == 0 else (slice(None), slice(1, None))
            body = (what[a] >= 0) | (what[b] >= 0)
            bend = (normal[:, *a] * normal[:, *b]).sum(axis=0)
            shift = np.abs(bright[a] - bright[b])
            apart = (what[a] != what[b]) | (body & (np.abs(far[a] - far[b]) > 0.03))
            # An edge that cannot be seen needs no finer rays; a faint one needs them less than a strong one.
            differs = np.where(apart | (body & (bend < 0.90)), shift * 2.5 + np.float32(0.06), shift)
            for side in (a, b):
                contrast[side] = np.maximum(contrast[side], differs)
                outline[side] |= apart
        outlines = outline & (contrast > _LEAST_CONTRAST)
        return np.flatnonzero(outlines), np.flatnonzero(~outline & (contrast > _LEAST_CREASE))

    def _finished(self) -> NDArray[np.uint8]:
        wide, high = self._scene.width_px, self._scene.height_px
        pixels = np.empty((high * wide, 3), dtype=np.uint8)
        if float(self._excess.max()) > 0.0:
            strength = 1.6 if self._scene.mood == "dreamy" else 1.0
            halo = spilled(self._excess.reshape(3, high, wide), strength).reshape(3, -1)
            # Light adds to light, and film never gets whiter than white.
            self._values += (1.0 - self._values) * (halo / (1.0 + halo))
        for start in range(0, high * wide, _RAYS_A_BAND):
            at = np.arange(start, min(start + _RAYS_A_BAND, high * wide))
            x, y = (at % wide + 0.5).astype(np.float32), (at // wide + 0.5).astype(np.float32)
            values = graded(self._values[:, at], self._scene, vignette(x, y, self._scene))
            # An ordered half-step of dither keeps soft walls free of bands.
            dither = ((at % wide * 7 + at // wide * 13) % 16 / np.float32(16.0)).astype(np.float32)
            pixels[at] = np.minimum(values * np.float32(255.0) + dither, 255.0).astype(np.uint8).T
        return pixels.reshape(high, wide, 3)

"""Painting a scene: a plate is exposed, then graded like film."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.bodies import place, subject_size
from flora_mcp.studio.renderers.scene.camera import frame
from flora_mcp.studio.renderers.scene.film import graded, spilled, vignette
from flora_mcp.studio.renderers.scene.graph import INDOORS, Scene
from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.plate import RAYS_A_BAND, Plate
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.shading import Shader
from flora_mcp.studio.renderers.scene.shapes import SHAPES
from flora_mcp.studio.renderers.scene.work import Work, most_work
from flora_mcp.studio.renderers.scene.world.indoors import Indoors, surface_colour
from flora_mcp.studio.renderers.scene.world.outdoors import Outdoors, ground_mean
from flora_mcp.studio.renderers.scene.world.rig import rig
from flora_mcp.studio.renderers.scene.world.surroundings import Surroundings

_KEPT_BYTES = 31 << 20
"""A little less than the largest piece of memory that glibc may keep for the next array."""


def paint(scene: Scene, progress: Callable[[float], None], *, work: Work | None = None) -> NDArray[np.uint8]:
    """Returns the picture of a scene as sRGB bytes, (height, width, 3); `work` counts what it took."""
    work = work or Work()
    # Once a piece was freed, glibc keeps pieces of its size instead of handing each array back to the system, which
    # would have to clear it anew: a fifth of a picture's time. The piece itself is never touched.
    np.empty(_KEPT_BYTES, dtype=np.uint8)
    progress(0.01)
    bodies = place(scene.things, SHAPES, scene.seed, work)
    view = frame(scene, bodies)
    size = subject_size(tuple(body for body in bodies if scene.things[body.thing_number].framed))
    noise = Noise(scene.seed)
    indoors = scene.setting in INDOORS
    lights = rig(scene, bodies, size, surface_colour(scene) if indoors else ground_mean(scene))
    setting = Indoors if indoors else Outdoors
    around: Surroundings = setting(scene, view, lights, size, noise)
    shader = Shader(bodies=bodies, rig=lights, surroundings=around, noise=noise, view=view, work=work)
    progress(0.05)
    most = most_work(scene.width_px, scene.height_px)
    # However intricate the shapes were to measure, a picture there must be.
    most = max(most, work.done + most // 2)
    shader.prepare(lambda share: progress(0.05 + 0.20 * share))
    plate = Plate(view, shader, lights.exposure, most)
    plate.expose(progress)
    return _finished(plate, scene)


def _finished(plate: Plate, scene: Scene) -> NDArray[np.uint8]:
    wide, high = scene.width_px, scene.height_px
    pixels = np.empty((high * wide, 3), dtype=np.uint8)
    values: Floats = plate.values
    if float(plate.excess.max()) > 0.0:
        strength = 1.6 if scene.mood == "dreamy" else 1.0
        halo = spilled(plate.excess.reshape(3, high, wide), strength).reshape(3, -1)
        # Light adds to light, and film never gets whiter than white.
        values = values + (1.0 - values) * (halo / (1.0 + halo))
    for start in range(0, high * wide, RAYS_A_BAND):
        at = np.arange(start, min(start + RAYS_A_BAND, high * wide))
        x, y = (at % wide + 0.5).astype(np.float32), (at // wide + 0.5).astype(np.float32)
        shown = graded(values[:, at], scene, vignette(x, y, scene))
        # An ordered half-step of dither keeps soft walls free of bands.
        dither = ((at % wide * 7 + at // wide * 13) % 16 / np.float32(16.0)).astype(np.float32)
        pixels[at] = np.minimum(shown * np.float32(255.0) + dither, 255.0).astype(np.uint8).T
    return pixels.reshape(high, wide, 3)

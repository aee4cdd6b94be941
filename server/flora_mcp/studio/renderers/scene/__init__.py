"""The local image model: a prompt becomes a scene, and the scene is painted on one processor core.

Pictures are anti-aliased where it shows: a pixel gets four finer rays where bodies, parts or depths meet, two where
only slope or brightness changes visibly, and one elsewhere.
"""

import time

from flora_mcp.studio.renderers.rendering import JSON, Progress, Rendering, RenderRequest
from flora_mcp.studio.renderers.scene.film import png
from flora_mcp.studio.renderers.scene.graph import Scene
from flora_mcp.studio.renderers.scene.language import parse
from flora_mcp.studio.renderers.scene.picture import paint

__all__ = ["render"]


def render(request: RenderRequest, progress: Progress) -> Rendering:
    """Returns the picture of a prompt as PNG; equal requests make equal bytes.

    The facts tell what was understood, and `render_seconds`, which alone may differ between equal requests.
    """
    started = time.perf_counter()
    progress(0.0)
    reading = parse(request.prompt, width_px=request.width_px, height_px=request.height_px, seed=request.seed)
    pixels = paint(reading.scene, lambda share: progress(0.97 * share))
    content = png(pixels)
    progress(1.0)
    facts: dict[str, JSON] = {
        "seed": request.seed,
        "width_px": request.width_px,
        "height_px": request.height_px,
        "alt_text": reading.alt_text,
        "recognised": list(reading.recognised),
        "ignored": list(reading.ignored),
        "scene": _outline(reading.scene),
        "render_seconds": round(time.perf_counter() - started, 3),
    }
    return Rendering(
        content=content,
        mime_type="image/png",
        width_px=request.width_px,
        height_px=request.height_px,
        facts=facts,
    )


def _outline(scene: Scene) -> dict[str, JSON]:
    counts: dict[str, JSON] = {}
    for thing in scene.things:
        counts[thing.shape] = sum(other.shape == thing.shape for other in scene.things)
    return {
        "things": counts,
        "setting": scene.setting,
        "light": scene.light,
        "framing": scene.camera.framing,
        "angle": scene.camera.angle,
        "cinematic": scene.camera.cinematic,
        "mood": scene.mood,
    }

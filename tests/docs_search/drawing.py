"""A renderer that is done at once, with pictures of the right size."""

import io

from PIL import Image

from flora_mcp.studio.renderers import Progress, Rendering, RenderRequest


def png(width_px: int, height_px: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width_px, height_px), "teal").save(buffer, "PNG")
    return buffer.getvalue()


def draw(request: RenderRequest, progress: Progress) -> Rendering:
    progress(0.5)
    size = {"width_px": request.width_px, "height_px": request.height_px}
    return Rendering(content=png(**size), mime_type="image/png", facts={}, **size)

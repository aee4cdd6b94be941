"""Techniques as tests write them, and the renderers that do their generations."""

import json
from io import BytesIO
from typing import Any

from PIL import Image

from flora_mcp.studio.renderers import Progress, Rendering, RenderRequest

MODEL = "t2i-studio-scene"

TEXT = {"id": "what", "name": "What", "type": "text"}

PICTURE = {"id": "photo", "name": "Photo", "type": "imageUrl"}


def generation(step_id: str, prompt: str = "{what}", **more: Any) -> dict[str, Any]:
    return {"id": step_id, "type": "generation", "model": MODEL, "prompt": prompt, **more}


def action(step_id: str, action_id: str, inputs: dict[str, Any], **params: Any) -> dict[str, Any]:
    return {"id": step_id, "type": "action", "action": action_id, "inputs": inputs, "params": params}


def grade(step_id: str, source: str, **params: Any) -> dict[str, Any]:
    return action(step_id, "color-grade-image-browser", {"image": source}, **params)


def text(step_id: str, template: str, **more: Any) -> dict[str, Any]:
    return {"id": step_id, "type": "text", "template": template, **more}


def output(source: str, **more: Any) -> dict[str, Any]:
    return {"id": f"{source}_out", "name": source.capitalize(), "from": source, **more}


def technique(
    *steps: dict[str, Any],
    inputs: tuple[dict[str, Any], ...] = (TEXT,),
    outputs: tuple[dict[str, Any], ...] = (),
    **more: Any,
) -> dict[str, Any]:
    """A technique that gives out its last step, unless it is said what."""
    return {
        "format": 1,
        "slug": "sketch",
        "name": "Sketch",
        "description": "Made by a test.",
        "inputs": list(inputs),
        "steps": list(steps),
        "outputs": list(outputs) or [output(steps[-1]["id"])],
        **more,
    }


def content(document: dict[str, Any]) -> bytes:
    return json.dumps(document).encode()


def paint(request: RenderRequest, progress: Progress) -> Rendering:
    """A real picture, small, of a colour that follows from the seed; `fail` in the prompt raises."""
    if "fail" in request.prompt:
        raise ValueError("the paint is dry")
    progress(0.5)
    buffer = BytesIO()
    size = (request.width_px // 16, request.height_px // 16)
    Image.new("RGB", size, (request.seed % 256, 90, 120)).save(buffer, "PNG")
    facts: dict[str, Any] = {"alt_text": f"A painting of {request.prompt}", "recognised": [], "ignored": ["very"]}
    return Rendering(content=buffer.getvalue(), mime_type="image/png", width_px=size[0], height_px=size[1], facts=facts)

"""A catalogue as large as FLORA's, and a FLORA that answers it."""

from collections import Counter
from typing import Any

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

RATIOS = ["1:1", "16:9", "9:16", "4:3", "3:4", "21:9"]

MODELS = (
    "t2i-flux-2-klein-4b t2i-flux-2-pro t2i-gpt-image-2-t2i t2i-nano-banana-pro t2i-nano-banana-2",
    "t2i-seedream-v4 t2i-imagen-4 t2i-recraft-v4 t2i-sd-3.5 t2i-krea-1 t2i-ideogram-3 i2i-gpt-image-2-i2i",
    "i2i-qwen-image-edit i2i-qwen-image-edit-plus i2i-imagen-3-outpainting i2i-out-flux-2-pro",
    "i2i-flux-kontext i2i-nano-banana-2 i2i-topaz-upscale i2i-clarity-upscaler i2i-bria-remove-background",
    "t2v-veo-3 t2v-kling-2.5 t2v-wan-2.2 t2v-seedance-pro i2v-wan-2.2 i2v-kling-2.5 i2v-seedance-pro",
    "i2v-veo-3 r2v-seedance-2-5 v2v-seedance-2-5 v2v-kling-o3-edit v2v-wan-2.6 v2v-topaz-video",
    "m2v-kling-vref i2t-gemini-3-5-flash-lite-i2t i2t-gemini-3-flash i2t-claude-sonnet i2t-gpt-5-5-i2t",
    "v2t-gemini-3-flash t2t-gpt-5-5 t2t-claude-sonnet t2a-eleven-speech t2a-eleven-music",
    "t2a-minimax-speech t2a-stable-audio",
)

ACTIONS = (
    "color-grade-image-browser overlay-image-browser draw-image-browser crop-image-browser",
    "scene-3d-image-browser blur-image-browser change-image-ar-browser rotate-image-browser",
    "color-filter-image-browser color-tint-image-browser filter-color-image-browser",
    "duplicate-image-browser side-by-side-composite-browser add-shape-to-image-browser",
    "add-text-to-image-browser qr-code-generator-browser resize-image-browser shader-effect-browser",
    "split-text-browser find-and-replace-text-browser concat-text-browser ken-burns-video stitch-videos",
    "split-video extract-video-frames color-grade-video video-to-frame-grid boomerang-video reverse-video",
    "video-to-long-exposure video-effect color-filter-video speed-up-video slow-down-video",
    "duplicate-video greenscreen-video resize-video change-video-ar split-audio-from-video",
    "merge-audio-into-video",
)

TECHNIQUES = (
    "art-directors-critique auto-translate book-drop cctv-cam character-lock cinematic-movie-generator",
    "color-mapping color-transfer thumbnail-v3 product-shot-set moodboard social-media-pack storyboard",
    "logo-animation",
)

OUTCOMES = {"i": "image", "v": "video", "a": "audio", "t": "text"}


def words(lines: tuple[str, ...]) -> list[str]:
    return " ".join(lines).split()


def model(model_id: str) -> dict[str, Any]:
    made = OUTCOMES[model_id[2]]
    params = [
        {"name": "aspect_ratio", "type": "string", "default": "1:1", "options": [{"value": ratio} for ratio in RATIOS]},
        {"name": "resolution", "type": "string", "default": "1k", "options": [{"value": "1k"}, {"value": "2k"}]},
        {"name": "seed", "type": "seed", "min": 0, "max": 2147483647, "description": "For the same picture again."},
    ]
    if model_id[0] == "i":
        name = "image_urls" if made == "text" else "image_url"
        params.append({"name": name, "type": "string", "required": True, "description": "The reference image."})
    return {
        "model_id": model_id,
        "name": model_id[4:].replace("-", " ").title(),
        "type": made,
        "provider": "A provider",
        "capabilities": [f"{model_id[:3]} {made}"],
        "estimated_credits": 40,
        "estimated_seconds": 20,
        "params": params if made in ("image", "video") else params[3:],
    }


def action(action_id: str) -> dict[str, Any]:
    words = action_id.removesuffix("-browser").replace("-", " ")
    kind = "video" if "video" in words else "text" if "text" in words.split()[-1] else "image"
    return {
        "action_id": action_id,
        "name": words.capitalize(),
        "description": f"{words.capitalize()}, as a tool.",
        "language": "javascript",
        "charged_cost": 0,
        "inputs": [{"name": kind, "type": kind}],
        "outputs": [{"name": kind, "type": kind}],
        "params": [{"key": "amount", "type": "number", "default_value": 1, "min_number_value": 0}],
    }


def technique(slug: str) -> dict[str, Any]:
    return {
        "technique_id": f"tech_{slug}",
        "slug": slug,
        "name": slug.replace("-", " ").capitalize(),
        "description": f"{slug.replace('-', ' ').capitalize()} from a picture and a prompt.",
        "run_cost": 0.12,
        "inputs": [
            {"id": "picture", "name": "Picture", "type": "imageUrl"},
            {"id": "prompt", "name": "Prompt", "type": "text", "optional": True},
        ],
        "outputs": [{"id": "result", "name": "Result", "type": "imageUrl"}],
    }


class CatalogueFlora:
    """Answers lists of what can be run; each can be made to fail, and all of them to hang."""

    def __init__(self) -> None:
        self.lists: dict[str, list[dict[str, Any]]] = {
            "models": [model(model_id) for model_id in words(MODELS)],
            "actions": [action(action_id) for action_id in words(ACTIONS)],
            "techniques": [technique(slug) for slug in words(TECHNIQUES)],
        }
        self.failing: set[str] = set()
        self.hanging = False
        self.requests: Counter[str] = Counter()
        self.app = Starlette(routes=[Route("/api/v1/{name}", self._list)])

    async def _list(self, request: Request) -> Response:
        name = request.path_params["name"]
        self.requests[name] += 1
        if self.hanging:
            await anyio.sleep_forever()
        if name in self.failing:
            body = {"error": {"code": "forbidden", "message": "Forbidden."}}
            return JSONResponse(body, status_code=403)
        return JSONResponse({name: self.lists[name], "meta": {"next_cursor": None}})

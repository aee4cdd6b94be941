"""A FLORA with price lists: it takes every paid call, right or wrong, and bills it, as the real one does."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
from flora.network import World

from flora_mcp.flora import Flora, Rules, Spending

PLACE = {"workspace_id": "ws_1", "project_id": "prj_1"}
WISH: dict[str, Any] = {"type": "image", "prompt": "a fox", "model": "t2i-plain", **PLACE}


def options(*values: str) -> list[dict[str, str]]:
    return [{"label": value, "value": value} for value in values]


def param(name: str, kind: str, **facts: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "required": False, **facts}


def model(model_id: str, kind: str = "image", *params: dict[str, Any], credits: float = 40) -> dict[str, Any]:
    facts = {"provider": "p", "capabilities": [], "estimated_credits": credits, "estimated_seconds": 5}
    return {"model_id": model_id, "name": f"Model {model_id}", "type": kind, "params": list(params), **facts}


MODELS = [
    model("t2i-plain", "image", param("aspect_ratio", "string", options=options("1:1", "16:9")), param("seed", "seed")),
    model(
        "t2i-rich",
        "image",
        param("aspect_ratio", "string", options=options("landscape_16_9", "square_1_1")),
        param("resolution", "string", options=options("1k", "2k", "4k"), default="1k"),
        param("steps", "int", min=1, max=50),
        param("guidance", "float", min=0.0, max=20.0),
        param("duration", "int", options=options("5", "10")),
        param("layers", "int?", min=1, max=8),
        param("seed", "seed", min=0, max=2147483647),
        param("tiling", "bool"),
        param("styles", "string[]", options=options("ink", "oil")),
        param("notes", "string[]"),
        param("negative_prompt", "string"),
        param("focus", "dict", properties={"x": {"min": 0, "max": 1, "default": 0.5}, "y": {"min": 0, "max": 1}}),
        param("novelty", "kaleidoscope"),
        credits=253,
    ),
    model("i2i-edit", "image", param("aspect_ratio", "string", options=options("1:1", "9:16"))),
    model("i2i-many", "image", param("image_urls", "string[]", required=True)),
    model("i2v-clip", "video", param("prompt", "string", required=True), param("duration", "int", required=True)),
    model("v2v-wash", "video", param("resolution", "string", options=options("480p"))),
    model("i2t-judge", "text", credits=0),
    model("v2t-judge", "text", credits=8),
]

ACTIONS = [
    {
        "action_id": "resize-image-browser",
        "name": "Resize",
        "charged_cost": 0,
        "inputs": [{"name": "image", "type": "image"}, {"name": "mask", "type": "image", "optional": True}],
        "outputs": [],
        "params": [
            {
                "key": "mode",
                "type": "select",
                "default_value": "exact",
                "available_values": options("exact", "percent"),
            },
            {"key": "width", "type": "number", "default_value": 100, "min_number_value": 1, "max_number_value": 4096},
            {"key": "sharp", "type": "toggle", "default_value": True},
            {"key": "center", "type": "point", "default_value": {"x": 0.5, "y": 0.5}, "min_number_value": 0},
            {"key": "bg_color", "type": "color", "default_value": "#fff"},
        ],
    }
]

Answer = Callable[[httpx.Request], Awaitable[httpx.Response]]


class Shop:
    """`asked` counts what was read, `sent` holds the bodies of what was written, by path."""

    def __init__(
        self, *, models: list[dict[str, Any]] | None = None, quote_usd: float | None = 0.04, prefix: str = "run"
    ) -> None:
        self.models = MODELS if models is None else models
        self.lists_status = 200
        self.quote_usd = quote_usd
        self.prefix = prefix
        self.asked: Counter[str] = Counter()
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.keys: list[str | None] = []
        self.runs: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, Any] = {}
        """Bodies of further reads, by path."""
        self.before_answer: Callable[[httpx.Request], Awaitable[httpx.Response | None]] | None = None
        """Sees every paid call; what it returns is the answer, and it may raise."""
        self.transport = httpx.MockTransport(self._answer)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        if request.method != "GET":
            self.sent.append((path, json.loads(request.content or b"{}")))
            self.keys.append(request.headers.get("idempotency-key"))
            answer = await self.before_answer(request) if self.before_answer else None
            return answer or httpx.Response(201, json=self._started(path))
        self.asked[path] += 1
        if path in {"/models", "/actions"}:
            items = self.models if path == "/models" else ACTIONS
            return httpx.Response(self.lists_status, json={path[1:]: items}, headers={"x-should-retry": "false"})
        if path in self.answers:
            return httpx.Response(200, json=self.answers[path])
        return httpx.Response(200, json=self.runs[path.rpartition("/")[2]])

    def start(self, quote_usd: float | None = None) -> dict[str, Any]:
        run_id = f"{self.prefix}_{len(self.runs) + 1}"
        self.runs[run_id] = {"run_id": run_id, "status": "running", "progress": 0, "created_at": 1}
        quote = self.quote_usd if quote_usd is None else quote_usd
        return {"run_id": run_id, "type": "generation", **({} if quote is None else {"charged_cost": quote})}

    def end(self, run_id: str, status: str = "completed", cost_usd: float | None = None) -> None:
        charged = {} if cost_usd is None else {"charged_cost": cost_usd}
        self.runs[run_id] = {**self.runs[run_id], "status": status, "progress": 100, "completed_at": 2, **charged}

    def _started(self, path: str) -> dict[str, Any]:
        started = self.start()
        return {**self.runs[started["run_id"]], **started} if path.startswith("/techniques") else started


def customer(
    shop: Shop,
    *,
    world: World | None = None,
    spending: Spending | None = None,
    rules: Rules | None = None,
    max_retries: int = 0,
) -> Flora:
    world = world or World()
    return Flora(
        api_key="sk_live_secret",
        transport=shop.transport,
        sleep=world.sleep,
        surroundings=world.surroundings,
        spending=spending,
        rules=rules or Rules(),
        max_retries=max_retries,
    )


def wish(model_id: str | None = "t2i-plain", params: Mapping[str, Any] | None = None, **others: Any) -> dict[str, Any]:
    return {**WISH, "model": model_id, "params": params, **others}

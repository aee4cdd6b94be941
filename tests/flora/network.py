"""The world as the client's tests make it: a network that answers from a list, a clock that sleep moves."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from flora_mcp.flora import DEFAULT_BASE_URL, Flora, Rules, Spending, Surroundings
from flora_mcp.flora.types import RunState

START = {"run_id": "run_1", "type": "generation", "charged_cost": 0.04, "estimated_seconds": 12}
GENERATION = {"type": "image", "prompt": "a fox", "workspace_id": "ws_1", "project_id": "prj_1"}
PROJECT = {"project_id": "prj_1", "workspace_id": "ws_1", "name": "Foxes", "created_at": 1_760_000_000_000}
EPOCH = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Network:
    """Answers each request with the next of its replies, and keeps what it was sent."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply(request) if callable(reply) else reply

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests]

    @property
    def keys(self) -> list[str | None]:
        return [request.headers.get("idempotency-key") for request in self.requests]


class World:
    """A clock that only `sleep` moves, chance that always draws the same, and counted keys."""

    def __init__(self, *, draw: float = 0.0) -> None:
        self.seconds = 0.0
        self.sleeps: list[float] = []
        self.made = 0
        self.surroundings = Surroundings(
            clock=lambda: self.seconds,
            now=lambda: EPOCH + timedelta(seconds=self.seconds),
            draw=lambda: draw,
            new_key=self._new_key,
        )

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)

    def _new_key(self) -> str:
        self.made += 1
        return f"key-{self.made}"


def client(
    network: Network,
    world: World | None = None,
    *,
    api_key: str | None = "sk_live_secret",
    base_url: str = DEFAULT_BASE_URL,
    max_retries: int = 2,
    check_params: bool = False,
    rules: Rules = Rules(),  # noqa: B008 - frozen
    spending: Spending | None = None,
) -> Flora:
    """Returns a client that sends what it is told; `check_params` has it look at the catalogue first."""
    world = world or World()
    return Flora(
        api_key=api_key,
        base_url=base_url,
        transport=network.transport,
        max_retries=max_retries,
        sleep=world.sleep,
        surroundings=world.surroundings,
        check_params=check_params,
        rules=rules,
        spending=spending,
    )


def refusal(status: int, code: str = "some_code", message: str = "No.", **headers: str) -> httpx.Response:
    """Returns an error as FLORA words it; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, json={"error": {"code": code, "message": message}}, headers=named)


def run(status: str = "running", progress: float = 0, **fields: object) -> dict[str, object]:
    return {"run_id": "run_1", "status": status, "progress": progress, "created_at": 1, **fields}


def run_state(**fields: object) -> RunState:
    return RunState.model_validate(run(**fields))  # type: ignore[arg-type]

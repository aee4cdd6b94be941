"""An application in process instead of the network: the same client, the same rules."""

import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest
from flora.network import GENERATION, START, World, run
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from flora_mcp.flora import Flora
from flora_mcp.flora.errors import InternalServerError, NotFoundError


class Studio:
    """A small API that keeps what it was asked."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, bytes]] = []
        routes = [
            Route("/generate", self.generate, methods=["POST"]),
            Route("/runs/{run_id}", self.retrieve),
            Route("/workspaces", self.crash),
        ]
        self.app = Starlette(routes=[Mount("/api/v1", routes=routes)])

    async def generate(self, request: Request) -> Response:
        self.seen.append((request.headers["authorization"], request.headers["host"], await request.body()))
        return JSONResponse(START, status_code=201)

    async def retrieve(self, request: Request) -> Response:
        if request.path_params["run_id"] != "run_1":
            return JSONResponse({"error": {"code": "not_found", "message": "Not found."}}, status_code=404)
        return JSONResponse(run("completed", 100))

    async def crash(self, request: Request) -> Response:
        raise RuntimeError("boom")


@asynccontextmanager
async def flora_of(studio: Studio) -> AsyncIterator[Flora]:
    world = World()
    base_url = "http://studio.localhost/api/v1"
    async with Flora(
        api_key="sk_live_secret",
        base_url=base_url,
        app=studio.app,
        sleep=world.sleep,
        surroundings=world.surroundings,
    ) as flora:
        yield flora


async def test_a_call_reaches_the_application() -> None:
    studio = Studio()
    async with flora_of(studio) as flora:
        started = await flora.generations.create(type="image", prompt="a fox", workspace_id="ws_1", project_id="prj_1")
        ended = await flora.generations.wait(started.run_id)
    assert ended.plain() == run("completed", 100)
    [(authorization, host, body)] = studio.seen
    assert (authorization, host, json.loads(body)) == ("Bearer sk_live_secret", "studio.localhost", GENERATION)


async def test_an_error_of_the_application_is_a_typed_error() -> None:
    async with flora_of(Studio()) as flora:
        with pytest.raises(NotFoundError) as caught:
            await flora.generations.retrieve("run_2")
    assert str(caught.value) == "404 not_found: Not found."


async def test_a_crash_of_the_application_is_logged_and_hidden(caplog: pytest.LogCaptureFixture) -> None:
    async with flora_of(Studio()) as flora:
        with pytest.raises(InternalServerError) as caught:
            await flora.workspaces.list()
    assert "boom" not in str(caught.value)
    records = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert [record.getMessage() for record in records] == [
        "the application in process failed on GET /api/v1/workspaces"
    ] * 3


async def test_many_calls_run_at_once() -> None:
    async with flora_of(Studio()) as flora:
        with anyio.fail_after(5):
            async with anyio.create_task_group() as tasks:
                for _ in range(200):
                    tasks.start_soon(flora.generations.retrieve, "run_1")

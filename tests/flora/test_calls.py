"""Calls by name: what goes out, what comes back, what is refused before anything is sent."""

import json

import httpx
import pytest

from flora_mcp.flora import Flora, Page
from flora_mcp.flora.errors import (
    ArgumentError,
    InvalidArgumentError,
    MissingArgumentError,
    UnknownArgumentError,
    UnknownMethodError,
)

GENERATION = {"type": "image", "prompt": "a fox", "workspace_id": "ws_1", "project_id": "prj_1"}
START = {"run_id": "run_1", "type": "generation", "charged_cost": 0.04, "estimated_seconds": None, "newer": {"a": 1}}
RUN = {"run_id": "run_1", "status": "completed", "progress": 100, "created_at": 1, "generation_id": "run_1"}


class Network:
    """A transport that answers from a list and keeps what it was sent."""

    def __init__(self, *answers: httpx.Response) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answers.pop(0)


async def test_a_call_returns_the_json_as_flora_sent_it() -> None:
    network = Network(httpx.Response(201, json=START))
    async with Flora(api_key="sk_test_1", transport=network.transport) as flora:
        assert await flora.call("generations.create", GENERATION) == START
    assert json.loads(network.requests[0].content) == GENERATION


async def test_a_call_takes_camel_case_names() -> None:
    network = Network(httpx.Response(200, json={"nodes": [], "meta": {"next_cursor": None}}))
    async with Flora(api_key="sk_test_1", transport=network.transport) as flora:
        page = await flora.call("client.projects.listNodes", {"projectId": "prj_1", "limit": 5})
    assert page == Page(items=[], body={"nodes": [], "meta": {"next_cursor": None}}, next_arguments=None)
    assert str(network.requests[0].url) == "https://app.flora.ai/api/v1/projects/prj_1/nodes?limit=5"


async def test_a_call_of_a_list_returns_a_page_of_json() -> None:
    body = {"generations": [RUN], "meta": {"next_cursor": "c2"}}
    network = Network(httpx.Response(200, json=body))
    async with Flora(api_key="sk_test_1", transport=network.transport) as flora:
        page = await flora.call("generations.list", {"project_id": "prj_1"})
    assert page == Page(items=[RUN], body=body, next_arguments={"cursor": "c2"})


@pytest.mark.parametrize(
    ("path", "arguments", "kind", "attributes"),
    [
        (
            "models.retrieve",
            {},
            UnknownMethodError,
            {"suggestions": ["models.list", "projects.retrieve", "assets.retrieve", "actions.retrieve"]},
        ),
        (
            "generation.create",
            GENERATION,
            UnknownMethodError,
            {"suggestions": ["generations.create", "generations.retrieve", "generations.wait"]},
        ),
        (
            "generations.create",
            {**GENERATION, "modle": "x"},
            UnknownArgumentError,
            {"argument": "modle", "suggestions": ["model"]},
        ),
        ("generations.retrieve", {}, MissingArgumentError, {"argument": "run_id", "suggestions": []}),
        (
            "generations.retrieve",
            {"run_id": "run_1", "runId": "run_2"},
            InvalidArgumentError,
            {"argument": "run_id", "suggestions": []},
        ),
    ],
)
async def test_a_call_that_does_not_fit_is_refused_with_the_nearest_name(
    path: str, arguments: dict[str, object], kind: type[ArgumentError], attributes: dict[str, object]
) -> None:
    network = Network()
    async with Flora(api_key="sk_test_1", transport=network.transport) as flora:
        with pytest.raises(kind) as caught:
            await flora.call(path, arguments)
    assert type(caught.value) is kind
    assert caught.value.attributes() == attributes
    assert network.requests == []

"""Every method of FLORA: the request that goes out, the answer as it is read, and a refusal."""

import json
import re

import httpx
import pytest
from flora.exchanges import EXCHANGES, START, Exchange
from flora.network import Network, World, client, refusal

from flora_mcp.flora import METHODS, Flora, MethodEntry, Page
from flora_mcp.flora.errors import (
    BadRequestError,
    DuplicateKeyError,
    FieldError,
    RunUncertainError,
    UnknownMethodError,
)
from flora_mcp.flora.methods import BY_NAME
from flora_mcp.flora.signatures import camel

ALL = pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda exchange: exchange.path)
PAID = [entry.path for entry in METHODS if entry.paid]
CREATING = [exchange for exchange in EXCHANGES if exchange.verb in {"POST", "PATCH"}]


def answered(exchange: Exchange) -> httpx.Response:
    return httpx.Response(exchange.status, json=exchange.answer)


def test_the_forty_methods_of_the_sdk_are_here() -> None:
    assert len(EXCHANGES) == 40
    beyond = {"generations.wait", "techniques.runs.wait"}
    host_only = {entry.path for entry in METHODS if entry.host_only}
    assert {exchange.path for exchange in EXCHANGES} == {entry.path for entry in METHODS} - beyond - host_only


@ALL
async def test_a_method_sends_its_request(exchange: Exchange) -> None:
    network = Network(answered(exchange))
    async with client(network) as flora:
        await flora.call(exchange.path, exchange.arguments)
    [request] = network.requests
    assert request.method == exchange.verb
    assert request.url.raw_path.decode() == f"/api/v1{exchange.target}"
    assert request.headers["authorization"] == "Bearer sk_live_secret"
    if exchange.body is None:
        assert (request.content, "content-type" in request.headers) == (b"", False)
    else:
        assert request.headers["content-type"] == "application/json"
        assert json.loads(request.content) == exchange.body


@ALL
async def test_a_method_gives_a_typed_answer(exchange: Exchange) -> None:
    async with client(Network(answered(exchange))) as flora:
        method = flora
        for name in exchange.path.split("."):
            method = getattr(method, name)
        got = await method(**exchange.arguments)  # type: ignore[operator]
    if exchange.items is None:
        assert got == exchange.shape.model_validate(exchange.answer)
    else:
        items = [exchange.shape.model_validate(item) for item in exchange.answer[exchange.items]]
        assert got == Page(items=items, body=exchange.answer, next_arguments=None)


@ALL
async def test_a_call_by_name_gives_what_flora_sent(exchange: Exchange) -> None:
    newer = {**exchange.answer, "newer": {"a": [1]}}
    async with client(Network(httpx.Response(exchange.status, json=newer))) as flora:
        spelled = {camel(name): value for name, value in exchange.arguments.items()}
        got = await flora.call(f"client.{camel(exchange.path)}", spelled)
    if exchange.items is None:
        assert got == newer
    else:
        assert got == Page(items=newer[exchange.items], body=newer, next_arguments=None)


@ALL
async def test_a_refusal_is_a_typed_error(exchange: Exchange) -> None:
    status, code, kind = exchange.failure
    reply = refusal(status, code, "name: No.", request_id="req_9", x_should_retry="false")
    async with client(Network(reply)) as flora:
        with pytest.raises(kind) as caught:
            await flora.call(exchange.path, exchange.arguments)
    error = caught.value
    assert type(error) is kind
    assert (error.status, error.code, error.message, error.request_id) == (status, code, "name: No.", "req_9")


@ALL
async def test_a_passing_failure_is_tried_again_as_the_server_asks(exchange: Exchange) -> None:
    network, world = Network(refusal(429, retry_after_ms="250"), refusal(503), answered(exchange)), World()
    async with client(network, world) as flora:
        await flora.call(exchange.path, exchange.arguments)
    assert world.sleeps == [0.25, 1.0]
    assert len({request.content for request in network.requests}) == 1
    assert len(set(network.keys)) == 1


@pytest.mark.parametrize("exchange", CREATING, ids=lambda exchange: exchange.path)
async def test_what_makes_something_carries_a_key(exchange: Exchange) -> None:
    network = Network(answered(exchange), answered(exchange))
    async with client(network) as flora:
        await flora.call(exchange.path, {**exchange.arguments, "idempotency_key": "row-17"})
        arguments = {name: value for name, value in exchange.arguments.items() if name != "idempotency_key"}
        await flora.call(exchange.path, arguments)
    assert network.keys == ["row-17", "key-1"]


@pytest.mark.parametrize("exchange", [e for e in EXCHANGES if e not in CREATING], ids=lambda exchange: exchange.path)
async def test_what_may_be_repeated_carries_none(exchange: Exchange) -> None:
    network = Network(answered(exchange))
    async with client(network) as flora:
        await flora.call(exchange.path, exchange.arguments)
    assert network.keys == [None]


class Till:
    """Bills once for each key, as FLORA does, and loses its first answer."""

    def __init__(self, exchange: Exchange, *, loss: httpx.Response | Exception) -> None:
        self.exchange = exchange
        self.loss = loss
        self.billed: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        key = request.headers["idempotency-key"]
        if key in self.billed:
            return refusal(409, "idempotency_duplicate", "Duplicate idempotency key.")
        self.billed.append(key)
        if isinstance(self.loss, Exception):
            raise self.loss
        return self.loss


def test_these_calls_are_paid() -> None:
    assert PAID == [
        "workspaces.projects.run_nodes",
        "projects.actions.run",
        "generations.create",
        "techniques.runs.create",
        "actions.run",
        "runs.start_generation",
        "runs.start_technique",
    ]


@pytest.mark.parametrize("loss", [httpx.ReadTimeout("slow"), httpx.ReadError("reset"), refusal(504)], ids=str)
@pytest.mark.parametrize("path", PAID)
async def test_a_paid_call_whose_answer_is_lost_is_billed_once_and_says_so(
    path: str, loss: httpx.Response | Exception
) -> None:
    [exchange] = [exchange for exchange in EXCHANGES if exchange.path == path]
    till = Till(exchange, loss=loss)
    arguments = {**exchange.arguments, "idempotency_key": "row-17"}
    async with client(Network(till, till)) as flora:
        with pytest.raises(RunUncertainError) as caught:
            await flora.call(path, arguments)
    assert till.billed == ["row-17"]
    assert caught.value.idempotency_key == "row-17"
    named = re.match(r"client\.([\w.]+)\(", caught.value.find)
    assert named is not None
    assert named[1] in BY_NAME
    async with client(Network(till)) as flora:
        with pytest.raises(DuplicateKeyError):
            await flora.call(path, arguments)
    assert till.billed == ["row-17"]


async def test_a_technique_sends_its_key_in_the_body_too() -> None:
    [exchange] = [exchange for exchange in EXCHANGES if exchange.path == "techniques.runs.create"]
    network = Network(httpx.ReadTimeout("slow"), answered(exchange))
    arguments = {name: value for name, value in exchange.arguments.items() if name != "idempotency_key"}
    async with client(network) as flora:
        run = await flora.call(exchange.path, arguments)
    assert run == exchange.answer
    assert network.keys == [body["idempotency_key"] for body in network.bodies] == ["key-1"] * 2


@pytest.mark.parametrize("exchange", [e for e in EXCHANGES if "meta" in e.answer], ids=lambda exchange: exchange.path)
async def test_a_list_is_read_to_its_end_with_the_same_filters(exchange: Exchange) -> None:
    assert exchange.items is not None
    [item] = exchange.answer[exchange.items]
    arguments = {name: value for name, value in exchange.arguments.items() if name != "cursor"}

    def page(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("cursor", "0"))
        meta = {"next_cursor": str(number + 1) if number < 2 else None}
        return httpx.Response(200, json={exchange.items: [{**item, "number": number}], "meta": meta})

    network = Network(page, page, page)
    async with client(network) as flora:
        method = flora
        for name in exchange.path.split("."):
            method = getattr(method, name)
        numbers = [found.number async for found in method(**arguments)]  # type: ignore[operator]
    assert numbers == [0, 1, 2]
    assert [request.url.params.get("cursor") for request in network.requests] == [None, "1", "2"]
    filters = [dict(request.url.params.items()) for request in network.requests]
    assert len({json.dumps({k: v for k, v in each.items() if k != "cursor"}) for each in filters}) == 1


@pytest.mark.parametrize("entry", [e for e in METHODS if not e.host_only], ids=lambda entry: entry.path)
async def test_an_example_can_be_run_as_it_is(entry: MethodEntry) -> None:
    known = {exchange.path: exchange for exchange in EXCHANGES}
    path = entry.path if entry.path in known else f"{entry.path.rpartition('.')[0]}.retrieve"
    network = Network(answered(known[path]))
    scope: dict[str, object] = {}
    exec(f"async def run(client):\n    return {entry.example}", scope)
    async with client(network) as flora:
        await scope["run"](flora)  # type: ignore[operator]
    assert len(network.requests) == 1


@pytest.mark.parametrize("path", ["assets.upload", "assets.createDirect", "webhooks.unwrap", "webhooks.verify"])
async def test_what_needs_the_host_cannot_be_called_by_name(path: str) -> None:
    async with Flora(api_key=None) as flora:
        with pytest.raises(UnknownMethodError):
            await flora.call(path, {"file": "/etc/passwd", "workspace_id": "ws_1"})


def test_only_the_sdks_deprecated_method_is_deprecated() -> None:
    assert {entry.path: entry.deprecated for entry in METHODS if entry.deprecated} == {
        "runs.start_generation": "generations.create"
    }


async def test_an_edge_is_typed_although_its_names_are_keywords() -> None:
    edge = {"from": "n1", "to": "n2", "in": "image"}
    answer = {"project_id": "prj_1", "revision": "r", "nodes": [], "edges": [edge]}
    async with client(Network(httpx.Response(200, json=answer))) as flora:
        graph = await flora.workspaces.projects.graph("prj_1", workspace_id="ws_1")
    assert [(e.source, e.target, e.slot) for e in graph.edges] == [("n1", "n2", "image")]
    assert graph.plain() == answer


async def test_a_run_tells_its_action_and_technique() -> None:
    answer = {**START, "action": {"action_id": "a"}, "technique": {"technique_id": "tech_1", "name": "T"}}
    async with client(Network(httpx.Response(201, json=answer))) as flora:
        start = await flora.projects.actions.run("n1", project_id="prj_1")
    assert start.action is not None
    assert start.technique is not None
    assert (start.action.action_id, start.technique.technique_id) == ("a", "tech_1")


async def test_a_refused_changeset_tells_every_cause_with_its_code() -> None:
    causes = [
        {"field": "add[0].model", "message": "There is no such model.", "code": "unknown_model"},
        {"field": "connect[1].to", "message": "There is no such node.", "code": 5},
    ]
    error = {"code": "input_validation_error", "message": "2 operations are invalid.", "fields": causes}
    async with client(Network(httpx.Response(400, json={"error": error}))) as flora:
        with pytest.raises(BadRequestError) as caught:
            await flora.workspaces.projects.canvas.apply_changeset("prj_1", workspace_id="ws_1")
    assert caught.value.fields == (
        FieldError(field="add[0].model", message="There is no such model.", code="unknown_model"),
        FieldError(field="connect[1].to", message="There is no such node."),
    )
    assert caught.value.attributes()["fields"] == [
        causes[0],
        {"field": "connect[1].to", "message": "There is no such node."},
    ]

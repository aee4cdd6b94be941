"""What goes over the wire: addresses, headers, bodies; and what is refused before it does."""

import httpx
import pytest
from flora.network import GENERATION, PROJECT, START, Network, client

from flora_mcp import __version__
from flora_mcp.flora import Flora
from flora_mcp.flora.errors import ArgumentError, InvalidArgumentError
from flora_mcp.flora.requests import path_of
from flora_mcp.flora.types import Project

RUN = {"technique_id": "book-drop"}
CANVAS = {"project_id": "prj_1", "workspace_id": "ws_1"}


async def test_a_read_carries_the_key_and_our_name() -> None:
    network = Network(httpx.Response(200, json={"workspaces": []}))
    async with client(network) as flora:
        await flora.workspaces.list()
    request = network.requests[0]
    assert (request.method, str(request.url)) == ("GET", "https://app.flora.ai/api/v1/workspaces")
    assert request.headers["authorization"] == "Bearer sk_live_secret"
    assert request.headers["accept"] == "application/json"
    assert request.headers["user-agent"].startswith(f"flora-mcp/{__version__} ")
    assert "content-type" not in request.headers
    assert request.content == b""


async def test_no_key_sends_no_authorization() -> None:
    network = Network(httpx.Response(200, json={"workspaces": []}))
    async with client(network, api_key=None) as flora:
        await flora.workspaces.list()
    assert "authorization" not in network.requests[0].headers


async def test_a_body_is_json_without_what_was_left_out() -> None:
    network = Network(httpx.Response(201, json=START))
    async with client(network) as flora:
        await flora.generations.create(
            type="image",
            prompt="ein Fuchs, grün 🦊",
            workspace_id="ws_1",
            project_id="prj_1",
            params={"seed": 7, "image_url": None},
        )
    request = network.requests[0]
    assert str(request.url) == "https://app.flora.ai/api/v1/generate"
    assert request.headers["content-type"] == "application/json"
    assert request.content.decode() == (
        '{"type":"image","prompt":"ein Fuchs, grün 🦊","workspace_id":"ws_1","project_id":"prj_1",'
        '"params":{"seed":7,"image_url":null}}'
    )


async def test_a_path_argument_stays_one_segment() -> None:
    network = Network(httpx.Response(200, json=PROJECT))
    async with client(network, base_url="http://studio.localhost:8000/api/v1/") as flora:
        await flora.projects.retrieve("prj_1/é?#%2F..")
    url = network.requests[0].url
    assert url.raw_path == b"/api/v1/projects/prj_1%2F%C3%A9%3F%23%252F.."
    assert (url.host, url.port) == ("studio.localhost", 8000)


async def test_a_query_is_percent_encoded() -> None:
    network = Network(httpx.Response(200, json={"projects": []}))
    async with client(network) as flora:
        await flora.projects.list(workspace_id="ws_1", query="a b&c=é+/", limit=100)
    assert network.requests[0].url.query == b"workspace_id=ws_1&query=a%20b%26c%3D%C3%A9%2B%2F&limit=100"


@pytest.mark.parametrize("value", ["", ".", "..", None, 7])
def test_a_value_that_would_change_the_path_is_refused(value: object) -> None:
    with pytest.raises(InvalidArgumentError) as caught:
        path_of("/techniques/{technique_id}/runs", {"technique_id": value})
    assert caught.value.argument == "technique_id"


@pytest.mark.parametrize(
    ("path", "arguments", "told"),
    [
        ("projects.retrieve", {"project_id": ""}, "project_id='': expected an id that starts with 'prj_'"),
        ("projects.retrieve", {"project_id": ".."}, "project_id='..': expected"),
        ("projects.retrieve", {"project_id": "prj_"}, "project_id='prj_': expected"),
        ("projects.retrieve", {"project_id": "prj_a b"}, "project_id='prj_a b': expected"),
        ("projects.retrieve", {"project_id": "prj_1\n"}, r"project_id='prj_1\n': expected"),
        ("projects.retrieve", {"project_id": "prj_\ud800"}, r"project_id='prj_\ud800' is no valid Unicode text"),
        ("projects.list", {"workspace_id": "ws_1", "query": "\udfff"}, r"query='\udfff' is no valid Unicode text"),
        ("projects.list", {"workspace_id": "ws_1", "query": "x" * 100_000}, "the arguments make no address"),
        ("projects.retrieve", {"project_id": None}, "project_id=None: expected"),
        ("projects.retrieve", {"project_id": ["prj_1"]}, "project_id=['prj_1']: expected"),
        ("generations.retrieve", {"run_id": "prj_1"}, "client.generations.create(...)"),
        (
            "generations.create",
            {**GENERATION, "workspace_id": "prj_1"},
            "workspace_id='prj_1': expected an id that starts with 'ws_'. Take it from client.workspaces.list().",
        ),
        (
            "generations.create",
            {**GENERATION, "type": "t2i"},
            "type='t2i': expected one of 'image', 'video', 'audio', 'text'.",
        ),
        ("generations.create", {**GENERATION, "type": "Image"}, "Did you mean 'image'?"),
        ("generations.create", {**GENERATION, "prompt": " \n"}, r"prompt=' \n': expected a text that is not empty."),
        ("generations.create", {**GENERATION, "prompt": 5}, "prompt=5: expected a text that is not empty."),
        ("generations.create", {**GENERATION, "model": ""}, "model='': expected a text that is not empty."),
        ("generations.create", {**GENERATION, "params": "x"}, "params='x': expected a dict with text keys, not str."),
        ("generations.create", {**GENERATION, "params": {1: 2}}, "expected a dict with text keys, not dict."),
        ("generations.create", {**GENERATION, "params": {"a": float("nan")}}, "params cannot be written as JSON"),
        ("generations.create", {**GENERATION, "params": {"a": {1}}}, "params cannot be written as JSON"),
        ("generations.create", {**GENERATION, "prompt": "\ud800"}, "prompt cannot be written as JSON"),
        ("generations.create", {**GENERATION, "idempotency_key": "a b"}, "idempotency_key='a b': expected 1 to 255"),
        ("generations.create", {**GENERATION, "idempotency_key": "a\r\nb"}, r"idempotency_key='a\r\nb': expected"),
        ("generations.list", {"limit": 0}, "limit=0: expected a number from 1 to 100."),
        ("generations.list", {"limit": 101}, "limit=101: expected a number from 1 to 100."),
        ("generations.list", {"limit": True}, "limit=True: expected a whole number, not bool."),
        ("generations.list", {"limit": 1.5}, "limit=1.5: expected a whole number, not float."),
        ("generations.list", {"limit": "5"}, "limit='5': expected a number from 1 to 100."),
        ("generations.list", {"status": "done"}, "'pending', 'running', 'completed', 'failed'"),
        ("generations.list", {"cursor": 5}, "cursor=5: expected a text, not int."),
        ("techniques.runs.create", {**RUN, "inputs": []}, "inputs=[]: expected a list of at least 1 items."),
        ("techniques.runs.create", {**RUN, "inputs": {"photo": "x"}}, "expected a list of at least 1 items."),
        (
            "techniques.runs.create",
            {**RUN, "inputs": [{"id": "a", "type": "text", "value": "b"}, {"id": "a", "type": "text"}]},
            "expected at [1] 'value' in it. Its keys are id, type, value.",
        ),
        (
            "techniques.runs.create",
            {**RUN, "inputs": [{"id": "a", "type": "image_url", "value": "b"}]},
            "expected at [0]['type'] one of 'text', 'imageUrl', 'videoUrl'. Did you mean 'imageUrl'?",
        ),
        (
            "techniques.retrieve",
            {"technique_id": "book drop"},
            "'book drop': expected an id without spaces.",
        ),
        (
            "workspaces.projects.run_nodes",
            {**CANVAS, "node_ids": ["n1"] * 51},
            "expected a list of 1 to 50 items.",
        ),
        ("workspaces.projects.run_nodes", {**CANVAS, "node_ids": ["n1", ""]}, "expected at [1] an id without spaces."),
        (
            "workspaces.projects.canvas.apply_changeset",
            {**CANVAS, "add": [{"ref": "a", "type": "image", "position": {"x": 1}}]},
            "expected at [0]['position'] 'y' in it. Its keys are x, y.",
        ),
        (
            "workspaces.projects.canvas.apply_changeset",
            {**CANVAS, "remove": ["n1"]},
            "expected at [0] a dict, not str.",
        ),
        (
            "projects.canvas.update",
            {"project_id": "prj_1", "diagram": "graph LR", "node_params": {"content_url": "https://a/b.png"}},
            "expected at ['content_url'] a dict, not str.",
        ),
        (
            "workspaces.folders.create_project",
            {"folder_id": "libfolder_1", "workspace_id": "ws_1", "name": "a"},
            "starts with 'fld_'",
        ),
        ("runs.start_technique", {"technique_id": "slug", "workspace_id": "ws_1", "inputs": {}}, "starts with 'tech_'"),
        ("generations.wait", {"run_id": "run_1", "timeout_seconds": -1}, "expected a number from 0 to 3600."),
        ("generations.wait", {"run_id": "run_1", "timeout_seconds": 10**400}, "expected a number from 0 to 3600."),
        ("generations.wait", {"run_id": "run_1", "timeout_seconds": float("nan")}, "expected a number from 0 to 3600."),
        ("generations.wait", {"run_id": "run_1", "interval_seconds": 0}, "expected a number from 0.1 to 60."),
    ],
)
async def test_a_wrong_argument_is_refused_before_it_is_sent(
    path: str, arguments: dict[str, object], told: str
) -> None:
    network = Network()
    async with client(network) as flora:
        with pytest.raises(InvalidArgumentError) as caught:
            await flora.call(path, arguments)
    assert told in str(caught.value)
    assert network.requests == []


async def test_a_long_value_is_cut_in_the_message() -> None:
    async with client(Network()) as flora:
        with pytest.raises(InvalidArgumentError) as caught:
            await flora.projects.retrieve("x" * 1000)
    assert len(str(caught.value)) < 300


async def test_a_value_nested_beyond_all_depth_is_still_shown() -> None:
    value: list[object] = []
    for _ in range(100_000):
        value = [value]
    async with client(Network()) as flora:
        with pytest.raises(InvalidArgumentError) as caught:
            await flora.call("projects.retrieve", {"project_id": value})
        with pytest.raises(InvalidArgumentError):
            await flora.call("generations.create", {**GENERATION, "params": {"deep": value}})
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "http://[::1",
        "app.flora.ai",
        "ftp://app.flora.ai",
        "https://",
        "https://a:b@app.flora.ai",
        "https://app.flora.ai/?a=1",
    ],
)
def test_a_base_url_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(InvalidArgumentError):
        Flora(api_key=None, base_url=base_url)


@pytest.mark.parametrize("api_key", ["sk live", "sk_live_é", "sk_live\nx"])
def test_a_damaged_key_is_refused_without_being_shown(api_key: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        Flora(api_key=api_key)
    assert api_key not in str(caught.value)


async def test_a_key_is_trimmed_and_a_blank_one_is_none() -> None:
    for api_key, expected in ((" sk_live_secret\n", "Bearer sk_live_secret"), ("  ", None)):
        network = Network(httpx.Response(200, json={"workspaces": []}))
        async with client(network, api_key=api_key) as flora:
            await flora.workspaces.list()
        assert network.requests[0].headers.get("authorization") == expected


async def test_what_flora_adds_later_is_kept() -> None:
    sent = {**PROJECT, "colour": {"r": 1}, "last_modified": None}
    async with client(Network(httpx.Response(200, json=sent))) as flora:
        project = await flora.projects.retrieve("prj_1")
    assert isinstance(project, Project)
    assert project.plain() == sent


async def test_a_created_project_is_typed() -> None:
    network = Network(httpx.Response(201, json=PROJECT))
    async with client(network) as flora:
        assert await flora.projects.create(name="Foxes", workspace_id="ws_1") == Project.model_validate(PROJECT)
    assert network.bodies == [{"name": "Foxes", "workspace_id": "ws_1"}]

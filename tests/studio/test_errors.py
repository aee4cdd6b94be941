"""What the studio refuses, and how it says so."""

from typing import Any

import httpx
import pytest


def error_of(answer: Any) -> tuple[int, str, str, list[str]]:
    error = answer.json()["error"]
    assert set(error) <= {"code", "message", "fields"}
    assert answer.headers["request-id"].startswith("req_")
    assert answer.headers["content-type"] == "application/json"
    return answer.status_code, error["code"], error["message"], [each["field"] for each in error.get("fields", [])]


async def test_every_answer_has_a_request_id_of_its_own(api: Any) -> None:
    first, second = await api.http.get("workspaces"), await api.http.get("nowhere")
    assert first.headers["request-id"].startswith("req_")
    assert second.headers["request-id"].startswith("req_")
    assert first.headers["request-id"] != second.headers["request-id"]


async def test_a_missing_field_is_named_as_flora_names_it(api: Any) -> None:
    body = api.asked()
    del body["prompt"]
    answer = await api.post("generate", body)
    assert error_of(answer) == (400, "input_validation_error", "prompt: Required", ["prompt"])


async def test_every_field_at_fault_is_named(api: Any) -> None:
    answer = await api.post("generate", {"type": "t2i", "prompt": "", "size": 3, "workspace_id": "prj_1"})
    status, code, _, fields = error_of(answer)
    assert (status, code) == (400, "input_validation_error")
    assert sorted(fields) == ["project_id", "prompt", "size", "type", "workspace_id"]


async def test_an_unknown_key_is_refused_with_the_known_ones(api: Any) -> None:
    answer = await api.post("generate", api.asked(prompts="x"))
    message = "prompts: Unknown key; accepted are type, prompt, workspace_id, project_id, model, params, callback_url."
    assert error_of(answer) == (400, "input_validation_error", message, ["prompts"])


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"[]",
        b'"text"',
        b"nonsense",
        b'{"prompt": NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"prompt": ' + b"9" * 5000 + b"}",
    ],
    ids=["cut", "empty", "list", "string", "word", "nan", "bytes", "deep", "long number"],
)
async def test_what_is_no_json_object_is_refused(api: Any, body: bytes) -> None:
    answer = await api.http.post("generate", content=body, headers={"content-type": "application/json"})
    status, code, message, _ = error_of(answer)
    assert (status, code) == (400, "invalid_json")
    assert message


async def test_json_under_another_media_type_is_refused(api: Any) -> None:
    answer = await api.http.post("generate", content=b"{}", headers={"content-type": "text/plain"})
    assert error_of(answer)[:2] == (400, "invalid_json")


async def test_a_body_too_long_is_refused(api: Any) -> None:
    answer = await api.post("generate", api.asked(prompt="x" * 1_100_000))
    assert error_of(answer)[:2] == (400, "input_validation_error")


async def test_a_prompt_with_half_a_character_is_refused(api: Any) -> None:
    body = b'{"name": "\\ud800", "workspace_id": "' + api.workspace_id.encode() + b'"}'
    answer = await api.http.post("projects", content=body, headers={"content-type": "application/json"})
    status, code, message, _ = error_of(answer)
    assert (status, code) == (400, "invalid_json")
    assert "half" in message


async def test_an_unknown_model_is_answered_with_the_models_there_are(api: Any) -> None:
    answer = await api.post("generate", api.asked(model="t2i-dreams"))
    message = "model: 't2i-dreams' is no image model of this studio; use one of t2i-studio-scene."
    assert error_of(answer) == (400, "input_validation_error", message, ["model"])


async def test_a_type_without_models_is_refused(api: Any) -> None:
    answer = await api.post("generate", api.asked(type="video"))
    message = "type: This studio has no video model yet; it has models of type image."
    assert error_of(answer) == (400, "input_validation_error", message, ["type"])


@pytest.mark.parametrize(
    ("params", "field", "says"),
    [
        ({"aspect_ratio": "banana_9_9"}, "params.aspect_ratio", "1:1, 16:9, 9:16, 4:3"),
        ({"resolution": "4k"}, "params.resolution", "use one of 0.5k, 1k, 2k"),
        ({"resolution": ["1k"]}, "params.resolution", "['1k'] is not accepted"),
        ({"seed": -1}, "params.seed", "from 0 to 2147483647"),
        ({"seed": 2**31}, "params.seed", "from 0 to 2147483647"),
        ({"seed": "7"}, "params.seed", "'7' is not accepted"),
        ({"seed": True}, "params.seed", "True is not accepted"),
        ({"image_url": "https://x"}, "params.image_url", "it takes aspect_ratio, resolution, seed"),
    ],
)
async def test_a_bad_parameter_is_refused_with_what_is_accepted(
    api: Any, params: dict[str, Any], field: str, says: str
) -> None:
    status, code, message, fields = error_of(await api.post("generate", api.asked(params=params)))
    assert (status, code, fields) == (400, "input_validation_error", [field])
    assert says in message


async def test_a_refused_generation_leaves_no_run(api: Any) -> None:
    await api.post("generate", api.asked(params={"seed": -1}))
    assert (await api.get("generations"))["generations"] == []


async def test_a_webhook_that_could_not_be_signed_is_refused(api: Any) -> None:
    answer = await api.post("generate", api.asked(callback_url="https://example.com/hook"))
    assert error_of(answer)[3] == ["callback_url"]


async def test_a_project_of_another_workspace_is_refused(api: Any) -> None:
    other = await api.studio.create_workspace("Second")
    answer = await api.post("generate", api.asked(workspace_id=other))
    message = "Project does not belong to the specified workspace."
    assert error_of(answer) == (400, "input_validation_error", message, [])


@pytest.mark.parametrize(
    "path",
    [
        "projects/prj_none",
        "projects/prj_none/nodes",
        "projects?workspace_id=ws_none",
        "runs/run_none",
        "generations?workspace_id=ws_none",
        "generations?project_id=prj_none",
        "nowhere",
        "projects/",
        "http://studio.localhost/",
        "http://studio.localhost/media/run_none/output_1.png",
    ],
)
async def test_what_is_not_there_is_a_404_in_the_envelope(api: Any, path: str) -> None:
    status, code, message, fields = error_of(await api.http.get(path))
    assert (status, code, fields) == (404, "not_found", [])
    assert message


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("projects/run_1", "project_id"),
        ("projects/prj_", "project_id"),
        ("projects/prj_a%20b", "project_id"),
        ("runs/prj_1", "run_id"),
        ("projects?workspace_id=prj_1", "workspace_id"),
        ("projects", "workspace_id"),
        ("generations?workspace_id=1", "workspace_id"),
        ("generations?project_id=ws_1", "project_id"),
        ("generations?status=done", "status"),
        ("models?type=t2i", "type"),
    ],
)
async def test_an_id_or_filter_of_another_kind_is_refused(api: Any, path: str, field: str) -> None:
    status, code, _, fields = error_of(await api.http.get(path))
    assert (status, code, fields) == (400, "input_validation_error", [field])


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "projects", {"GET", "POST", "HEAD"}),
        ("GET", "generate", {"POST"}),
        ("PUT", "runs/run_1", {"GET", "HEAD"}),
    ],
)
async def test_another_method_is_a_405_that_names_the_right_ones(
    api: Any, method: str, path: str, allowed: set[str]
) -> None:
    answer = await api.http.request(method, path)
    assert error_of(answer)[:2] == (405, "method_not_allowed")
    named = set(answer.headers["allow"].split(", "))
    assert named
    assert named <= allowed


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "[::", "", "localhost.evil.example"])
async def test_a_host_that_is_not_the_studio_is_turned_away(api: Any, host: str) -> None:
    answer = await api.http.get("workspaces", headers={"host": host})
    assert error_of(answer)[:2] == (403, "forbidden")


async def test_a_closed_studio_says_so(open_api: Any) -> None:
    async with open_api() as api:
        pass
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api.studio.app), base_url=api.studio.base_url) as http:
        assert error_of(await http.get("workspaces"))[:2] == (503, "service_unavailable")

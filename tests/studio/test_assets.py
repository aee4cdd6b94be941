"""Assets by their address, in the request, and by signed upload."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from studio.pictures import film, huge_png, picture

from flora_mcp.studio.intake import MOST_DIRECT_BYTES
from flora_mcp.studio.web import Web

PNG = picture()
PUBLIC = "93.184.215.14"


def error_of(answer: httpx.Response) -> tuple[int, str, list[str]]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], [each["field"] for each in error.get("fields", [])]


async def send(api: Any, content: bytes = PNG, *, name: str = "cup.png", headers: Any = None, **fields: str) -> Any:
    """Sends a file as the official SDK does: some fields before it, some behind, its type unknown."""
    data = {"workspace_id": api.workspace_id, **fields}
    return await api.http.post(
        "assets", data=data, files={"file": (name, content, "application/octet-stream")}, headers=headers
    )


async def sourced(api: Any, source: str, **fields: object) -> Any:
    return await api.post("assets", {"source": source, "workspace_id": api.workspace_id, **fields})


def sent(content: bytes, *, content_type: str = "image/png") -> httpx.Response:
    """An answer that is still on its way, as from a real connection."""
    return httpx.Response(200, headers={"content-type": content_type}, stream=httpx.ByteStream(content))


@asynccontextmanager
async def with_site(open_api: Any, answers: dict[str, list[httpx.Response]]) -> AsyncIterator[Any]:
    """A studio for which `https://media.example` answers so, path by path, the last answer again and again."""

    async def resolve(host: str, _port: int) -> list[str]:
        return ["10.0.0.1" if host.startswith("inside") else PUBLIC]

    def answer(request: httpx.Request) -> httpx.Response:
        waiting = answers[request.url.path]
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    async with open_api(web=Web(resolve=resolve, transport=httpx.MockTransport(answer))) as api:
        yield api


async def test_bytes_in_the_request_are_a_ready_asset(api: Any) -> None:
    answer = await send(api, content_type="image/png", folder="Refs")
    assert answer.status_code == 201
    made = answer.json()
    asset_id, url = made.pop("asset_id"), made.pop("url")
    assert asset_id.startswith("asset_")
    assert made == {
        "status": "ready",
        "uploaded_via": "direct",
        "visibility": "workspace",
        "workspace_id": api.workspace_id,
    }
    file = await api.http.get(url)
    assert (file.content, file.headers["content-type"]) == (PNG, "image/png")
    assert file.headers["etag"] == f'"{hashlib.sha256(PNG).hexdigest()}"'
    part = await api.http.get(url, headers={"range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, b"PNG")
    assert await api.get(f"assets/{asset_id}") == {
        "asset_id": asset_id,
        "name": "cup.png",
        "description": None,
        "workspace_id": api.workspace_id,
        "url": url,
        "content_type": "image/png",
        "upload_content_type": "image/png",
        "uploaded_via": "direct",
        "status": "ready",
        "failure_message": None,
        "width": 40,
        "height": 30,
        "size_bytes": len(PNG),
        "created_at": "2027-01-15T08:00:00.000Z",
    }


async def test_an_asset_is_told_by_its_bytes_whatever_is_said_of_it(api: Any) -> None:
    made = (await send(api, film(), name="picture.png", content_type="image/png")).json()
    record = await api.get(f"assets/{made['asset_id']}")
    assert (record["content_type"], record["upload_content_type"]) == ("video/mp4", "image/png")
    assert (record["width"], record["height"]) == (640, 360)


@pytest.mark.parametrize(
    "content", [b"", b"<svg/>", PNG[:50], huge_png(width=20_000, height=8_000)], ids=["empty", "svg", "cut", "bomb"]
)
async def test_bytes_that_are_no_asset_are_refused_and_leave_nothing(api: Any, content: bytes) -> None:
    assert error_of(await send(api, content)) == (400, "input_validation_error", ["file"])
    assert (await api.get("assets"))["assets"] == []
    assert [path for path in (api.directory / "media").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("extra", [1, 100_000])
async def test_more_than_four_megabytes_want_a_signed_upload(api: Any, extra: int) -> None:
    answer = await send(api, PNG + bytes(MOST_DIRECT_BYTES - len(PNG) + extra))
    assert error_of(answer) == (400, "input_validation_error", ["file"])
    assert "'signed-url'" in answer.json()["error"]["message"]


async def test_four_megabytes_are_taken(api: Any) -> None:
    assert (await send(api, film() + bytes(MOST_DIRECT_BYTES - len(film())))).status_code == 201


async def test_a_form_is_as_strict_as_a_body(api: Any) -> None:
    answer = await send(api, colour="red", project_id="p1")
    status, code, fields = error_of(answer)
    assert (status, code, sorted(fields)) == (400, "input_validation_error", ["colour", "project_id"])
    accepted = "accepted are workspace_id, project_id, content_type, file_name, folder."
    assert accepted in answer.json()["error"]["message"]
    without = await api.http.post("assets", data={"workspace_id": api.workspace_id}, files={"image": PNG})
    assert error_of(without) == (400, "input_validation_error", ["file"])
    broken = await api.http.post("assets", content=b"x", headers={"content-type": "multipart/form-data"})
    assert error_of(broken) == (400, "input_validation_error", ["body"])


async def test_a_page_of_another_site_cannot_send_a_form(api: Any) -> None:
    for origin in ("https://evil.example", "null", "http://[::"):
        answer = await send(api, headers={"origin": origin})
        assert error_of(answer) == (403, "forbidden", [])
    assert (await send(api, headers={"origin": "http://localhost:5173"})).status_code == 201


async def test_an_asset_appears_in_its_project(api: Any) -> None:
    made = (await send(api, project_id=api.project_id)).json()
    [node] = (await api.get(f"projects/{api.project_id}/nodes"))["nodes"]
    node_id = node.pop("node_id")
    assert node == {
        "type": "image",
        "asset_id": made["asset_id"],
        "label": "cup.png",
        "url": made["url"],
        "width": 40,
        "height": 30,
    }
    [listed] = (await api.get("assets", project_id=api.project_id))["assets"]
    assert (listed["node_id"], listed["project_id"]) == (node_id, api.project_id)
    assert listed["created_at"] == 1_800_000_000_000
    assert "failure_message" not in listed


async def test_a_document_has_no_node_that_is_listed(api: Any) -> None:
    made = (await send(api, b"%PDF-1.7\n", project_id=api.project_id)).json()
    assert (await api.get(f"projects/{api.project_id}/nodes"))["nodes"] == []
    assert (await api.get("assets", project_id=api.project_id))["assets"][0]["asset_id"] == made["asset_id"]


async def test_a_ready_asset_is_attached_to_a_project(api: Any) -> None:
    asset_id = (await send(api)).json()["asset_id"]
    answer = await api.http.post(f"projects/{api.project_id}/assets/{asset_id}/attach")
    assert answer.status_code == 201
    [node] = (await api.get(f"projects/{api.project_id}/nodes"))["nodes"]
    assert answer.json() == {
        "asset_id": asset_id,
        "node_id": node["node_id"],
        "project_id": api.project_id,
        "canvas_url": f"http://studio.localhost/projects/{api.project_id}",
    }


async def test_what_cannot_be_attached_is_refused(api: Any) -> None:
    pending = (await sourced(api, "signed-url")).json()["asset_id"]
    ready = (await send(api)).json()["asset_id"]
    other = await api.studio.create_workspace("Second")
    foreign = (await api.post("projects", {"name": "F", "workspace_id": other})).json()["project_id"]

    async def attach(project_id: str, asset_id: str) -> tuple[int, str, list[str]]:
        return error_of(await api.http.post(f"projects/{project_id}/assets/{asset_id}/attach"))

    assert await attach(api.project_id, pending) == (409, "conflict", [])
    assert await attach(foreign, ready) == (400, "input_validation_error", [])
    assert await attach("prj_none", ready) == (404, "not_found", [])
    assert await attach(api.project_id, "asset_none") == (404, "not_found", [])
    assert await attach(api.project_id, "cup") == (400, "input_validation_error", ["asset_id"])


async def test_a_public_address_is_fetched(open_api: Any) -> None:
    answers = {"/shots/red%20cup.png": [sent(PNG, content_type="text/html")]}
    async with with_site(open_api, {**answers, "/shots/red cup.png": answers["/shots/red%20cup.png"]}) as api:
        answer = await sourced(api, "https://media.example/shots/red%20cup.png?v=1", project_id=api.project_id)
        assert answer.status_code == 201
        made = answer.json()
        assert (made["status"], made["uploaded_via"]) == ("ready", "url")
        record = await api.get(f"assets/{made['asset_id']}")
        assert (record["name"], record["content_type"], record["width"]) == ("red cup.png", "image/png", 40)
        assert (await api.http.get(made["url"])).content == PNG
        assert (await api.get(f"projects/{api.project_id}/nodes"))["nodes"][0]["label"] == "red cup.png"


@pytest.mark.parametrize(
    "source",
    [
        "https://inside.example/a.png",
        "http://media.example/a.png",
        "https://127.0.0.1/a.png",
        "data:image/png;base64,AAAA",
        "upload",
        "local",
        "/tmp/a.png",
        "http://studio.localhost/media/run_1/output_1.png",
    ],
)
async def test_a_source_that_is_not_public_is_refused(open_api: Any, source: str) -> None:
    async def resolve(host: str, _port: int) -> list[str]:
        return [PUBLIC if host == "media.example" else "127.0.0.1"]

    async with open_api(web=Web(resolve=resolve, transport=httpx.MockTransport(lambda _: httpx.Response(500)))) as api:
        assert error_of(await sourced(api, source)) == (400, "input_validation_error", ["source"])
        assert (await api.get("assets"))["assets"] == []


async def test_a_picture_of_a_run_becomes_an_asset_without_a_request(api: Any) -> None:
    first = (await send(api)).json()
    again = (await sourced(api, first["url"])).json()
    assert again["status"] == "ready"
    assert (await api.http.get(again["url"])).content == PNG


async def test_a_source_that_fails_can_be_tried_again(open_api: Any) -> None:
    answers = {"/a.png": [httpx.Response(503), sent(b"<html>"), sent(PNG)]}
    async with with_site(open_api, answers) as api:
        asset_id = (await sourced(api, "https://media.example/a.png", project_id=api.project_id)).json()["asset_id"]
        record = await api.get(f"assets/{asset_id}")
        assert (record["status"], record["url"]) == ("failed", None)
        assert record["failure_message"] == "The source answered with status 503 instead of a file."
        second = (await api.http.post(f"assets/{asset_id}/retry")).json()
        assert second["status"] == "failed"
        assert "begins with b'<html>'" in second["failure_message"]
        third = await api.http.post(f"assets/{asset_id}/retry")
        assert third.status_code == 200
        assert (third.json()["status"], third.json()["failure_message"]) == ("ready", None)
        assert len((await api.get(f"projects/{api.project_id}/nodes"))["nodes"]) == 1
        assert error_of(await api.http.post(f"assets/{asset_id}/retry")) == (409, "conflict", [])


async def test_a_signed_upload_is_a_form_then_complete(api: Any) -> None:
    made = (await sourced(api, "signed-url", file_name="cup.png", project_id=api.project_id)).json()
    upload = made["upload"]
    assert (upload["method"], upload["content_type"], upload["file_field"]) == ("POST", "multipart/form-data", "file")
    assert (made["status"], made["expires_at"]) == ("pending_upload", "2027-01-15T08:15:00.000Z")
    assert (await api.http.get(made["url"])).status_code == 404
    stored = await api.http.post(upload["url"], data=upload["form_fields"], files={"file": ("x", PNG)})
    assert (stored.status_code, stored.content) == (204, b"")
    assert (await api.get(f"assets/{made['asset_id']}"))["status"] == "pending_upload"
    answer = await api.http.post(f"assets/{made['asset_id']}/complete")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "asset_id": made["asset_id"],
            "status": "ready",
            "url": made["url"],
            "visibility": "workspace",
            "workspace_id": api.workspace_id,
            "failure_message": None,
        },
    )
    assert (await api.http.get(made["url"])).content == PNG
    assert (await api.get(f"projects/{api.project_id}/nodes"))["nodes"][0]["label"] == "cup.png"


async def test_a_signed_upload_may_be_bytes_alone_and_longer_than_a_request(api: Any) -> None:
    content = film() + bytes(MOST_DIRECT_BYTES)
    made = (await sourced(api, "signed-url")).json()
    assert (await api.http.put(made["upload_url"], content=content)).status_code == 204
    assert (await api.http.post(f"assets/{made['asset_id']}/complete")).json()["status"] == "ready"
    record = await api.get(f"assets/{made['asset_id']}")
    assert (record["size_bytes"], record["content_type"]) == (len(content), "video/mp4")


async def test_an_upload_wants_its_signature(api: Any) -> None:
    made, other = (await sourced(api, "signed-url")).json(), (await sourced(api, "signed-url")).json()
    bare, fields = made["upload"]["url"], made["upload"]["form_fields"]
    forbidden = (403, "forbidden", [])
    assert error_of(await api.http.put(bare, content=PNG)) == forbidden
    assert error_of(await api.http.put(bare, params=other["upload"]["form_fields"], content=PNG)) == forbidden
    assert error_of(await api.http.post(bare, files={"file": PNG})) == forbidden
    api.clock.now_ms += 15 * 60 * 1000
    assert error_of(await api.http.post(bare, data=fields, files={"file": PNG})) == forbidden


async def test_bytes_that_are_no_asset_fail_their_upload_which_can_be_opened_again(api: Any) -> None:
    made = (await sourced(api, "signed-url")).json()
    complete, retry = f"assets/{made['asset_id']}/complete", f"assets/{made['asset_id']}/retry"
    await api.http.put(made["upload_url"], content=b"<svg/>")
    failed = (await api.http.post(complete)).json()
    assert (failed["status"], failed["url"]) == ("failed", None)
    assert "b'<svg/>' is not accepted" in failed["failure_message"]
    assert error_of(await api.http.put(made["upload_url"], content=PNG)) == (409, "conflict", [])
    api.clock.now_ms += 60_000
    again = (await api.http.post(retry)).json()
    assert (again["status"], again["expires_at"]) == ("pending_upload", "2027-01-15T08:16:00.000Z")
    await api.http.put(again["upload_url"], content=PNG)
    assert (await api.http.post(complete)).json()["status"] == "ready"


async def test_what_is_not_waited_for_is_a_conflict(api: Any) -> None:
    made = (await sourced(api, "signed-url")).json()
    complete, retry = f"assets/{made['asset_id']}/complete", f"assets/{made['asset_id']}/retry"
    conflict = (409, "conflict", [])
    assert error_of(await api.http.post(complete)) == conflict
    assert error_of(await api.http.post(retry)) == conflict
    await api.http.put(made["upload_url"], content=PNG)
    assert (await api.http.post(complete)).status_code == 200
    assert error_of(await api.http.post(complete)) == conflict
    assert error_of(await api.http.put(made["upload_url"], content=film())) == conflict
    assert (await api.http.get(made["url"])).content == PNG
    direct = (await send(api)).json()["asset_id"]
    assert error_of(await api.http.post(f"assets/{direct}/complete")) == conflict


async def test_an_upload_that_nobody_used_fails_when_its_time_is_over(api: Any) -> None:
    asset_id = (await sourced(api, "signed-url")).json()["asset_id"]
    api.clock.now_ms += 15 * 60 * 1000
    assert (await api.http.post(f"assets/{asset_id}/complete")).json()["status"] == "failed"
    assert (await api.http.post(f"assets/{asset_id}/retry")).json()["status"] == "pending_upload"


async def test_two_completes_at_once_make_one_node(api: Any) -> None:
    made = (await sourced(api, "signed-url", project_id=api.project_id)).json()
    await api.http.put(made["upload_url"], content=PNG)
    statuses: list[int] = []

    async def complete() -> None:
        statuses.append((await api.http.post(f"assets/{made['asset_id']}/complete")).status_code)

    with anyio.fail_after(20):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(complete)
            tasks.start_soon(complete)
    assert sorted(statuses) == [200, 409]
    assert len((await api.get(f"projects/{api.project_id}/nodes"))["nodes"]) == 1


async def test_assets_are_listed_newest_first_and_filtered(api: Any) -> None:
    other = await api.studio.create_workspace("Second")
    for name in ("red cup.png", "blue cup.png", "film.mp4"):
        await send(api, name=name)
    await send(api, name="elsewhere.png", workspace_id=other)

    async def names(**query: str | int) -> list[str]:
        return [each["name"] for each in (await api.get("assets", **query))["assets"]]

    assert await names() == ["elsewhere.png", "film.mp4", "blue cup.png", "red cup.png"]
    assert await names(workspace_id=api.workspace_id, query="CUP") == ["blue cup.png", "red cup.png"]
    assert await names(workspace_id=other) == ["elsewhere.png"]
    assert await names(project_id=api.project_id) == []
    page = await api.get("assets", limit=3)
    rest = await api.get("assets", limit=3, cursor=page["meta"]["next_cursor"])
    assert [len(page["assets"]), len(rest["assets"]), rest["meta"]["next_cursor"]] == [3, 1, None]


async def test_an_asset_wants_its_workspace_and_project(api: Any) -> None:
    other = await api.studio.create_workspace("Second")
    assert error_of(await send(api, workspace_id="ws_none")) == (404, "not_found", [])
    assert error_of(await send(api, workspace_id=other, project_id=api.project_id))[0] == 400
    assert error_of(await sourced(api, "signed-url", workspace_id="ws_none")) == (404, "not_found", [])
    assert error_of(await api.http.get("assets/asset_none")) == (404, "not_found", [])
    assert error_of(await api.post("assets", {"workspace_id": api.workspace_id})) == (
        400,
        "input_validation_error",
        ["source"],
    )


async def test_a_key_makes_one_asset(api: Any) -> None:
    headers = {"Idempotency-Key": "a"}
    assert error_of(await send(api, b"nothing", headers=headers))[0] == 400
    assert (await send(api, headers=headers)).status_code == 201
    assert error_of(await send(api, headers=headers)) == (409, "idempotency_duplicate", [])
    assert len((await api.get("assets"))["assets"]) == 1
    assert len([path for path in (api.directory / "media").rglob("*") if path.is_file()]) == 1


async def test_assets_outlive_the_studio_process(open_api: Any) -> None:
    async with open_api() as api:
        made = (await send(api)).json()
        waiting = (await sourced(api, "signed-url")).json()
        await api.http.put(waiting["upload_url"], content=PNG)
    async with open_api() as api:
        assert (await api.http.get(made["url"])).content == PNG
        assert (await api.http.post(f"assets/{waiting['asset_id']}/complete")).json()["status"] == "ready"


async def test_a_full_disk_is_told_as_what_it_is(api: Any, tmp_path: Path) -> None:
    media = tmp_path / "data" / "media"
    media.mkdir(exist_ok=True)
    (media / "incoming").write_text("in the way")
    assert error_of(await send(api)) == (503, "service_unavailable", [])

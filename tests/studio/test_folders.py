"""Folders of projects, folders of the library, and feedback."""

import json
import sqlite3
from contextlib import closing
from typing import Any

import httpx
import pytest
from studio.pictures import picture

from flora_mcp.studio.web import Web


def error_of(answer: httpx.Response) -> tuple[int, str, list[str]]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], sorted(each["field"] for each in error.get("fields", []))


def rows(api: Any, query: str) -> list[Any]:
    with closing(sqlite3.connect(api.directory / "studio.sqlite3")) as connection:
        return connection.execute(query).fetchall()


async def test_a_project_is_created_in_a_folder(api: Any) -> None:
    folder_id = await api.studio.create_folder("Campaigns", workspace_id=api.workspace_id)
    answer = await api.post(f"workspaces/{api.workspace_id}/folders/{folder_id}/projects", {"name": "Spring"})
    assert answer.status_code == 201
    project = answer.json()
    assert (project["name"], project["workspace_id"]) == ("Spring", api.workspace_id)
    assert await api.get(f"projects/{project['project_id']}") == project
    assert rows(api, "SELECT folder_id FROM studio_projects WHERE name = 'Spring'") == [(folder_id,)]


async def test_a_folder_that_cannot_be_reached_is_a_404(api: Any) -> None:
    other = await api.studio.create_workspace("Second")
    foreign = await api.studio.create_folder("Theirs", workspace_id=other)
    for folder_id in (foreign, "fld_none"):
        answer = await api.post(f"workspaces/{api.workspace_id}/folders/{folder_id}/projects", {"name": "Spring"})
        assert error_of(answer) == (404, "not_found", [])
    answer = await api.post(f"workspaces/{api.workspace_id}/folders/libfolder_1/projects", {"name": "Spring"})
    assert error_of(answer) == (400, "input_validation_error", ["folder_id"])
    assert [each["name"] for each in (await api.get("projects", workspace_id=api.workspace_id))["projects"]] == ["Test"]


async def create_library(api: Any, **body: str) -> Any:
    answer = await api.post(f"workspaces/{api.workspace_id}/library/folders", body)
    assert answer.status_code == 201
    return answer.json()


async def test_a_library_folder_has_a_name_of_its_own_or_one_made_up(api: Any) -> None:
    named, unnamed = await create_library(api, name="Cups"), await create_library(api)
    assert named.pop("folder_id").startswith("libfolder_")
    assert named == {"name": "Cups", "workspace_id": api.workspace_id}
    assert unnamed["name"] == "Folder 2"


async def test_a_text_is_saved_in_a_library_folder(api: Any) -> None:
    folder_id = (await create_library(api))["folder_id"]
    path = f"workspaces/{api.workspace_id}/library/folders/{folder_id}/items"
    answer = await api.post(path, {"type": "text", "text": "soft light", "description": "Mood"})
    assert answer.status_code == 201
    saved = answer.json()
    saved_node_id = saved.pop("saved_node_id")
    assert saved == {"folder_id": folder_id, "workspace_id": api.workspace_id}
    kept = rows(api, "SELECT saved_node_id, folder_id, type, text, description, asset_id FROM studio_saved_nodes")
    assert kept == [(saved_node_id, folder_id, "text", "soft light", "Mood", None)]


async def test_a_picture_is_saved_by_its_address(open_api: Any) -> None:
    async def resolve(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14"]

    def answer(request: httpx.Request) -> httpx.Response:
        content = {"/cup.png": picture(), "/cup.pdf": b"%PDF-1.7\n"}[request.url.path]
        return httpx.Response(200, stream=httpx.ByteStream(content))

    async with open_api(web=Web(resolve=resolve, transport=httpx.MockTransport(answer))) as api:
        folder_id = (await create_library(api))["folder_id"]
        path = f"workspaces/{api.workspace_id}/library/folders/{folder_id}/items"
        saved = (await api.post(path, {"type": "image", "source": "https://media.example/cup.png"})).json()
        assert (await api.http.get(saved["url"])).content == picture()
        assert (await api.get(f"assets/{saved['asset_id']}"))["status"] == "ready"
        inferred = await api.post(path, {"source": saved["url"]})
        assert inferred.status_code == 201
        document = await api.post(path, {"type": "image", "source": "https://media.example/cup.pdf"})
        assert error_of(document) == (400, "input_validation_error", ["source"])
        assert len((await api.get("assets"))["assets"]) == 2


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["text"]),
        ({"type": "image"}, ["source"]),
        ({"type": "text"}, ["text"]),
        ({"type": "text", "source": "https://media.example/cup.png"}, ["source", "text"]),
        ({"source": "https://media.example/cup.png", "text": "both"}, ["text"]),
        ({"type": "video", "text": "x"}, ["type"]),
        ({"text": ""}, ["text"]),
        ({"text": "x", "colour": "red"}, ["colour"]),
        ({"source": "http://127.0.0.1/cup.png"}, ["source"]),
    ],
)
async def test_an_item_wants_what_its_type_needs_and_no_more(api: Any, body: dict[str, str], fields: list[str]) -> None:
    folder_id = (await create_library(api))["folder_id"]
    answer = await api.post(f"workspaces/{api.workspace_id}/library/folders/{folder_id}/items", body)
    assert error_of(answer) == (400, "input_validation_error", fields)


async def test_a_deleted_library_folder_lets_go_of_what_was_saved(api: Any) -> None:
    folder_id = (await create_library(api))["folder_id"]
    path = f"workspaces/{api.workspace_id}/library/folders/{folder_id}"
    await api.post(f"{path}/items", {"text": "soft light"})
    answer = await api.http.delete(path)
    expected = {"deleted": True, "folder_id": folder_id, "workspace_id": api.workspace_id}
    assert (answer.status_code, answer.json()) == (200, expected)
    assert rows(api, "SELECT text, folder_id FROM studio_saved_nodes") == [("soft light", None)]
    assert error_of(await api.http.delete(path)) == (404, "not_found", [])
    assert error_of(await api.post(f"{path}/items", {"text": "x"})) == (404, "not_found", [])


async def test_a_library_folder_of_another_workspace_is_a_404(api: Any) -> None:
    other = await api.studio.create_workspace("Second")
    folder_id = (await create_library(api))["folder_id"]
    assert error_of(await api.http.delete(f"workspaces/{other}/library/folders/{folder_id}"))[0] == 404
    assert error_of(await api.post("workspaces/ws_none/library/folders", {}))[0] == 404


FEEDBACK = {"kind": "bug", "summary": "The cup is blue", "detail": "I asked for a red one."}


async def test_feedback_is_kept(api: Any) -> None:
    more = {"attempted_tools": ["generations.create"], "workspace_id": api.workspace_id, "run_id": "run_1"}
    answer = await api.post("feedback", {**FEEDBACK, **more})
    assert answer.status_code == 201
    received = answer.json()
    assert received["feedback_id"].startswith("fb_")
    assert received["received_at"] == 1_800_000_000_000
    [(content,)] = rows(api, "SELECT content FROM studio_feedback")
    assert json.loads(content) == {**FEEDBACK, **more}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "praise"}, "kind"),
        ({"summary": ""}, "summary"),
        ({"detail": None}, "detail"),
        ({"run_id": "r1"}, "run_id"),
        ({"project_id": "p1"}, "project_id"),
        ({"workspace_id": "w1"}, "workspace_id"),
        ({"attempted_tools": "generations.create"}, "attempted_tools"),
        ({"mood": "bad"}, "mood"),
    ],
)
async def test_feedback_that_is_not_as_it_must_be_is_refused(api: Any, change: Any, field: str) -> None:
    assert error_of(await api.post("feedback", {**FEEDBACK, **change})) == (400, "input_validation_error", [field])


async def test_a_key_records_feedback_once(api: Any) -> None:
    headers = {"Idempotency-Key": "a"}
    assert (await api.post("feedback", FEEDBACK, **headers)).status_code == 201
    assert error_of(await api.post("feedback", FEEDBACK, **headers)) == (409, "idempotency_duplicate", [])

"""Workspaces, projects, models and pages of them."""

from typing import Any

import pytest
from studio.conftest import ON_BOTH

pytestmark = ON_BOTH


async def test_a_new_studio_has_one_workspace(api: Any) -> None:
    assert await api.get("workspaces") == {
        "workspaces": [
            {"workspace_id": api.workspace_id, "name": "Studio", "role": "admin", "created_at": 1_800_000_000_000}
        ]
    }


async def test_the_workspace_stays_the_same_at_the_next_start(open_api: Any) -> None:
    async with open_api() as api:
        first = await api.get("workspaces")
    async with open_api() as api:
        assert await api.get("workspaces") == first


@pytest.mark.parametrize("nested", [False, True])
async def test_a_project_is_created_and_read(api: Any, nested: bool) -> None:
    if nested:
        answer = await api.post(f"workspaces/{api.workspace_id}/projects", {"name": "Posters"})
    else:
        answer = await api.post("projects", {"name": "Posters", "workspace_id": api.workspace_id})
    assert answer.status_code == 201
    project = answer.json()
    assert project.pop("project_id").startswith("prj_")
    assert project == {
        "workspace_id": api.workspace_id,
        "name": "Posters",
        "origin": "api",
        "created_at": 1_800_000_000_000,
        "last_modified": 1_800_000_000_000,
    }
    assert await api.get(f"projects/{answer.json()['project_id']}") == answer.json()


async def test_projects_are_listed_by_their_latest_activity(api: Any) -> None:
    newer = (await api.post("projects", {"name": "Newer", "workspace_id": api.workspace_id})).json()

    async def names() -> list[str]:
        return [each["name"] for each in (await api.get("projects", workspace_id=api.workspace_id))["projects"]]

    assert await names() == ["Newer", "Test"]
    api.clock.now_ms += 1000
    await api.finished(await api.start())
    assert await names() == ["Test", "Newer"]
    assert (await api.get(f"projects/{newer['project_id']}"))["last_modified"] == 1_800_000_000_000


@pytest.mark.parametrize(("query", "found"), [("POST", ["Posters 100%"]), ("0%", ["Posters 100%"]), ("_", []), ("", 2)])
async def test_projects_are_found_by_a_part_of_their_name(api: Any, query: str, found: list[str] | int) -> None:
    await api.post("projects", {"name": "Posters 100%", "workspace_id": api.workspace_id})
    page = await api.get("projects", workspace_id=api.workspace_id, query=query)
    names = [each["name"] for each in page["projects"]]
    assert (len(names) if isinstance(found, int) else names) == found


async def test_the_catalogue_describes_its_model(api: Any) -> None:
    [model] = (await api.get("models", type="image"))["models"]
    params = {param["name"]: param for param in model.pop("params")}
    assert model == {
        "model_id": "t2i-studio-scene",
        "name": "Studio scene (local)",
        "type": "image",
        "provider": "flora-mcp studio",
        "capabilities": ["text-to-image", "deterministic", "local"],
        "estimated_credits": 4,
        "estimated_seconds": 5,
    }
    assert [option["value"] for option in params["resolution"]["options"]] == ["0.5k", "1k", "2k"]
    assert params["aspect_ratio"]["default"] == "1:1"
    assert params["seed"]["type"] == "seed"
    assert await api.get("models") == await api.get("models", type="image")
    assert await api.get("models", type="video") == {"models": []}


@pytest.mark.parametrize(
    ("aspect_ratio", "resolution", "size"),
    [
        ("1:1", "0.5k", (512, 512)),
        ("4:3", "1k", (1024, 768)),
        ("3:4", "1k", (768, 1024)),
        ("16:9", "2k", (2048, 1152)),
        ("9:16", "1k", (576, 1024)),
        ("3:2", "1k", (1024, 682)),
        ("21:9", "1k", (1024, 438)),
        ("5:4", "1k", (1024, 820)),
    ],
)
async def test_ratio_and_resolution_make_the_size(
    api: Any, aspect_ratio: str, resolution: str, size: tuple[int, int]
) -> None:
    run_id = await api.start(params={"aspect_ratio": aspect_ratio, "resolution": resolution})
    facts = (await api.finished(run_id))["facts"]
    assert (facts["width_px"], facts["height_px"]) == size


async def read_pages(api: Any, path: str, key: str, **query: Any) -> list[list[str]]:
    pages, cursor = [], None
    while True:
        page = await api.get(path, **query, **({"cursor": cursor} if cursor else {}))
        pages.append([each.get("name") or each["generation_id"] for each in page[key]])
        cursor = page["meta"]["next_cursor"]
        if cursor is None:
            return pages


async def test_pages_hold_twenty_and_end_without_a_cursor(api: Any) -> None:
    for number in range(44):
        await api.post("projects", {"name": f"P{number}", "workspace_id": api.workspace_id})
    pages = await read_pages(api, "projects", "projects", workspace_id=api.workspace_id)
    assert [len(page) for page in pages] == [20, 20, 5]
    assert [name for page in pages for name in page] == [f"P{number}" for number in reversed(range(44))] + ["Test"]


async def test_a_full_last_page_has_no_cursor(api: Any) -> None:
    await api.post("projects", {"name": "Second", "workspace_id": api.workspace_id})
    assert await read_pages(api, "projects", "projects", workspace_id=api.workspace_id, limit=2) == [["Second", "Test"]]


async def test_a_new_run_shifts_no_page(api: Any) -> None:
    run_ids = [await api.start() for _ in range(4)]
    first = await api.get("generations", limit=2)
    await api.start()
    second = await api.get("generations", limit=2, cursor=first["meta"]["next_cursor"])
    seen = [each["generation_id"] for page in (first, second) for each in page["generations"]]
    assert seen == list(reversed(run_ids))


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "ten", "١"])
async def test_a_page_of_another_size_is_refused(api: Any, limit: str) -> None:
    answer = await api.http.get("generations", params={"limit": limit})
    assert answer.status_code == 400
    assert answer.json()["error"]["fields"][0]["field"] == "limit"


async def test_a_cursor_of_another_list_is_refused(api: Any) -> None:
    await api.post("projects", {"name": "Second", "workspace_id": api.workspace_id})
    page = await api.get("projects", workspace_id=api.workspace_id, limit=1)
    for cursor in (page["meta"]["next_cursor"], "nonsense", "eyJvZmZzZXQiOjIwfQ", "é", "W10"):
        answer = await api.http.get("generations", params={"cursor": cursor})
        assert answer.status_code == 400
        assert answer.json()["error"]["fields"][0]["field"] == "cursor"

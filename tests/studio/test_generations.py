"""A generation, from the request to the file."""

import hashlib
from pathlib import Path
from typing import Any

import httpx
from studio.conftest import ON_BOTH

pytestmark = ON_BOTH


async def test_a_generation_is_accepted_with_its_price_and_where_to_poll(api: Any) -> None:
    answer = await api.post("generate", api.asked())
    assert answer.status_code == 201
    run_id = answer.json()["run_id"]
    assert answer.json() == {
        "run_id": run_id,
        "type": "generation",
        "charged_cost": 0.004,
        "estimated_seconds": 5,
        "model": {"model_id": "t2i-studio-scene"},
        "poll_url": f"http://studio.localhost/api/v1/runs/{run_id}",
        "project_id": api.project_id,
    }


async def test_a_completed_run_tells_its_outputs_cost_and_facts(api: Any) -> None:
    run_id = await api.start(params={"aspect_ratio": "4:3", "seed": 5})
    state = await api.finished(run_id)
    seconds = state["facts"].pop("render_seconds")
    assert seconds >= 0
    [output] = state["outputs"]
    output["url"], _, query = output["url"].partition("?")
    assert query.startswith("expires=")
    assert state == {
        "run_id": run_id,
        "status": "completed",
        "progress": 100,
        "created_at": 1_800_000_000_000,
        "started_at": 1_800_000_000_000,
        "completed_at": 1_800_000_000_000,
        "charged_cost": 0.004,
        "poll_url": f"http://studio.localhost/api/v1/runs/{run_id}",
        "outputs": [
            {
                "output_id": "output_1",
                "type": "imageUrl",
                "url": f"http://studio.localhost/media/{run_id}/output_1.png",
            }
        ],
        "facts": {
            "alt_text": "A drawing of a red cup",
            "recognised": [],
            "ignored": [],
            "seed": 5,
            "width_px": 1024,
            "height_px": 768,
        },
    }


async def test_an_absent_seed_is_drawn_and_told(api: Any) -> None:
    state = await api.finished(await api.start())
    assert state["facts"]["seed"] == 7


async def test_the_deprecated_path_starts_a_generation_too(api: Any) -> None:
    answer = await api.post("runs/generation", api.asked())
    assert answer.status_code == 201
    assert (await api.finished(answer.json()["run_id"]))["status"] == "completed"


async def test_a_completed_run_is_a_node_of_its_project(api: Any) -> None:
    run_id = await api.start()
    assert (await api.get(f"projects/{api.project_id}/nodes"))["nodes"] == []
    await api.finished(run_id)
    [node] = (await api.get(f"projects/{api.project_id}/nodes"))["nodes"]
    assert node.pop("node_id")
    node["url"] = node["url"].partition("?")[0]
    assert node == {
        "type": "image",
        "asset_id": None,
        "label": "a red cup",
        "url": f"http://studio.localhost/media/{run_id}/output_1.png",
        "width": 1024,
        "height": 1024,
    }


async def test_the_file_has_its_true_type_and_a_strong_etag(api: Any) -> None:
    state = await api.finished(await api.start())
    url = state["outputs"][0]["url"]
    answer = await api.http.get(url)
    digest = hashlib.sha256(answer.content).hexdigest()
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["etag"] == f'"{digest}"'
    again = await api.http.get(url, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_a_part_of_a_file_can_be_fetched(api: Any) -> None:
    state = await api.finished(await api.start())
    url = state["outputs"][0]["url"]
    whole = (await api.http.get(url)).content
    part = await api.http.get(url, headers={"range": "bytes=3-8"})
    assert (part.status_code, part.content) == (206, whole[3:9])
    assert part.headers["content-range"] == f"bytes 3-8/{len(whole)}"


async def test_a_head_request_tells_the_size_of_a_file(api: Any) -> None:
    state = await api.finished(await api.start())
    url = state["outputs"][0]["url"]
    whole = (await api.http.get(url)).content
    head: httpx.Response = await api.http.head(url)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(whole)))


async def test_a_file_is_served_to_who_holds_its_signed_address(api: Any) -> None:
    state = await api.finished(await api.start())
    url = state["outputs"][0]["url"]
    bare = url.partition("?")[0]
    query = dict(httpx.URL(url).params)
    for wrong in (
        {},
        {**query, "signature": "A" + query["signature"][1:]},
        {**query, "expires": str(int(query["expires"]) + 1)},
        {"expires": query["expires"]},
        {**query, "expires": "٣", "signature": "é"},
    ):
        assert (await api.http.get(bare, params=wrong)).status_code == 404
    assert (await api.http.get(url)).status_code == 200


async def test_an_address_of_media_is_good_for_a_year_and_stays_the_same_for_days(api: Any) -> None:
    run_id = await api.start()
    url = (await api.finished(run_id))["outputs"][0]["url"]
    day_ms = 24 * 60 * 60 * 1000
    api.clock.now_ms += day_ms
    assert (await api.finished(run_id))["outputs"][0]["url"] == url
    api.clock.now_ms += 363 * day_ms
    assert (await api.http.get(url)).status_code == 200
    api.clock.now_ms += 60 * day_ms
    assert (await api.http.get(url)).status_code == 404
    fresh = (await api.finished(run_id))["outputs"][0]["url"]
    assert (await api.http.get(fresh)).status_code == 200


async def test_an_address_of_media_outlives_the_studio_process(open_api: Any) -> None:
    async with open_api() as api:
        url = (await api.finished(await api.start()))["outputs"][0]["url"]
    async with open_api() as api:
        assert (await api.http.get(url)).status_code == 200


async def test_a_file_outside_the_runs_is_not_served(api: Any) -> None:
    await api.finished(await api.start())
    (Path(api.directory) / "media" / "secret.txt").write_text("secret")
    for path in (
        "/media/run_1/output_1.png",
        "/media/../studio.sqlite3",
        "/media/%2e%2e/studio.sqlite3",
        "/media/./secret.txt",
    ):
        assert (await api.http.get(f"http://studio.localhost{path}")).status_code == 404


async def test_a_file_that_was_deleted_is_a_404(api: Any) -> None:
    state = await api.finished(await api.start())
    (Path(api.directory) / "media" / state["run_id"] / "output_1.png").unlink()
    assert (await api.http.get(state["outputs"][0]["url"])).status_code == 404


async def test_generations_are_listed_newest_first_with_their_project(api: Any) -> None:
    first, second = await api.start(), await api.start(prompt="a blue cup")
    await api.finished(first)
    state = await api.finished(second)
    listed = (await api.get("generations"))["generations"]
    assert [each["generation_id"] for each in listed] == [second, first]
    assert listed[0] == {
        **state,
        "generation_id": second,
        "project_id": api.project_id,
        "workspace_id": api.workspace_id,
        "model": {"model_id": "t2i-studio-scene"},
    }


async def test_generations_are_filtered_by_workspace_project_and_status(api: Any) -> None:
    other = await api.studio.create_workspace("Second")
    project = (await api.post("projects", {"name": "Elsewhere", "workspace_id": other})).json()["project_id"]
    here = await api.start()
    there = await api.start(workspace_id=other, project_id=project)
    await api.finished(here)
    await api.finished(there)

    async def ids(**query: str) -> list[str]:
        return [each["run_id"] for each in (await api.get("generations", **query))["generations"]]

    assert await ids(workspace_id=other) == [there]
    assert await ids(project_id=api.project_id) == [here]
    assert await ids(status="completed") == [there, here]
    assert await ids(status="failed") == []
    assert await ids(workspace_id=other, project_id=api.project_id) == []

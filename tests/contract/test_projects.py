"""Projects: made, found, listed, and what is to be seen in them."""

import pytest
from contract.promises import promises
from contract.shapes import PROJECT_ID, TIME_MS, URL, UUID
from contract.sides import Side, faults
from contract.world import PNG


@promises("projects.create/makes-a-project", "projects.retrieve/is-read-again")
async def test_a_project_is_made_and_read_again(side: Side) -> None:
    made = await side.call("projects.create", name="Spring", workspace_id=side.workspace_id)
    assert made == {
        "project_id": PROJECT_ID,
        "workspace_id": side.workspace_id,
        "name": "Spring",
        "origin": "api",
        "created_at": TIME_MS,
        "last_modified": TIME_MS,
    }
    assert await side.call("projects.retrieve", project_id=made["project_id"]) == made


@pytest.mark.parametrize("arguments", [{}, {"name": ""}], ids=["absent", "empty"])
@promises("projects.create/needs-a-name")
async def test_a_project_needs_a_name(side: Side, arguments: dict[str, str]) -> None:
    assert faults(await side.refused("projects.create", workspace_id=side.workspace_id, **arguments)) == {"name"}


@promises("projects.create/needs-a-workspace")
async def test_a_project_needs_a_workspace_that_exists(side: Side) -> None:
    refusal = await side.refused("projects.create", name="Spring", workspace_id="ws_none")
    assert (refusal.kind, refusal.status, refusal.code) == ("NotFoundError", 404, "not_found")


@promises("projects.create/takes-no-other-keys")
async def test_a_project_takes_no_other_keys(side: Side) -> None:
    refusal = await side.refused("projects.create", name="Spring", workspace_id=side.workspace_id, colour="red")
    assert faults(refusal) == {"colour"}


@promises("projects.retrieve/missing-is-404")
async def test_a_missing_project_is_not_found(side: Side) -> None:
    refusal = await side.refused("projects.retrieve", project_id="prj_none")
    assert (refusal.kind, refusal.status, refusal.code) == ("NotFoundError", 404, "not_found")


@promises("projects.retrieve/wrong-prefix-is-400")
async def test_an_id_of_another_kind_is_wrong_input(side: Side) -> None:
    assert faults(await side.refused("projects.retrieve", project_id="ws_1")) == {"project_id"}


@promises("projects.list/pages", "projects.create/is-moved-to-the-front")
async def test_the_projects_of_a_workspace_come_in_pages_the_latest_first(side: Side) -> None:
    for name in ("One", "Two"):
        await side.call("projects.create", name=name, workspace_id=side.workspace_id)
    first = await side.call("projects.list", workspace_id=side.workspace_id, limit=2)
    assert [each["name"] for each in first.items] == ["Two", "One"]
    assert (set(first.body), first.has_next) == ({"projects", "meta"}, True)
    cursor = first.body["meta"]["next_cursor"]
    last = await side.call("projects.list", workspace_id=side.workspace_id, limit=2, cursor=cursor)
    assert [each["name"] for each in last.items] == ["Case"]
    assert (last.body["meta"], last.has_next) == ({"next_cursor": None}, False)
    run = await side.call("generations.create", **side.asked())
    await side.finished(run["run_id"])
    again = await side.call("projects.list", workspace_id=side.workspace_id)
    assert [each["name"] for each in again.items] == ["Case", "Two", "One"]


@promises("projects.list/finds-by-name")
async def test_projects_are_found_by_a_part_of_their_name(side: Side) -> None:
    for name in ("Spring campaign", "Autumn"):
        await side.call("projects.create", name=name, workspace_id=side.workspace_id)
    found = await side.call("projects.list", workspace_id=side.workspace_id, query="CAMP")
    assert [each["name"] for each in found.items] == ["Spring campaign"]


@promises("projects.list/needs-a-workspace", "projects.list/missing-workspace-is-404")
async def test_projects_are_listed_in_one_workspace_that_exists(side: Side) -> None:
    assert faults(await side.refused("projects.list")) == {"workspace_id"}
    refusal = await side.refused("projects.list", workspace_id="ws_none")
    assert (refusal.status, refusal.code) == (404, "not_found")


@promises("projects.list_nodes/shows-media")
async def test_a_finished_picture_is_a_node(side: Side) -> None:
    run = await side.call("generations.create", **side.asked(params={"aspect_ratio": "16:9"}))
    done = await side.finished(run["run_id"])
    page = await side.call("projects.list_nodes", project_id=side.project_id)
    assert page.items == [
        {
            "node_id": UUID,
            "type": "image",
            "asset_id": None,
            "label": "a red cup",
            "url": done["outputs"][0]["url"],
            "width": 1024,
            "height": 576,
        }
    ]
    assert page.body["meta"] == {"next_cursor": None}


@promises("projects.list_nodes/hides-what-is-not-done")
async def test_a_generation_that_is_not_done_is_no_node(side: Side) -> None:
    failed = await side.call("generations.create", **side.asked(prompt="fail"))
    await side.finished(failed["run_id"])
    side.world.painter.hold()
    held = await side.call("generations.create", **side.asked(prompt="hold"))
    assert (await side.call("projects.list_nodes", project_id=side.project_id)).items == []
    side.world.painter.let_go()
    await side.finished(held["run_id"])
    assert len((await side.call("projects.list_nodes", project_id=side.project_id)).items) == 1


@promises("projects.list_nodes/shows-an-asset")
async def test_an_asset_on_the_canvas_is_a_node(side: Side) -> None:
    asset = await side.upload(PNG, workspace_id=side.workspace_id, project_id=side.project_id, file_name="cup.png")
    [node] = (await side.call("projects.list_nodes", project_id=side.project_id)).items
    assert node == {
        "node_id": UUID,
        "type": "image",
        "asset_id": asset["asset_id"],
        "label": "cup.png",
        "url": URL,
        "width": 40,
        "height": 30,
    }


@promises("projects.list_nodes/missing-project-is-404")
async def test_the_nodes_of_a_missing_project_are_not_found(side: Side) -> None:
    refusal = await side.refused("projects.list_nodes", project_id="prj_none")
    assert (refusal.status, refusal.code) == (404, "not_found")

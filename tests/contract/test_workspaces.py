"""Workspaces, their folders, and the folders of their library."""

import pytest
from contract.promises import promises
from contract.shapes import ASSET_ID, PROJECT_ID, TIME_MS, URL, UUID, Like
from contract.sides import Side, body_of, faults
from contract.world import SITE


@promises("workspaces.list/lists-all")
async def test_the_workspaces_come_at_once(side: Side) -> None:
    listed = body_of(await side.call("workspaces.list"))
    assert set(listed) == {"workspaces"}
    own = {"workspace_id": side.workspace_id, "name": "Case", "role": Like(r"admin|member"), "created_at": TIME_MS}
    assert own in listed["workspaces"]


@promises("workspaces.projects.create/makes-a-project")
async def test_a_project_is_made_in_the_path_of_its_workspace(side: Side) -> None:
    made = await side.call("workspaces.projects.create", workspace_id=side.workspace_id, name="Spring")
    assert made == {
        "project_id": PROJECT_ID,
        "workspace_id": side.workspace_id,
        "name": "Spring",
        "origin": "api",
        "created_at": TIME_MS,
        "last_modified": TIME_MS,
    }
    assert await side.call("projects.retrieve", project_id=made["project_id"]) == made


@promises("workspaces.projects.create/needs-a-name", "workspaces.projects.create/missing-workspace-is-404")
async def test_a_project_in_a_path_needs_a_name_and_a_workspace(side: Side) -> None:
    assert faults(await side.refused("workspaces.projects.create", workspace_id=side.workspace_id, name="")) == {"name"}
    refusal = await side.refused("workspaces.projects.create", workspace_id="ws_none", name="Spring")
    assert (refusal.status, refusal.code) == (404, "not_found")


@promises("workspaces.folders.create_project/makes-a-project")
async def test_a_project_is_made_in_a_folder(side: Side) -> None:
    folder_id = await side.world.studio.create_folder("Campaigns", workspace_id=side.workspace_id)
    ids = {"workspace_id": side.workspace_id, "folder_id": folder_id}
    made = await side.call("workspaces.folders.create_project", **ids, name="Spring")
    assert (made["project_id"], made["workspace_id"], made["name"]) == (PROJECT_ID, side.workspace_id, "Spring")
    assert made in (await side.call("projects.list", workspace_id=side.workspace_id)).items


@promises("workspaces.folders.create_project/unreachable-folder-is-404")
async def test_a_folder_that_cannot_be_reached_is_not_found(side: Side) -> None:
    other = await side.world.studio.create_workspace("Other")
    foreign = await side.world.studio.create_folder("Theirs", workspace_id=other)
    for folder_id in ("fld_none", foreign):
        refusal = await side.refused(
            "workspaces.folders.create_project", workspace_id=side.workspace_id, folder_id=folder_id, name="Spring"
        )
        assert (refusal.status, refusal.code) == (404, "not_found")


@promises("workspaces.library.folders.create/has-its-name", "workspaces.library.folders.create/is-given-a-name")
async def test_a_library_folder_has_a_name(side: Side) -> None:
    create = "workspaces.library.folders.create"
    named = await side.call(create, workspace_id=side.workspace_id, name="Cups")
    assert named == {"folder_id": Like(r"libfolder_\S+"), "name": "Cups", "workspace_id": side.workspace_id}
    unnamed = await side.call(create, workspace_id=side.workspace_id)
    assert unnamed == {"folder_id": Like(r"libfolder_\S+"), "name": Like(r".+"), "workspace_id": side.workspace_id}


@promises("workspaces.library.folders.create/missing-workspace-is-404")
async def test_a_library_folder_needs_a_workspace_that_exists(side: Side) -> None:
    refusal = await side.refused("workspaces.library.folders.create", workspace_id="ws_none", name="Cups")
    assert (refusal.status, refusal.code) == (404, "not_found")


async def folder_of(side: Side) -> dict[str, str]:
    """Makes a folder of the library, and returns the ids that its methods want."""
    made = await side.call("workspaces.library.folders.create", workspace_id=side.workspace_id, name="Cups")
    return {"workspace_id": side.workspace_id, "folder_id": made["folder_id"]}


@promises("workspaces.library.folders.delete/deletes-once", "workspaces.library.folders.delete/gone-is-404")
async def test_a_library_folder_is_deleted_once(side: Side) -> None:
    ids = await folder_of(side)
    assert await side.call("workspaces.library.folders.delete", **ids) == {"deleted": True, **ids}
    refusal = await side.refused("workspaces.library.folders.delete", **ids)
    assert (refusal.status, refusal.code) == (404, "not_found")


@promises("workspaces.library.folders.add_item/saves-a-text")
async def test_a_text_is_saved_in_the_library(side: Side) -> None:
    ids = await folder_of(side)
    saved = await side.call("workspaces.library.folders.add_item", **ids, type="text", text="A cup.", description="Cup")
    assert saved == {**ids, "saved_node_id": UUID}


@promises(
    "workspaces.library.folders.add_item/saves-a-picture", "workspaces.library.folders.delete/leaves-what-was-saved"
)
async def test_a_picture_is_saved_in_the_library_and_outlives_its_folder(side: Side) -> None:
    ids = await folder_of(side)
    saved = await side.call("workspaces.library.folders.add_item", **ids, type="image", source=f"{SITE}/cup.png")
    assert saved == {**ids, "saved_node_id": UUID, "asset_id": ASSET_ID, "url": URL}
    await side.call("workspaces.library.folders.delete", **ids)
    asset = await side.call("assets.retrieve", asset_id=saved["asset_id"])
    assert (asset["status"], asset["url"]) == ("ready", saved["url"])


@pytest.mark.parametrize(("kind", "needed"), [("image", "source"), ("text", "text")])
@promises("workspaces.library.folders.add_item/needs-its-content")
async def test_an_item_needs_its_content(side: Side, kind: str, needed: str) -> None:
    ids = await folder_of(side)
    assert faults(await side.refused("workspaces.library.folders.add_item", **ids, type=kind)) == {needed}


@promises("workspaces.library.folders.add_item/fetches-nothing-private")
async def test_an_item_is_not_fetched_from_a_private_address(side: Side) -> None:
    ids = await folder_of(side)
    source = "https://inside.example/cup.png"
    refusal = await side.refused("workspaces.library.folders.add_item", **ids, type="image", source=source)
    assert faults(refusal) == {"source"}


@promises("workspaces.library.folders.add_item/missing-folder-is-404")
async def test_an_item_needs_a_folder_that_exists(side: Side) -> None:
    ids = {"workspace_id": side.workspace_id, "folder_id": "libfolder_none"}
    refusal = await side.refused("workspaces.library.folders.add_item", **ids, type="text", text="A cup.")
    assert (refusal.status, refusal.code) == (404, "not_found")

"""Assets: by their address, in the request, and by a signed upload."""

import random
from pathlib import Path
from typing import Any

import httpx
import pytest
from contract.promises import promises
from contract.shapes import ASSET_ID, ISO_TIME, TIME_MS, URL, UUID, Between, Like
from contract.sides import Refused, Side, faults
from contract.world import PNG, SITE
from PIL import Image
from studio.pictures import picture

DIRECT_BYTES = 4 * 1024 * 1024


async def reserve(side: Side, **changes: str) -> Any:
    return await side.call("assets.create", source="signed-url", workspace_id=side.workspace_id, **changes)


async def deliver(upload: Any, content: bytes) -> httpx.Response:
    """Sends bytes as the form that a reservation asks for."""
    async with httpx.AsyncClient(trust_env=False) as stranger:
        return await stranger.post(
            upload["url"], data=upload["form_fields"], files={upload["file_field"]: ("cup.png", content)}
        )


async def ready(side: Side, **changes: str) -> Any:
    return await side.upload(PNG, workspace_id=side.workspace_id, file_name="cup.png", **changes)


@promises("assets.create/reserves-an-upload")
async def test_an_upload_is_reserved(side: Side) -> None:
    reserved = await reserve(side, content_type="image/png", file_name="cup.png")
    assert reserved == {
        "asset_id": ASSET_ID,
        "status": "pending_upload",
        "uploaded_via": "signed_url",
        "url": URL,
        "visibility": "workspace",
        "workspace_id": side.workspace_id,
        "upload": {
            "url": URL,
            "method": "POST",
            "content_type": "multipart/form-data",
            "file_field": "file",
            "form_fields": {"expires": Like(r"\d+"), "signature": Like(r"\S+")},
        },
        "upload_url": URL,
        "expires_at": ISO_TIME,
    }


@pytest.mark.parametrize("alone", [False, True], ids=["form", "bytes alone"])
@promises("assets.complete/makes-it-ready")
async def test_an_upload_that_has_come_is_made_ready(side: Side, alone: bool) -> None:
    reserved = await reserve(side, content_type="image/gif", file_name="cup.gif")
    if alone:
        async with httpx.AsyncClient(trust_env=False) as stranger:
            delivered = await stranger.put(reserved["upload_url"], content=PNG)
    else:
        delivered = await deliver(reserved["upload"], PNG)
    assert delivered.is_success
    completed = await side.call("assets.complete", asset_id=reserved["asset_id"])
    assert completed == {
        "asset_id": reserved["asset_id"],
        "status": "ready",
        "url": reserved["url"],
        "visibility": "workspace",
        "workspace_id": side.workspace_id,
        "failure_message": None,
    }
    asset = await side.call("assets.retrieve", asset_id=reserved["asset_id"])
    assert (asset["content_type"], asset["upload_content_type"], asset["width"]) == ("image/png", "image/gif", 40)


@promises("assets.complete/fails-what-is-no-asset", "assets.retry/opens-it-again")
async def test_bytes_that_are_no_asset_fail_it_until_it_is_tried_again(side: Side) -> None:
    reserved = await reserve(side)
    await deliver(reserved["upload"], b"<svg/>")
    failed = await side.call("assets.complete", asset_id=reserved["asset_id"])
    assert (failed["status"], failed["url"], failed["failure_message"]) == ("failed", None, Like(r".+"))
    again = await side.call("assets.retry", asset_id=reserved["asset_id"])
    assert (again["status"], again["failure_message"]) == ("pending_upload", None)
    assert (await deliver(again["upload"], PNG)).is_success
    assert (await side.call("assets.complete", asset_id=reserved["asset_id"]))["status"] == "ready"


@promises("assets.complete/without-bytes-is-409", "assets.retry/needs-a-failure")
async def test_an_upload_that_has_not_come_is_neither_completed_nor_tried_again(side: Side) -> None:
    reserved = await reserve(side)
    for path in ("assets.complete", "assets.retry"):
        refusal = await side.refused(path, asset_id=reserved["asset_id"])
        assert (refusal.kind, refusal.status, refusal.code) == ("ConflictError", 409, "conflict")


@promises("assets.complete/twice-is-409", "assets.complete/missing-is-404")
async def test_an_asset_is_completed_once(side: Side) -> None:
    reserved = await reserve(side)
    await deliver(reserved["upload"], PNG)
    await side.call("assets.complete", asset_id=reserved["asset_id"])
    refusal = await side.refused("assets.complete", asset_id=reserved["asset_id"])
    assert (refusal.kind, refusal.status, refusal.code) == ("ConflictError", 409, "conflict")
    refusal = await side.refused("assets.complete", asset_id="asset_none")
    assert (refusal.status, refusal.code) == (404, "not_found")


@promises("assets.create/fetches-an-address")
async def test_an_address_is_fetched(side: Side) -> None:
    made = await side.call("assets.create", source=f"{SITE}/cup.png", workspace_id=side.workspace_id)
    assert made == {
        "asset_id": ASSET_ID,
        "status": "ready",
        "uploaded_via": "url",
        "url": URL,
        "visibility": "workspace",
        "workspace_id": side.workspace_id,
    }


@promises("assets.create/failed-fetch-is-an-asset", "assets.retry/fetches-again")
async def test_an_address_that_fails_is_fetched_again_when_asked(side: Side) -> None:
    made = await side.call("assets.create", source=f"{SITE}/none.png", workspace_id=side.workspace_id)
    assert made["status"] == "failed"
    again = await side.call("assets.retry", asset_id=made["asset_id"])
    assert again == {
        "asset_id": made["asset_id"],
        "status": "failed",
        "url": None,
        "visibility": "workspace",
        "workspace_id": side.workspace_id,
        "failure_message": Like(r".*404.*"),
    }


@promises("assets.create/fetches-nothing-private", "assets.create/takes-no-paths")
@pytest.mark.parametrize(
    "source", ["https://inside.example/cup.png", "http://127.0.0.1/cup.png", "/tmp/cup.png", "data:image/png;base64,"]
)
async def test_an_asset_comes_from_a_public_address_only(side: Side, source: str) -> None:
    asked = {"source": source, "workspace_id": side.workspace_id}
    assert faults(await side.refused("assets.create", **asked)) == {"source"}


@promises("assets.create/missing-workspace-is-404")
async def test_an_asset_needs_a_workspace_that_exists(side: Side) -> None:
    refusal = await side.refused("assets.create", source="signed-url", workspace_id="ws_none")
    assert (refusal.status, refusal.code) == (404, "not_found")


@promises("assets.retrieve/tells-what-is-known", "uploads/direct")
async def test_a_small_file_is_sent_in_one_request(side: Side) -> None:
    asset = await ready(side, content_type="image/png")
    assert asset == {
        "asset_id": ASSET_ID,
        "name": "cup.png",
        "description": None,
        "workspace_id": side.workspace_id,
        "url": URL,
        "content_type": "image/png",
        "upload_content_type": "image/png",
        "uploaded_via": "direct",
        "status": "ready",
        "failure_message": None,
        "width": 40,
        "height": 30,
        "size_bytes": len(PNG),
        "created_at": ISO_TIME,
    }
    asked = [(each.method, each.path, each.status) for each in side.world.door.exchanges]
    assert asked == [("POST", "/api/v1/assets", 201), ("GET", f"/api/v1/assets/{asset['asset_id']}", 200)]


@promises("assets.retrieve/missing-is-404")
async def test_a_missing_asset_is_not_found(side: Side) -> None:
    refusal = await side.refused("assets.retrieve", asset_id="asset_none")
    assert (refusal.kind, refusal.status, refusal.code) == ("NotFoundError", 404, "not_found")


@promises("uploads/signed")
async def test_a_long_file_goes_through_a_signed_upload(side: Side) -> None:
    noise = Image.frombytes("RGB", (1200, 1200), random.Random(7).randbytes(1200 * 1200 * 3))
    path = side.world.directory / "noise.png"
    noise.save(path)
    assert path.stat().st_size > DIRECT_BYTES
    asset = await side.upload(str(path), workspace_id=side.workspace_id)
    assert (asset["status"], asset["uploaded_via"]) == ("ready", "signed_url")
    assert (asset["size_bytes"], asset["width"]) == (path.stat().st_size, 1200)
    asset_id = asset["asset_id"]
    asked = [(each.method, each.path.removeprefix("/api/v1")) for each in side.world.door.exchanges]
    assert asked == [
        ("POST", "/assets"),
        ("POST", f"/uploads/{asset_id}"),
        ("POST", f"/assets/{asset_id}/complete"),
        ("GET", f"/assets/{asset_id}"),
    ]
    assert "authorization" not in side.world.door.exchanges[1].headers


@promises("uploads/by-address")
async def test_an_address_is_handed_to_the_studio(side: Side) -> None:
    asset = await side.upload(f"{SITE}/cup.png", workspace_id=side.workspace_id)
    assert (asset["status"], asset["uploaded_via"], asset["name"]) == ("ready", "url", "cup.png")


@promises("uploads/by-path")
async def test_a_file_is_sent_by_its_path(side: Side, tmp_path: Path) -> None:
    path = tmp_path / "cup.png"
    path.write_bytes(picture("JPEG"))
    asset = await side.upload(str(path), workspace_id=side.workspace_id)
    assert (asset["status"], asset["uploaded_via"], asset["name"]) == ("ready", "direct", "cup.png")
    assert asset["content_type"] == "image/jpeg"


@promises("uploads/no-asset")
async def test_a_file_that_is_no_asset_is_refused(side: Side) -> None:
    with pytest.raises(Refused) as caught:
        await side.upload(b"<svg/>", workspace_id=side.workspace_id)
    assert faults(caught.value) == {"file"}


@promises("uploads/failed")
async def test_an_upload_whose_asset_fails_is_an_error(side: Side) -> None:
    with pytest.raises(Refused, match="404") as caught:
        await side.upload(f"{SITE}/none.png", workspace_id=side.workspace_id)
    assert caught.value.status is None


@promises("uploads/unsigned")
async def test_an_upload_without_its_signature_is_forbidden(side: Side) -> None:
    reserved = await reserve(side)
    fields = {**reserved["upload"]["form_fields"], "signature": "x"}
    refused = await deliver({**reserved["upload"], "form_fields": fields}, PNG)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "forbidden")


@promises("assets.list/newest-first")
async def test_assets_are_listed_newest_first(side: Side) -> None:
    one = await ready(side)
    two = await ready(side, project_id=side.project_id)
    page = await side.call("assets.list", workspace_id=side.workspace_id)
    expected = []
    for asset, node_id, project_id in ((two, UUID, side.project_id), (one, None, None)):
        known = {name: value for name, value in asset.items() if name != "failure_message"}
        expected.append({**known, "created_at": TIME_MS, "node_id": node_id, "project_id": project_id})
    assert page.items == expected
    assert page.body["meta"] == {"next_cursor": None}


@promises("assets.list/filters", "assets.list/missing-workspace-is-404")
async def test_assets_are_filtered(side: Side) -> None:
    one = await side.upload(PNG, workspace_id=side.workspace_id, file_name="Red cup.png")
    two = await ready(side, project_id=side.project_id)

    async def found(**filters: str) -> list[str]:
        return [each["asset_id"] for each in (await side.call("assets.list", **filters)).items]

    assert await found(workspace_id=side.workspace_id) == [two["asset_id"], one["asset_id"]]
    assert await found(workspace_id=side.workspace_id, query="red") == [one["asset_id"]]
    assert await found(project_id=side.project_id) == [two["asset_id"]]
    refusal = await side.refused("assets.list", workspace_id="ws_none")
    assert (refusal.status, refusal.code) == (404, "not_found")


@promises("projects.assets.attach_asset/puts-it-on-the-canvas")
async def test_an_asset_is_put_on_a_canvas(side: Side) -> None:
    asset = await ready(side)
    attach = {"project_id": side.project_id, "asset_id": asset["asset_id"]}
    placed = await side.call("projects.assets.attach_asset", **attach)
    assert placed == {**attach, "node_id": UUID, "canvas_url": URL}
    [node] = (await side.call("projects.list_nodes", project_id=side.project_id)).items
    assert (node["node_id"], node["width"]) == (placed["node_id"], Between(40, 40))


@promises("projects.assets.attach_asset/needs-to-be-ready", "projects.assets.attach_asset/missing-is-404")
async def test_only_what_is_ready_and_exists_is_put_on_a_canvas(side: Side) -> None:
    attach = "projects.assets.attach_asset"
    reserved = await reserve(side)
    refusal = await side.refused(attach, project_id=side.project_id, asset_id=reserved["asset_id"])
    assert (refusal.kind, refusal.status, refusal.code) == ("ConflictError", 409, "conflict")
    for ids in (
        {"project_id": side.project_id, "asset_id": "asset_none"},
        {"project_id": "prj_none", "asset_id": (await ready(side))["asset_id"]},
    ):
        refusal = await side.refused(attach, **ids)
        assert (refusal.status, refusal.code) == (404, "not_found")

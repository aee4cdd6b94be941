"""Files of runs and assets, in a folder and in a bucket."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import boto3
import httpx
import pytest
from moto.server import ThreadedMotoServer
from studio.conftest import MODEL, Api, CountingIds, OpenApi, draw
from studio.pictures import picture

from flora_mcp.studio.errors import MediaWriteError, StudioUnavailableError
from flora_mcp.studio.media import FolderMedia, MediaStore, open_media
from flora_mcp.studio.media.copies import IN_USE_SECONDS, Copies
from flora_mcp.studio.renderers import RenderThreads

BUCKET = "pictures"

SMALL = picture(size=(30, 20))


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server that speaks S3, with one bucket."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "testing")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        environment.setenv("AWS_REGION", "us-east-1")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        boto3.client("s3", endpoint_url=address, region_name="us-east-1").create_bucket(Bucket=BUCKET)
        yield address
        server.stop()


@pytest.fixture(params=["folder", "bucket"])
def media(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    if request.param == "folder":
        return FolderMedia(tmp_path / "media")
    place = f"s3://{BUCKET}/{tmp_path.name}?endpoint={request.getfixturevalue('endpoint')}"
    return open_media(place, directory=tmp_path / "own")


def test_a_file_that_was_written_is_read(media: MediaStore) -> None:
    for _ in range(2):
        file = media.write(b"abc", owner_id="run_1", output_id="output_1", mime_type="image/png")
    assert (file.file_name, file.size_bytes) == ("output_1.png", 3)
    assert media.local(owner_id="run_1", file_name=file.file_name).read_bytes() == b"abc"
    media.remove("run_1")


def test_what_is_not_there_says_so(media: MediaStore, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        media.local(owner_id="run_1", file_name="output_1.png").read_bytes()
    assert not media.take(owner_id="run_1", file_name="upload", into=tmp_path / "taken")


def test_a_file_is_taken_once(media: MediaStore, tmp_path: Path) -> None:
    with media.incoming() as incoming:
        incoming.write_bytes(b"upload")
        media.adopt(incoming, owner_id="asset_1", file_name="upload")
        assert not incoming.exists()
    assert media.take(owner_id="asset_1", file_name="upload", into=tmp_path / "taken")
    assert (tmp_path / "taken").read_bytes() == b"upload"
    assert not media.take(owner_id="asset_1", file_name="upload", into=tmp_path / "again")


def test_many_who_take_a_file_get_it_whole_or_not_at_all(media: MediaStore, tmp_path: Path) -> None:
    content = b"x" * 3_000_000
    with media.incoming() as incoming:
        incoming.write_bytes(content)
        media.adopt(incoming, owner_id="asset_1", file_name="upload")
    results: list[bool] = []

    def take(number: int) -> None:
        results.append(media.take(owner_id="asset_1", file_name="upload", into=tmp_path / str(number)))

    threads = [threading.Thread(target=take, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert True in results
    assert {path.read_bytes() for path in tmp_path.glob("?")} == {content}


def test_an_arrival_that_nobody_adopts_leaves_nothing(media: MediaStore) -> None:
    with media.incoming() as incoming:
        incoming.write_bytes(b"half")
    assert not incoming.exists()


def test_arrivals_that_a_crash_left_are_swept_a_day_later(media: MediaStore) -> None:
    with media.incoming() as old, media.incoming() as new:
        old.write_bytes(b"half")
        new.write_bytes(b"half")
        os.utime(old, (time.time() - 90_000,) * 2)
        media.sweep()
        assert (old.exists(), new.exists()) == (False, True)


async def test_a_studio_keeps_outputs_and_assets_in_it(open_api: OpenApi, media: MediaStore) -> None:
    async with open_api(RenderThreads({MODEL: draw}), media=media, ids=CountingIds()) as api:
        state = await api.finished(await api.start())
        url = state["outputs"][0]["url"]
        whole = await api.http.get(url)
        assert whole.content.startswith(b"RenderRequest(")
        part = await api.http.get(url, headers={"range": "bytes=6-12"})
        assert (part.status_code, part.content) == (206, whole.content[6:13])
        assert part.headers["content-range"] == f"bytes 6-12/{len(whole.content)}"
        late = await api.http.get(url, headers={"range": "bytes=999999-"})
        assert late.status_code == 416
        asset = await uploaded(api, SMALL)
        assert (asset["status"], asset["width"], asset["height"]) == ("ready", 30, 20)
        assert (await api.http.get(asset["url"])).content == SMALL
        body = {
            "action_id": "resize-image-browser",
            "inputs": [{"type": "image", "url": asset["url"]}],
            "project_id": api.project_id,
            "workspace_id": api.workspace_id,
            "params": {"mode": "percent", "percent": 50},
        }
        run_id = (await api.post("runs/action", body)).json()["run_id"]
        assert (await api.finished(run_id))["status"] == "completed"


async def uploaded(api: Api, content: bytes) -> dict[str, Any]:
    """Uploads an asset by a signed address and completes it."""
    made = (await api.post("assets", {"source": "signed-url", "workspace_id": api.workspace_id})).json()
    target = made["upload"]
    sent = await api.http.post(target["url"], data=target["form_fields"], files={target["file_field"]: content})
    assert sent.status_code == 204, sent.text
    done = await api.http.post(f"assets/{made['asset_id']}/complete")
    assert done.status_code == 200, done.text
    found: dict[str, Any] = await api.get(f"assets/{made['asset_id']}")
    return found


async def test_a_file_of_another_machine_is_read_from_the_bucket(
    open_api: OpenApi, tmp_path: Path, endpoint: str
) -> None:
    place = f"s3://{BUCKET}/shared?endpoint={endpoint}"
    async with open_api(media=open_media(place, directory=tmp_path / "first")) as api:
        url = (await api.finished(await api.start()))["outputs"][0]["url"]
        content = (await api.http.get(url)).content
    async with open_api(media=open_media(place, directory=tmp_path / "second")) as api:
        assert (await api.http.get(url)).content == content


async def test_a_bucket_that_is_gone_fails_the_run_and_says_what_to_look_at(
    open_api: OpenApi, tmp_path: Path, endpoint: str
) -> None:
    media = open_media(f"s3://missing/here?endpoint={endpoint}", directory=tmp_path / "own")
    async with open_api(media=media) as api:
        with anyio.fail_after(60):
            state = await api.finished(await api.start())
    assert (state["status"], state["error_code"]) == ("failed", MediaWriteError.code)
    assert "Check the bucket and its credentials" in state["error_message"]


async def test_a_file_that_the_bucket_lost_is_a_404(open_api: OpenApi, tmp_path: Path, endpoint: str) -> None:
    media = open_media(f"s3://{BUCKET}/lost?endpoint={endpoint}", directory=tmp_path / "own")
    async with open_api(media=media) as api:
        run_id = await api.start()
        url = (await api.finished(run_id))["outputs"][0]["url"]
        media.remove(run_id)
        answer: httpx.Response = await api.http.get(url)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_copies_stay_within_their_bound_and_those_in_use_stay(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "copies", most_bytes=250)
    for number in range(4):
        part = tmp_path / "part"
        part.write_bytes(b"x" * 100)
        path = copies.add(part, "run_1", str(number))
        if number < 2:
            long_ago = time.time() - IN_USE_SECONDS - 10 + number
            os.utime(path, (long_ago, long_ago))
    copies.shrink()
    assert [copies.find("run_1", str(number)) is not None for number in range(4)] == [False, False, True, True]


@pytest.mark.parametrize(
    "place", ["ftp://somewhere/x", "s3:///prefix", "s3://bucket/x?acl=public", "s3://key:secret@bucket/x"]
)
def test_a_place_that_is_none_is_named_without_its_password(tmp_path: Path, place: str) -> None:
    with pytest.raises(StudioUnavailableError, match="is no place for media") as caught:
        open_media(place, directory=tmp_path)
    assert "key:secret" not in str(caught.value)


def test_a_folder_may_be_anywhere(tmp_path: Path) -> None:
    media = open_media(str(tmp_path / "elsewhere"), directory=tmp_path / "own")
    media.write(b"abc", owner_id="run_1", output_id="output_1", mime_type="image/png")
    assert (tmp_path / "elsewhere" / "run_1" / "output_1.png").read_bytes() == b"abc"

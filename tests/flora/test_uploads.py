"""Uploads: an address, bytes in one request, or a signed upload; the key goes to FLORA only."""

import json
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path

import httpx
import pytest
from flora.exchanges import ASSET, RESERVATION
from flora.network import Network, World, client, refusal

from flora_mcp.flora.errors import BadRequestError, InvalidArgumentError, OutcomeUncertainError, UploadError
from flora_mcp.flora.types import Asset, AssetUpload

MIB = 1024 * 1024
READY = {**RESERVATION, "status": "ready", "uploaded_via": "direct", "upload": None, "upload_url": None}
LARGE = bytes(range(256)) * (4 * 4096) + b"!"


def parts(request: httpx.Request) -> list[tuple[str, str | None, str | None, bytes]]:
    """Returns a form's parts: name, file name, content type and bytes."""
    assert int(request.headers["content-length"]) == len(request.content)
    head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + request.content)
    found = []
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        kind = part.get_content_type() if "content-type" in part else None
        content = part.get_payload(decode=True)
        assert isinstance(name, str)
        assert isinstance(content, bytes)
        found.append((name, part.get_filename(), kind, content))
    return found


def made(answer: dict[str, object] = READY) -> httpx.Response:
    return httpx.Response(201, json=answer)


def seen(status: str = "ready", **fields: object) -> httpx.Response:
    return httpx.Response(200, json={**ASSET, "status": status, **fields})


async def test_small_bytes_go_in_one_request() -> None:
    network = Network(made(), seen())
    async with client(network) as flora:
        asset = await flora.assets.upload(b"\x89PNG", workspace_id="ws_1", file_name="fox.png", project_id="prj_1")
    assert asset == Asset.model_validate(ASSET)
    create, look = network.requests
    assert (create.method, create.url.path) == ("POST", "/api/v1/assets")
    assert (look.method, look.url.path) == ("GET", "/api/v1/assets/asset_1")
    assert create.headers["authorization"] == "Bearer sk_live_secret"
    assert create.headers["idempotency-key"] == "key-1"
    assert parts(create) == [
        ("workspace_id", None, None, b"ws_1"),
        ("content_type", None, None, b"image/png"),
        ("file_name", None, None, b"fox.png"),
        ("project_id", None, None, b"prj_1"),
        ("file", "fox.png", "image/png", b"\x89PNG"),
    ]


async def test_a_file_is_named_after_its_path(tmp_path: Path) -> None:
    path = tmp_path / 'a "fox"\n.webp'
    path.write_bytes(b"RIFF")
    network = Network(made(), seen())
    async with client(network) as flora:
        await flora.assets.upload(str(path), workspace_id="ws_1")
    assert parts(network.requests[0])[-1] == ("file", "a %22fox%22%0A.webp", "image/webp", b"RIFF")


async def test_bytes_of_an_unknown_kind_are_left_to_flora() -> None:
    network = Network(made())
    async with client(network) as flora:
        got = await flora.assets.create_direct(b"??", workspace_id="ws_1", folder="in")
    assert got == AssetUpload.model_validate(READY)
    assert parts(network.requests[0]) == [
        ("workspace_id", None, None, b"ws_1"),
        ("folder", None, None, b"in"),
        ("file", "unnamed", "application/octet-stream", b"??"),
    ]


async def test_a_lost_direct_upload_is_sent_again_under_its_key_and_whole() -> None:
    network = Network(httpx.ReadTimeout("slow"), made(), seen())
    async with client(network) as flora:
        await flora.assets.upload(b"GIF8", workspace_id="ws_1", file_name="a.gif")
    first, second, _ = network.requests
    assert parts(first) == parts(second)
    assert network.keys == ["key-1", "key-1", None]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.com/a/fox%20red.png?size=2", "fox red.png"),
        ("HTTP://example.com/", None),
        ("https://example.com", None),
    ],
)
async def test_an_address_is_left_to_flora(url: str, name: str | None) -> None:
    network = Network(made({**READY, "uploaded_via": "url"}), seen())
    async with client(network) as flora:
        await flora.assets.upload(url, workspace_id="ws_1")
    named = {"file_name": name} if name else {}
    assert json.loads(network.requests[0].content) == {"source": url, "workspace_id": "ws_1", **named}


async def test_four_mebibytes_are_still_small() -> None:
    network = Network(made(), seen(), made(RESERVATION), httpx.Response(204), made(READY), seen())
    async with client(network) as flora:
        await flora.assets.upload(bytes([1]) * (4 * MIB), workspace_id="ws_1")
        await flora.assets.upload(bytes([1]) * (4 * MIB + 1), workspace_id="ws_1")
    assert [request.url.host for request in network.requests] == [
        "app.flora.ai",
        "app.flora.ai",
        "app.flora.ai",
        "storage.example",
        "app.flora.ai",
        "app.flora.ai",
    ]


async def test_a_large_file_goes_through_a_signed_upload(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(LARGE)
    network = Network(made(RESERVATION), httpx.Response(204), made(READY), seen())
    async with client(network) as flora:
        await flora.assets.upload(path, workspace_id="ws_1", folder="in")
    reserve, store, complete, look = network.requests
    assert network.replies == []
    assert reserve.read() == (
        b'{"source":"signed-url","workspace_id":"ws_1","content_type":"video/mp4","file_name":"film.mp4","folder":"in"}'
    )
    assert (store.method, str(store.url)) == ("POST", "https://storage.example/bucket")
    assert {"authorization", "idempotency-key"} & store.headers.keys() == set()
    assert parts(store) == [
        ("key", None, None, b"a/b"),
        ("policy", None, None, b"p"),
        ("file", "film.mp4", "video/mp4", LARGE),
    ]
    assert (complete.method, complete.url.path) == ("POST", "/api/v1/assets/asset_1/complete")
    assert complete.content == b""
    assert look.method == "GET"


async def test_a_reservation_without_a_form_takes_the_raw_bytes() -> None:
    reservation = {**RESERVATION, "upload": None, "upload_url": "https://storage.example/put"}
    network = Network(made(reservation), httpx.Response(200), made(READY), seen())
    async with client(network) as flora:
        await flora.assets.upload(LARGE, workspace_id="ws_1", content_type="video/mp4")
    store = network.requests[1]
    assert (store.method, str(store.url)) == ("PUT", "https://storage.example/put")
    assert (store.headers["content-type"], store.content) == ("video/mp4", LARGE)
    assert "authorization" not in store.headers


async def test_storage_that_stumbles_is_asked_again() -> None:
    storage = [refusal(503, retry_after_ms="5"), httpx.WriteError("reset"), httpx.Response(201)]
    network = Network(made(RESERVATION), *storage, made(READY), seen())
    async with client(network) as flora:
        await flora.assets.upload(LARGE, workspace_id="ws_1")
    assert [len(request.content) for request in network.requests[1:4]] == [len(network.requests[1].content)] * 3


async def test_storage_that_refuses_ends_the_upload_without_completing_it() -> None:
    reply = httpx.Response(403, text="<Error>SignatureDoesNotMatch</Error>")
    network = Network(made(RESERVATION), reply)
    async with client(network) as flora:
        with pytest.raises(UploadError) as caught:
            await flora.assets.upload(LARGE, workspace_id="ws_1")
    assert caught.value.attributes() == {"asset_id": "asset_1", "status": "pending_upload"}
    assert "SignatureDoesNotMatch" in str(caught.value)
    assert network.replies == []


async def test_a_reservation_without_any_place_is_an_error() -> None:
    network = Network(made({**RESERVATION, "upload": None, "upload_url": None}))
    async with client(network) as flora:
        with pytest.raises(UploadError):
            await flora.assets.upload(LARGE, workspace_id="ws_1")


@pytest.mark.parametrize(
    "replies",
    [
        [httpx.ReadTimeout("slow"), refusal(409, "idempotency_duplicate")],
        [refusal(409, "conflict")] * 3,
        [httpx.ReadTimeout("slow")] * 3,
    ],
)
async def test_a_completion_that_may_have_got_through_is_seen_at_the_asset(
    replies: list[httpx.Response | Exception],
) -> None:
    network = Network(made(RESERVATION), httpx.Response(204), *replies, seen("pending_upload"), seen())
    async with client(network) as flora:
        assert (await flora.assets.upload(LARGE, workspace_id="ws_1")).status == "ready"
    assert network.replies == []


async def test_an_upload_waits_until_the_asset_is_ready() -> None:
    network, world = Network(made(RESERVATION), seen("pending_upload"), seen("pending_upload"), seen()), World()
    async with client(network, world) as flora:
        await flora.assets.upload(b"1", workspace_id="ws_1", poll_interval_seconds=3)
    assert world.sleeps == [3, 3]


async def test_an_upload_that_is_not_ready_in_time_names_the_asset() -> None:
    network, world = Network(made(RESERVATION), *[seen("pending_upload")] * 4), World()
    async with client(network, world) as flora:
        with pytest.raises(UploadError) as caught:
            await flora.assets.upload(b"1", workspace_id="ws_1", poll_timeout_seconds=2.5)
    assert world.sleeps == [1.0, 1.0, 0.5]
    assert "client.assets.retrieve('asset_1')" in str(caught.value)


async def test_an_asset_that_fails_tells_why() -> None:
    network = Network(made(RESERVATION), seen("failed", failure_message="Too many pixels."))
    async with client(network) as flora:
        with pytest.raises(UploadError) as caught:
            await flora.assets.upload(b"1", workspace_id="ws_1")
    assert "Too many pixels." in str(caught.value)
    assert caught.value.status == "failed"


async def test_a_refused_upload_stays_a_refusal() -> None:
    network = Network(refusal(400, "input_validation_error", "file: kind not taken"))
    async with client(network) as flora:
        with pytest.raises(BadRequestError):
            await flora.assets.upload(b"1", workspace_id="ws_1")


async def test_an_upload_without_any_answer_is_uncertain() -> None:
    network = Network(*[httpx.ReadTimeout("slow")] * 3)
    async with client(network) as flora:
        with pytest.raises(OutcomeUncertainError) as caught:
            await flora.assets.upload(b"1", workspace_id="ws_1")
    assert caught.value.find == "client.assets.list(workspace_id='ws_1')"


@pytest.mark.parametrize(
    ("file", "fields"),
    [
        ("no/such/file.png", {}),
        (b"", {}),
        (Path("/"), {}),
        (b"1", {"content_type": "image"}),
        (b"1", {"content_type": "image/png\r\nx: y"}),
        (b"1", {"workspace_id": "prj_1"}),
        (b"1", {"poll_interval_seconds": 0.0}),
    ],
)
async def test_what_cannot_be_sent_is_refused_before(file: str | bytes | Path, fields: dict[str, object]) -> None:
    network = Network()
    async with client(network) as flora:
        with pytest.raises(InvalidArgumentError):
            await flora.assets.upload(file, **{"workspace_id": "ws_1", **fields})  # type: ignore[arg-type]
    assert network.requests == []


@pytest.mark.parametrize(
    "source", ["./fox.png", "data:image/png;base64,AA==", "upload", "", "https://", "ftp://a/b", 5]
)
async def test_a_source_that_flora_would_not_take_is_refused_before(source: object) -> None:
    network = Network()
    async with client(network) as flora:
        with pytest.raises(InvalidArgumentError):
            await flora.call("assets.create", {"source": source, "workspace_id": "ws_1"})
    assert network.requests == []

"""`show` as an agent sees it: pictures of outputs, runs, assets, files and addresses."""

import base64
import dataclasses
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from fakes.films import film, sound
from fakes.flora import FakeFlora, png
from mcp import Client
from PIL import Image
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from flora_mcp.app import open_app, open_desks
from flora_mcp.settings import Settings
from flora_mcp.tenant import Tenant

SMALL = {"aspect_ratio": "4:3", "resolution": "0.5k"}
HOME = "http://studio.localhost"


FORBIDDEN = (
    "/etc/passwd",
    "~/.ssh/id_rsa",
    "../secret.png",
    "file:///etc/passwd",
    "http://example.com/a.png",
    "https://127.0.0.1/a.png",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::1]/",
    "https://localhost/",
    "http://studio.localhost:81/a.png",
    "gopher://example.com/",
    "notes.txt",
    "link.png",
    "flora://nothing",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "media"
    place.mkdir()
    return place


@pytest.fixture
def rooted(settings: Settings, folder: Path) -> Settings:
    return dataclasses.replace(settings, upload_roots=(folder,))


@asynccontextmanager
async def connected(settings: Settings, flora: FakeFlora | None = None) -> AsyncIterator[Client]:
    backend = flora.app if flora is not None else None
    with anyio.fail_after(60):
        async with open_app(settings, backend=backend) as server, Client(server) as client:
            yield client


class Media(FakeFlora):
    """A FLORA with files of our own at `/files/{name}`, and assets of the same names."""

    def __init__(self, **files: bytes) -> None:
        super().__init__()
        self.files = files
        self.app.router.routes.insert(0, Route("/files/{name}", self._file))
        self.app.router.routes.insert(0, Route("/api/v1/assets/asset_{name}", self._asset))

    def run(self, *names: str) -> str:
        """A completed run whose outputs are these files."""
        run_id = self._start({})
        outputs = [{"output_id": name, "type": "imageUrl", "url": f"{HOME}/files/{name}"} for name in names]
        self.finish(run_id, outputs=outputs)
        return run_id

    def text(self, text: str) -> str:
        run_id = self._start({})
        self.finish(run_id, outputs=[{"output_id": "words", "type": "text", "url": text}])
        return run_id

    async def _file(self, request: Request) -> Response:
        content = self.files.get(request.path_params["name"])
        return Response(status_code=404) if content is None else Response(content)

    async def _asset(self, request: Request) -> Response:
        name = request.path_params["name"]
        ready = name in self.files
        url = f'"{HOME}/files/{name}"' if ready else "null"
        status = "ready" if ready else "pending_upload"
        body = f'{{"asset_id": "asset_{name}", "status": "{status}", "url": {url}}}'
        return Response(body, media_type="application/json")


def text_of(result: Any) -> str:
    return str(result.content[0].text)


def kinds(result: Any) -> list[str]:
    return [block.type for block in result.content]


def images(result: Any) -> list[Image.Image]:
    blocks = [block for block in result.content if block.type == "image"]
    assert sum(len(block.data) for block in blocks) <= 700_000
    return [Image.open(io.BytesIO(base64.b64decode(block.data))) for block in blocks]


async def test_an_output_is_shown_at_the_size_that_is_asked_for(settings: Settings) -> None:
    async with connected(settings) as client:
        made = await client.call_tool("generate", {"prompt": "a red mug", "params": SMALL})
        uri = next(block.uri for block in made.content if block.type == "resource_link")
        small = await client.call_tool("show", {"items": [uri], "size_px": 128})
        whole = await client.call_tool("show", {"items": uri, "size_px": 1568})
        run = await client.call_tool("show", {"items": [uri.split("/")[3]]})
    assert [max(image.size) for image in images(small)] == [128]
    assert [image.size for image in images(whole)] == [(512, 384)]
    assert kinds(small) == kinds(run) == ["text", "image", "resource_link"]
    assert "Previews are reduced: output_1 to 128x96 px." in text_of(small)
    assert "512x384 px, image/png" in text_of(small)
    assert uri in text_of(run)
    assert run.structured_content is None


async def test_many_go_on_one_numbered_sheet(settings: Settings) -> None:
    flora = Media(**{f"f{number}": png(f"#{number}0{number}0{number}0") for number in range(7)})
    async with connected(settings, flora) as client:
        result = await client.call_tool("show", {"items": [f"asset_f{number}" for number in range(7)], "size_px": 600})
    (sheet,) = images(result)
    assert max(sheet.size) <= 600
    assert "Contact sheet of 7 images: 1 is asset_f0, 2 is asset_f1" in text_of(result)


async def test_a_film_is_shown_by_a_poster_and_a_sound_by_its_waveform(settings: Settings) -> None:
    flora = Media(film=film(["black", "red"], sound=True), tone=sound(2.0))
    run_id = flora.run("film", "tone")
    async with connected(settings, flora) as client:
        result = await client.call_tool("show", {"items": [run_id], "size_px": 320})
    poster, waveform = images(result)
    assert poster.size == (320, 240)
    assert poster.convert("RGB").getpixel((200, 60))[0] > 200  # type: ignore[index]  # RGB has three channels
    assert waveform.size == (320, 80)
    told = text_of(result)
    assert "film is a video: 320x240 px, 2.0 s, 10 frames a second, with sound; the picture is its frame at" in told
    assert "tone is a sound: 2.0 s, mono, 8000 Hz, peak 50%; the picture is its waveform." in told
    assert kinds(result) == ["text", "image", "image", "resource_link", "resource_link"]


async def test_text_is_shown_as_text_and_whole(settings: Settings) -> None:
    flora = Media()
    poem = "\n".join(f"Line {number} of the poem." for number in range(200))
    run_id = flora.text(poem)
    async with connected(settings, flora) as client:
        result = await client.call_tool("show", {"items": [run_id]})
    assert poem in text_of(result)
    assert text_of(result).count("Line 7 of") == 1
    assert kinds(result) == ["text", "resource_link"]
    assert not result.is_error


async def test_a_long_text_is_cut_with_a_mark(settings: Settings) -> None:
    flora = Media()
    run_id = flora.text("word " * 20_000)
    async with connected(settings, flora) as client:
        result = await client.call_tool("show", {"items": [run_id]})
    assert len(text_of(result)) < 24_000
    assert "characters cut" in text_of(result)


async def test_a_drawing_in_svg_is_shown_as_its_source(settings: Settings) -> None:
    flora = Media(logo=b"<svg xmlns='http://www.w3.org/2000/svg'><circle r='4'/></svg>")
    async with connected(settings, flora) as client:
        result = await client.call_tool("show", {"items": ["asset_logo"]})
    assert "<circle r='4'/>" in text_of(result)
    assert kinds(result) == ["text"]


async def test_assets_addresses_and_files_are_told_with_their_facts(rooted: Settings, folder: Path) -> None:
    flora = Media(mug=png())
    (folder / "cup.png").write_bytes(png("red"))
    async with connected(rooted, flora) as client:
        result = await client.call_tool("show", {"items": ["asset_mug", f"{HOME}/files/mug?token=1", "cup.png"]})
    assert kinds(result) == ["text", "image", "image", "image"]
    assert f"asset_mug: image, 64x48 px, image/png, 137 bytes, {HOME}/files/mug" in text_of(result)
    assert f"{HOME}/files/mug: image, 64x48 px" in text_of(result)
    assert "cup.png: image, 64x48 px" in text_of(result)


async def test_what_is_there_is_shown_and_what_is_not_is_told(settings: Settings) -> None:
    flora = Media(mug=png())
    pending, failed = flora._start({}), flora._start({})
    flora.finish(failed, status="failed", outputs=None, error_message="refused")
    async with connected(settings, flora) as client:
        result = await client.call_tool(
            "show", {"items": ["asset_mug", "asset_late", pending, failed, "run_none", "x"]}
        )
        nothing = await client.call_tool("show", {"items": ["asset_late"]})
    assert not result.is_error
    assert len(images(result)) == 1
    told = text_of(result)
    assert "Not shown, asset_late: it is pending_upload" in told
    assert f"Not shown, {pending}: it is pending, 0% done. Call wait with its id first." in told
    assert f"Not shown, {failed}: it failed: refused." in told
    assert "Not shown, run_none: " in told
    assert "Not shown, x: There is no file 'x'" in told or "Not shown, x: 'x' was not read" in told
    assert nothing.is_error


async def test_an_output_that_was_never_stored_is_fetched(settings: Settings) -> None:
    flora = Media(mug=png())
    run_id = flora.run("mug")
    async with connected(settings, flora) as client:
        result = await client.call_tool("show", {"items": [f"flora://runs/{run_id}/outputs/mug"]})
        other = await client.call_tool("show", {"items": [f"flora://runs/{run_id}/outputs/none"]})
        by_run = await client.call_tool("show", {"items": [f"flora://runs/{run_id}", "flora://assets/asset_mug"]})
    assert len(images(result)) == 1
    assert f"it has flora://runs/{run_id}/outputs/mug." in text_of(other)
    assert len(images(by_run)) == 2


async def test_what_may_not_be_seen_is_not_shown(rooted: Settings, folder: Path, tmp_path: Path) -> None:
    (folder / "notes.txt").write_text("the secret word")
    (tmp_path / "secret.png").write_bytes(png())
    (folder / "link.png").symlink_to(tmp_path / "secret.png")
    async with connected(rooted) as client:
        for item in FORBIDDEN:
            result = await client.call_tool("show", {"items": [item]})
            assert result.is_error, item
            assert kinds(result) == ["text"]
            assert "secret word" not in text_of(result)


async def test_an_address_that_leads_to_a_page_is_not_read(settings: Settings) -> None:
    flora = Media(page=b"<html>the secret word</html>")
    async with connected(settings, flora) as client:
        result = await client.call_tool("show", {"items": [f"{HOME}/files/page"]})
    assert result.is_error
    assert "secret word" not in text_of(result)


async def test_over_http_no_file_is_shown(rooted: Settings, folder: Path) -> None:
    (folder / "cup.png").write_bytes(png())
    with anyio.fail_after(60):
        async with open_desks(rooted) as opened, Client(opened.server(lambda _: opened.local)) as client:
            result = await client.call_tool("show", {"items": [str(folder / "cup.png")]})
    assert result.is_error
    assert "reads no files of its machine" in text_of(result)


async def test_wrong_arguments_are_told(settings: Settings) -> None:
    async with connected(settings) as client:
        for arguments in ({"items": []}, {"items": ["a"], "size_px": 4000}, {"item": "run_1"}):
            result = await client.call_tool("show", arguments)
            assert result.is_error, arguments
            assert "show takes: items, size_px." in text_of(result)


async def test_over_http_an_output_is_named_by_the_address_that_was_told(settings: Settings) -> None:
    """The address is of this computer: nobody but this server could take it for an output."""
    here = "http://127.0.0.1:8765"
    with anyio.fail_after(60):
        async with open_desks(settings) as opened:
            server = opened.server(lambda _: opened.local, base_url_of=lambda _: here)
            async with Client(server) as client:
                made = await client.call_tool("generate", {"prompt": "a red mug", "params": SMALL})
                url = next(word.strip(",") for word in text_of(made).split() if word.startswith(f"{here}/outputs/"))
                shown = await client.call_tool("show", {"items": [url]})
                uploaded = await client.call_tool("upload", {"source": url})
                for other in (url.replace(here, "http://127.0.0.1:9"), f"{url}?", f"{here}/outputs/{'x' * 43}/a.png"):
                    refused = await client.call_tool("show", {"items": [other]})
                    assert refused.is_error, other
    assert kinds(shown) == ["text", "image", "resource_link"]
    assert url in text_of(shown)
    assert "ready, image/png, 512x384 px" in text_of(uploaded)


async def test_the_address_of_anothers_output_is_no_address_of_ours(settings: Settings) -> None:
    here = "http://127.0.0.1:8765"
    flora = Media(mug=png())
    run_id = flora.run("mug")
    whose = [Tenant(id="ada", api_key="sk_live_ada"), Tenant(id="bob", api_key="sk_live_bob")]
    with anyio.fail_after(60):
        async with open_desks(dataclasses.replace(settings, base_url=f"{HOME}/api/v1"), backend=flora.app) as opened:
            ada, bob = (opened.server(lambda _, t=t: t, base_url_of=lambda _: here) for t in whose)
            async with Client(ada) as client:
                told = text_of(await client.call_tool("show", {"items": [run_id]}))
            url = next(word.strip(",") for word in told.split() if word.startswith(f"{here}/outputs/"))
            async with Client(bob) as client:
                refused = [
                    await client.call_tool("show", {"items": [url]}),
                    await client.call_tool("upload", {"source": url}),
                ]
    assert all(result.is_error for result in refused)

"""`upload` as an agent uses it, and as an attacker would."""

import base64
import dataclasses
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from fakes.films import film
from fakes.flora import png
from mcp import Client
from PIL import Image

from flora_mcp.app import open_app, open_desks
from flora_mcp.settings import Settings

SMALL = {"aspect_ratio": "1:1", "resolution": "0.5k"}


FORBIDDEN = (
    "/etc/passwd",
    "../../../../etc/passwd",
    "~/.ssh/id_rsa",
    "/proc/self/environ",
    "file:///etc/passwd",
    "http://example.com/a.png",
    "https://127.0.0.1/a.png",
    "https://169.254.169.254/latest/meta-data/",
    "https://localhost/a.png",
    "https://[::1]/a.png",
    "http://studio.localhost.evil.example/a.png",
    "ftp://example.com/a.png",
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E",
    "data:text/plain;base64,cm9vdDp4OjA6MA==",
    "flora://runs/run_none/outputs/output_1",
    "flora://outputs",
    "run_none",
    "asset_none",
    "secret.txt",
    "link.png",
    "folder/passwd",
    " ",
)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "mug.png").write_bytes(png())
    return folder


@pytest.fixture
def rooted(settings: Settings, pictures: Path) -> Settings:
    return dataclasses.replace(settings, upload_roots=(pictures,))


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Client]:
    with anyio.fail_after(60):
        async with open_app(settings) as server, Client(server) as client:
            yield client


def text_of(result: Any) -> str:
    return str(result.content[0].text)


def asset_of(result: Any) -> str:
    assert not result.is_error, text_of(result)
    return text_of(result).splitlines()[1].partition(":")[0]


async def assets(client: Client) -> list[str]:
    program = "return [asset.asset_id async for asset in client.assets.list()]"
    result = await client.call_tool("execute", {"code": program})
    return sorted(word.strip("[]\",'") for word in text_of(result).split() if "asset_" in word)


async def test_a_picture_by_its_path_becomes_an_asset(rooted: Settings, pictures: Path) -> None:
    async with connected(rooted) as client:
        result = await client.call_tool("upload", {"source": str(pictures / "mug.png")})
        assert await assets(client) == [asset_of(result)]
    told = text_of(result)
    assert told.startswith("Uploaded; there is nothing to call again.")
    assert "ready, image/png, 64x48 px" in told
    assert "name 'mug.png'" in told
    assert "\nurl http" in told
    assert [block.type for block in result.content] == ["text"]


async def test_a_repeated_call_uploads_nothing_twice(rooted: Settings, pictures: Path) -> None:
    (pictures / "copy.png").write_bytes(png())
    (pictures / "other.png").write_bytes(png("red"))
    async with connected(rooted) as client:
        first = await client.call_tool("upload", {"source": "mug.png"})
        again = await client.call_tool("upload", {"source": str(pictures / "mug.png")})
        copy = await client.call_tool("upload", {"source": "copy.png"})
        other = await client.call_tool("upload", {"source": "other.png"})
        assert len(await assets(client)) == 2
    async with connected(rooted) as client:
        restarted = await client.call_tool("upload", {"source": "mug.png"})
    assert asset_of(first) == asset_of(again) == asset_of(copy) == asset_of(restarted) != asset_of(other)
    assert "the same asset, and nothing was sent again" in text_of(again)
    assert "the same asset, and nothing was sent again" in text_of(restarted)


async def test_calls_at_the_same_time_make_one_asset(rooted: Settings) -> None:
    results: list[Any] = []

    async with connected(rooted) as client:

        async def call() -> None:
            results.append(await client.call_tool("upload", {"source": "mug.png"}))

        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(call)
        assert len(await assets(client)) == 1
    assert len({asset_of(result) for result in results}) == 1


async def test_a_data_url_becomes_an_asset(settings: Settings) -> None:
    url = f"data:image/jpeg;base64,{base64.b64encode(png()).decode()}"
    async with connected(settings) as client:
        result = await client.call_tool("upload", {"source": url, "name": "mug.jpg"})
    assert "image/png, 64x48 px" in text_of(result)
    assert "name 'mug.png'" in text_of(result)


async def test_a_film_that_is_too_long_for_one_request_is_uploaded_by_parts(rooted: Settings, pictures: Path) -> None:
    (pictures / "film.mp4").write_bytes(film(["red"]) + b"\0\x50\0\0free" + bytes(5 * 1024 * 1024 - 8))
    async with connected(rooted) as client:
        result = await client.call_tool("upload", {"source": "film.mp4"})
        again = await client.call_tool("upload", {"source": "film.mp4"})
    assert asset_of(result) == asset_of(again)
    assert "video/mp4" in text_of(result)


async def test_an_earlier_output_becomes_an_asset_by_its_address_its_run_or_its_path(settings: Settings) -> None:
    async with connected(settings) as client:
        made = await client.call_tool("generate", {"prompt": "a red mug", "params": SMALL})
        uri = next(block.uri for block in made.content if block.type == "resource_link")
        path = next(word.strip(",") for word in text_of(made).split() if "/blobs/" in word)
        results = [
            await client.call_tool("upload", {"source": source, "name": "mug.png"})
            for source in (uri, uri.split("/")[3], path)
        ]
    assert len({asset_of(result) for result in results}) == 1
    assert "512x512 px" in text_of(results[0])


async def test_the_url_of_an_earlier_output_is_fetched_by_flora(settings: Settings) -> None:
    program = "async for run in client.generations.list():\n    return run.outputs[0].url"
    async with connected(settings) as client:
        await client.call_tool("generate", {"prompt": "a red mug", "params": SMALL})
        made = await client.call_tool("execute", {"code": program})
        url = text_of(made).partition('Returned: "')[2].partition('"')[0]
        result = await client.call_tool("upload", {"source": url})
        again = await client.call_tool("upload", {"source": url})
        assert await assets(client) == [asset_of(result)]
    assert asset_of(result) == asset_of(again)


async def test_an_asset_is_placed_on_a_canvas(rooted: Settings) -> None:
    program = """
ws = (await client.workspaces.list()).workspaces[0].workspace_id
return (await client.projects.create(name="Mugs", workspace_id=ws)).project_id
"""
    async with connected(rooted) as client:
        made = await client.call_tool("execute", {"code": program})
        project_id = next(word.strip('"') for word in text_of(made).split() if word.strip('"').startswith("prj_"))
        plain = await client.call_tool("upload", {"source": "mug.png"})
        placed = await client.call_tool("upload", {"source": "mug.png", "project_id": project_id})
        nodes = await client.call_tool(
            "execute", {"code": f"return [n.asset_id async for n in client.projects.list_nodes({project_id!r})]"}
        )
    assert asset_of(placed) in text_of(nodes)
    assert asset_of(plain) != asset_of(placed)


async def test_an_asset_that_is_gone_is_uploaded_again(rooted: Settings, tmp_path: Path) -> None:
    async with connected(rooted) as client:
        await client.call_tool("upload", {"source": "mug.png"})
    for file in (rooted.data_directory / "studio").iterdir():
        file.rename(tmp_path / file.name)
    async with connected(rooted) as client:
        result = await client.call_tool("upload", {"source": "mug.png"})
        assert await assets(client) == [asset_of(result)]
    assert text_of(result).startswith("Uploaded;")


async def test_what_may_not_be_uploaded_is_refused_with_the_next_step(
    rooted: Settings, pictures: Path, tmp_path: Path
) -> None:
    (pictures / "secret.txt").write_text("FLORA_API_KEY=sk_live_secret")
    (tmp_path / "outside.png").write_bytes(png())
    (pictures / "link.png").symlink_to(tmp_path / "outside.png")
    (pictures / "folder").symlink_to("/etc")
    async with connected(rooted) as client:
        for source in FORBIDDEN:
            result = await client.call_tool("upload", {"source": source})
            assert result.is_error, source
            assert "sk_live" not in text_of(result)
            assert text_of(result).rstrip()[-1] in ".:"
        assert await assets(client) == []


async def test_over_http_no_path_is_read_whatever_the_settings_say(rooted: Settings, pictures: Path) -> None:
    with anyio.fail_after(60):
        async with open_desks(rooted) as opened, Client(opened.server(lambda _: opened.local)) as client:
            for source in (str(pictures / "mug.png"), "mug.png", "~/mug.png", "/etc/passwd"):
                result = await client.call_tool("upload", {"source": source})
                assert result.is_error
                assert "reads no files of its machine" in text_of(result)
                assert 'client.assets.create(source="signed-url"' in text_of(result)
            url = f"data:image/png;base64,{base64.b64encode(png()).decode()}"
            assert asset_of(await client.call_tool("upload", {"source": url}))


async def test_where_nothing_may_be_changed_nothing_is_read(rooted: Settings) -> None:
    async with connected(dataclasses.replace(rooted, read_only=True)) as client:
        result = await client.call_tool("upload", {"source": "mug.png"})
    assert result.is_error
    assert "FLORA_READ_ONLY" in text_of(result)


async def test_a_picture_that_flora_finds_broken_is_told(rooted: Settings, pictures: Path) -> None:
    buffer = io.BytesIO()
    Image.effect_noise((200, 200), 50).save(buffer, "PNG")
    (pictures / "broken.png").write_bytes(buffer.getvalue()[:2000])
    async with connected(rooted) as client:
        result = await client.call_tool("upload", {"source": "broken.png"})
        (pictures / "broken.png").write_bytes(buffer.getvalue())
        repaired = await client.call_tool("upload", {"source": "broken.png"})
    assert result.is_error
    assert asset_of(repaired)

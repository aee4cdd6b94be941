"""What answers say of where an output is: a path for who shares the disk, an address for everybody else."""

import dataclasses
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from fakes.flora import FakeFlora, png
from mcp import Client

from flora_mcp.app.opening import Opened, open_desks
from flora_mcp.outputs import OutputGoneError
from flora_mcp.settings import Settings

HERE = "http://127.0.0.1:8765"


@pytest.fixture
def flora() -> FakeFlora:
    return FakeFlora()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(api_key=None, data_directory=tmp_path / "data", output_directory=tmp_path / "Pictures")


@asynccontextmanager
async def opened_at(settings: Settings, flora: FakeFlora, **options: Any) -> AsyncIterator[Opened]:
    with anyio.fail_after(30):
        async with open_desks(settings, backend=flora.app, **options) as opened:
            yield opened


async def generated(opened: Opened, flora: FakeFlora, base_url: str | None) -> str:
    """Returns all that an answer says in words."""
    server = opened.server(lambda _: opened.local, base_url_of=lambda _: base_url)

    async def finish(count: int) -> None:
        await flora.has(count)
        flora.finish(f"run_{count}")

    async with Client(server) as client, anyio.create_task_group() as tasks:
        tasks.start_soon(finish, len(flora.runs) + 1)
        result = await client.call_tool("generate", {"prompt": f"A mug, number {len(flora.runs)}"})
    assert not result.is_error
    return "\n".join(block.model_dump_json() for block in result.content if block.type != "image")


async def test_who_shares_the_disk_is_told_the_name_in_the_chosen_folder(settings: Settings, flora: FakeFlora) -> None:
    async with opened_at(settings, flora) as opened:
        told = await generated(opened, flora, None)
    (path,) = re.findall(r"file (\S+\.png)", told)
    assert Path(path).parent == settings.output_directory
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-a-mug-number-0-1\.png", Path(path).name)
    assert await anyio.Path(path).read_bytes() == png()


async def test_over_http_an_answer_names_an_address_and_no_path(settings: Settings, flora: FakeFlora) -> None:
    async with opened_at(settings, flora) as opened:
        told = await generated(opened, flora, HERE)
        (token,) = re.findall(rf"file {HERE}/outputs/([\w-]{{43}})/run_1-output_1\.png", told)
        found = await opened.pickup.find(token)
        assert found is not None
        assert (found.run_id, found.path.read_bytes()) == ("run_1", png())
        assert await opened.pickup.find("x" * 43) is None
    assert str(settings.data_directory.parent) not in told


async def test_a_public_address_is_told_to_everybody(settings: Settings, flora: FakeFlora) -> None:
    async with opened_at(settings, flora, public_url="https://media.example/flora/") as opened:
        told = await generated(opened, flora, HERE)
    assert "file https://media.example/flora/outputs/" in told
    assert HERE not in told


async def test_an_address_gives_the_file_when_it_had_to_go(settings: Settings, flora: FakeFlora) -> None:
    settings = dataclasses.replace(settings, output_directory=None)
    async with opened_at(settings, flora) as opened:
        told = await generated(opened, flora, HERE)
        (token,) = re.findall(r"/outputs/([\w-]{43})/", told)
        for _ in range(2):
            found = await opened.pickup.find(token)
            assert found is not None
            found.path.unlink()
        flora.media_status = 404
        with pytest.raises(OutputGoneError):
            await opened.pickup.find(token)

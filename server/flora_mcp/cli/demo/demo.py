"""Starts a server, has it run a program through MCP, and saves what comes."""

import base64
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import anyio
from mcp import Client
from mcp_types import BlobResourceContents, Resource, TextResourceContents

from flora_mcp.cli.demo.announcements import Announcements
from flora_mcp.cli.demo.answer import Answer
from flora_mcp.cli.demo.pictures import Album
from flora_mcp.cli.demo.program import program
from flora_mcp.cli.demo.screen import Screen, screen
from flora_mcp.cli.demo.server import connected
from flora_mcp.cli.demo.shot import Shot
from flora_mcp.cli.errors import CommandError, first
from flora_mcp.cli.wish import Wish
from flora_mcp.settings import Settings

FLORA_POLL_SECONDS = 2.5
"""`docs:guides/runs` recommends 2 to 5 s."""

STUDIO_POLL_SECONDS = 0.5

_PIXELS = re.compile(r"\b\d+x\d+\b")


def run(wish: Wish, settings: Settings) -> int:
    """Makes the pictures, saves them, and returns 0.

    Raises:
        CommandError: money would be spent unasked, or something went wrong on the way.
    """
    if settings.api_key is not None and not wish.confirmed:
        raise CommandError(
            f"FLORA_API_KEY is set, so {wish.count} pictures would cost real money. Add --yes to spend it, or unset "
            "the key and the studio makes them",
            exit_code=2,
        )
    album = Album(wish.output_directory)
    trouble: BaseException | None = None
    try:
        anyio.run(_demo, wish, settings, album)
    except* CommandError as group:
        trouble = first(group)
    if trouble is not None:
        raise trouble
    return 0


async def _demo(wish: Wish, settings: Settings, album: Album) -> None:
    begun = time.monotonic()
    poll_seconds = STUDIO_POLL_SECONDS if settings.api_key is None else FLORA_POLL_SECONDS
    text = program(wish, poll_seconds=poll_seconds)
    with screen() as shown:
        async with connected(settings) as client:
            made = await _make(client, text, shown)
            shots = [await _save(client, picture, made, wish=wish, album=album) for picture in made.completed]
    shown.shots(shots)
    shown.say(made.summary)
    shown.say(f"{len(shots)} of {wish.count} pictures in {time.monotonic() - begun:.1f} s")
    failed = [picture for picture in made.pictures if picture not in made.completed]
    if failed:
        reasons = ", ".join(f"{each['run_id']}: {each['error'] or each['status']}" for each in failed)
        raise CommandError(f"{len(failed)} of {len(made.pictures)} runs failed. {reasons}")


@dataclass(frozen=True, kw_only=True)
class Made:
    """What the program told of its runs, and the resources that came of them."""

    model_id: str
    pictures: list[dict[str, Any]]
    summary: str
    resources: dict[str, Resource]

    @property
    def completed(self) -> list[dict[str, Any]]:
        return [picture for picture in self.pictures if picture["status"] == "completed"]

    def resources_of(self, run_id: str) -> list[Resource]:
        start = f"flora://runs/{quote(run_id, safe='')}/"
        return [resource for uri, resource in self.resources.items() if uri.startswith(start)]


async def _make(client: Client, text: str, shown: Screen) -> Made:
    announcements = Announcements(client, shown.say)
    await announcements.begin()
    async with client.listen(resources_list_changed=True) as subscription, anyio.create_task_group() as tasks:
        tasks.start_soon(announcements.follow, subscription)
        answers = await _execute(client, text, shown)
        tasks.cancel_scope.cancel()
    await announcements.look()
    told = next(answer.value for answer in answers if answer.value is not None)
    return Made(
        model_id=told["model"],
        pictures=told["pictures"],
        summary=answers[-1].summary,
        resources=announcements.new,
    )


async def _execute(client: Client, text: str, shown: Screen) -> list[Answer]:
    """Runs the program, and waits for it as often as the server says that it is still running."""

    async def show(progress: float, total: float | None, message: str | None) -> None:
        shown.progress(progress, total, message or "")

    result = await client.call_tool("execute", {"code": text}, progress_callback=show)
    answers = [Answer.of(result)]
    while answers[-1].unfinished:
        result = await client.call_tool("wait", {"ids": answers[-1].unfinished}, progress_callback=show)
        answers.append(Answer.of(result))
    if answers[-1].is_error:
        raise CommandError(answers[-1].error)
    return answers


async def _save(client: Client, picture: dict[str, Any], made: Made, *, wish: Wish, album: Album) -> Shot:
    found = made.resources_of(picture["run_id"])
    if not found:
        raise CommandError(f"{picture['run_id']} is completed, but its picture could not be stored")
    resource = found[0]
    contents = (await client.read_resource(resource.uri, cache_mode="bypass")).contents[0]
    content = _bytes(contents)
    seed = picture["seed"]
    path = album.save(content, prompt=wish.prompt, seed=seed, mime_type=contents.mime_type)
    pixels = _PIXELS.search(resource.title or "")
    return Shot(
        path=path,
        model_id=made.model_id,
        seed=seed,
        pixels=pixels[0] if pixels else "",
        size_bytes=len(content),
        seconds=picture["seconds"],
    )


def _bytes(contents: BlobResourceContents | TextResourceContents) -> bytes:
    return base64.b64decode(contents.blob) if isinstance(contents, BlobResourceContents) else contents.text.encode()

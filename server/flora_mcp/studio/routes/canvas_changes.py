"""Makes a change of a canvas: looked at first, then its media brought in, then done in one transaction."""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

import anyio
import sqlalchemy as sa

from flora_mcp.studio.canvas.canvas import Canvas
from flora_mcp.studio.canvas.changeset import Applied, Supply, apply
from flora_mcp.studio.canvas.faults import Faults
from flora_mcp.studio.canvas.graph import graph
from flora_mcp.studio.canvas.kinds import BLOCKS, STATIC
from flora_mcp.studio.canvas.operations import MOST_CONTENT, Addition, Changes, Media
from flora_mcp.studio.errors import StudioUnavailableError, UnusableFileError, WebFailedError, WebRefusedError
from flora_mcp.studio.files import Modality
from flora_mcp.studio.routes.canvas_access import Here
from flora_mcp.studio.store import assets
from flora_mcp.studio.store import canvas as canvases
from flora_mcp.studio.store.assets import AssetFile, NewAsset

FETCHES = 4
"""How many media of one change are fetched at once."""

Wanted = Callable[[Canvas, Faults], Changes]
"""Returns what a request asks for, given the canvas; what is wrong with it goes to the faults."""


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """A file that was brought in for a node, not yet recorded."""

    asset: NewAsset
    file: AssetFile


@dataclass(frozen=True, kw_only=True)
class Made:
    """A change that was made, and the mark of the canvas since."""

    applied: Applied
    revision: str


async def make(here: Here, wanted: Wanted, *, operation: str) -> Made:
    """Changes the canvas.

    Raises:
        ApiError: 400, with every cause; nothing was changed. 404, 403, 409: see `Here.change`.
    """
    database = here.context.database
    bringing = await database.read(lambda connection: _looked_at(connection, here, wanted))
    async with AsyncExitStack() as stack:
        fetched = await _fetch(here, bringing, stack) if bringing else {}
        return await database.write(
            lambda connection: _made(connection, here, wanted, operation=operation, fetched=fetched)
        )


def _looked_at(connection: sa.Connection, here: Here, wanted: Wanted) -> list[tuple[Addition, str]]:
    """Returns the additions whose media must be fetched, each with its workspace; a bad change ends here.

    Raises:
        ApiError: 400, with every cause that can be told without fetching.
    """
    project = here.project(connection)
    here.caller.check_role()
    canvas, faults = here.read(connection)[0], Faults()
    changes = wanted(canvas, faults)
    brought = [each for each in changes.add if each.content_url is not None and each.type in STATIC]
    if len(brought) > MOST_CONTENT:
        text = f"{len(brought)} nodes bring media along; {MOST_CONTENT} may in one change."
        faults.add(brought[-1].origin.field("content_url"), "too_many", text)
    media, foreign = {}, []
    for addition in brought:
        url = addition.content_url or ""
        if not here.context.links.owns(url):
            foreign.append((addition, str(project["workspace_id"])))
            continue
        found = here.own_media(connection, url)
        if found is None:
            text = f"{url[:200]!r} is no address of this studio's media; use the whole url, with its query."
            faults.add(addition.origin.field("content_url"), "content_unreachable", text)
        else:
            media[addition.ref] = found
    # Ids are only counted here: the transaction that makes the change draws its own.
    ids = [f"new-{number}" for number in range(len(changes.add))]
    numbers = iter(range(len(changes.add) + len(changes.connect)))
    supply = Supply(offer=here.offer, short_ids=ids, new_id=lambda: f"new id {next(numbers)}", media=media)
    apply(canvas, changes, supply=supply, faults=faults)
    faults.check()
    return foreign


def _made(
    connection: sa.Connection, here: Here, wanted: Wanted, *, operation: str, fetched: Mapping[str, Fetched]
) -> Made:
    here.change(connection, operation)
    canvas, faults = here.read(connection)[0], Faults()
    changes = wanted(canvas, faults)
    now_ms = here.context.clock_ms()
    media: dict[str, Media] = {}
    for addition in changes.add:
        one = fetched.get(addition.ref)
        if one is not None:
            assets.create(connection, one.asset, expires_at_ms=None, now_ms=now_ms)
            node_id = here.context.ids.node()
            assets.make_ready(connection, one.asset.asset_id, file=one.file, node_id=node_id, now_ms=now_ms)
            kind = assets.MODALITIES[one.file.content_type]
            media[addition.ref] = Media(type=kind, asset_id=one.asset.asset_id)
        elif addition.content_url is not None and (own := here.own_media(connection, addition.content_url)) is not None:
            media[addition.ref] = own
    short_ids = canvases.take_short_ids(connection, here.project_id, count=len(changes.add))
    supply = Supply(offer=here.offer, short_ids=short_ids, new_id=here.context.ids.node, media=media)
    applied = apply(canvas, changes, supply=supply, faults=faults)
    faults.check()
    here.write(connection, before=canvas, after=applied.canvas)
    after, states = here.read(connection)
    told = graph(after, states, offer=here.offer, address=here.address)
    return Made(applied=applied, revision=str(told["revision"]))


async def _fetch(here: Here, bringing: list[tuple[Addition, str]], stack: AsyncExitStack) -> dict[str, Fetched]:
    """Brings media in, which are removed when the stack ends with an error.

    Raises:
        ApiError: 400, with every address at fault.
        StudioUnavailableError: The disk refused something.
    """
    found: dict[str, Fetched] = {}
    faults, places = Faults(), anyio.CapacityLimiter(FETCHES)
    unavailable: list[StudioUnavailableError] = []

    async def fetch(addition: Addition, workspace_id: str) -> None:
        asset = _asset(here, addition, workspace_id)
        field = addition.origin.field("content_url")
        await stack.enter_async_context(here.context.intake.kept_if_recorded(asset.asset_id))
        try:
            async with places:
                kept = await _brought(here, asset, addition)
        except (WebRefusedError, WebFailedError) as exc:
            faults.add(field, "content_unreachable", str(exc))
        except UnusableFileError as exc:
            faults.add(field, "content_unusable", str(exc))
        except StudioUnavailableError as exc:
            unavailable.append(exc)
        else:
            found[addition.ref] = Fetched(asset=asset, file=kept)

    async with anyio.create_task_group() as tasks:
        for addition, workspace_id in bringing:
            tasks.start_soon(fetch, addition, workspace_id)
    if unavailable:
        raise unavailable[0]
    faults.check()
    return found


async def _brought(here: Here, asset: NewAsset, addition: Addition) -> AssetFile:
    intake = here.context.intake
    with intake.incoming() as incoming:
        await intake.fetch(asset.source or "", into=incoming)
        return await intake.keep(incoming, asset_id=asset.asset_id, wanted=_wanted(addition))


def _asset(here: Here, addition: Addition, workspace_id: str) -> NewAsset:
    return NewAsset(
        asset_id=here.context.ids.new("asset_"),
        workspace_id=workspace_id,
        project_id=None,
        name=addition.label[:200] if addition.label else None,
        folder=None,
        uploaded_via="url",
        source=addition.content_url,
        upload_content_type=None,
    )


def _wanted(addition: Addition) -> Modality | None:
    media = BLOCKS[STATIC[addition.type]].media
    return media if media in ("image", "video", "audio") else None

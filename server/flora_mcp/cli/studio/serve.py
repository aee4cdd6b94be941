"""Serves the studio alone, over HTTP, for any FLORA client."""

import argparse
import asyncio
import sys
from functools import partial

import anyio

from flora_mcp.cli.arguments import whole
from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.signals import ending_on_signals
from flora_mcp.cli.studio.door import access_of, add_door, public_url_of
from flora_mcp.cli.studio.place import directory_of
from flora_mcp.settings import Settings
from flora_mcp.studio import Access, Studio, listen, serve
from flora_mcp.studio.media import MEDIA, open_media
from flora_mcp.studio.web import Web


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Serves the studio, an API compatible with FLORA's, over HTTP. Unless told otherwise it is open to this "
        "machine, for any key, and to no other."
    )
    add = parser.add_argument
    add("--port", type=whole(0, 65535), metavar="N", help="where to serve; 0 takes any free one")
    add("--host", default="127.0.0.1", help="default: %(default)s")
    add_door(parser)
    add(
        "--media",
        default=None,
        metavar="PLACE",
        help="where files are kept: a folder, or s3://bucket/prefix (with ?endpoint=…&region=… where needed)",
    )
    add(
        "--reach",
        action="append",
        default=[],
        metavar="HOST[:PORT]",
        help="a host of your own network that files may be fetched from and webhooks sent to, also without TLS; "
        "may be given several times",
    )
    parser.set_defaults(perform=perform)


def perform(given: argparse.Namespace, settings: Settings) -> int:
    """Serves until a signal comes, and returns 0.

    Raises:
        CommandError: no port is given, or options do not go together.
        StudioUnavailableError: the address or the data directory cannot be used.
    """
    if given.port is None:
        message = "to serve, --port is required; or give a command. See flora-mcp studio --help."
        raise CommandError(message, exit_code=2)
    anyio.run(_serve, given, settings, access_of(given))
    return 0


async def _serve(given: argparse.Namespace, settings: Settings, access: Access) -> None:
    listener = listen(host=given.host, port=given.port, keys_required=access.keys_required)
    loop = asyncio.get_running_loop()
    with listener, anyio.CancelScope() as scope, ending_on_signals(partial(loop.call_soon_threadsafe, scope.cancel)):
        directory = directory_of(settings)
        studio = Studio(
            directory=directory,
            public_url=public_url_of(given, listener),
            database_url=given.database,
            web=Web(allowed_hosts=frozenset(given.reach)),
            media=open_media(given.media, directory=directory / MEDIA),
            access=access,
        )
        async with studio:
            await serve(studio, listener, on_ready=partial(_welcome, studio.base_url, access))


def _welcome(base_url: str, access: Access) -> None:
    key = "sk_live_…" if access.keys_required else "any"
    advice = "Make keys with: flora-mcp studio key create\n" if access.keys_required else ""
    sys.stdout.write(
        f"The studio serves FLORA's API at {base_url}\n"
        f"Point a FLORA client at it: FLORA_BASE_URL={base_url} FLORA_API_KEY={key}\n"
        f"{advice}Ctrl-C ends it.\n"
    )
    sys.stdout.flush()

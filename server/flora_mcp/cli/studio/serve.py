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
from flora_mcp.cli.studio.making import add_making, studio_of
from flora_mcp.cli.studio.place import is_shared
from flora_mcp.settings import Settings
from flora_mcp.studio import Access, listen, serve


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Serves the studio, an API compatible with FLORA's, over HTTP. Unless told otherwise it is open to this "
        "machine, for any key, and to no other."
    )
    add = parser.add_argument
    add("--port", type=whole(0, 65535), metavar="N", help="where to serve; 0 takes any free one")
    add("--host", default="127.0.0.1", help="default: %(default)s")
    add_door(parser)
    add_making(parser)
    add(
        "--no-work",
        action="store_true",
        help="answer only, and leave all jobs to the workers; needs a PostgreSQL database",
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
    if given.no_work and not is_shared(given):
        message = "--no-work needs workers, and these a database: --database postgresql://user@host/name."
        raise CommandError(message, exit_code=2)
    anyio.run(_serve, given, settings, access_of(given))
    return 0


async def _serve(given: argparse.Namespace, settings: Settings, access: Access) -> None:
    listener = listen(host=given.host, port=given.port, keys_required=access.keys_required)
    loop = asyncio.get_running_loop()
    with listener, anyio.CancelScope() as scope, ending_on_signals(partial(loop.call_soon_threadsafe, scope.cancel)):
        url = public_url_of(given, listener)
        studio = studio_of(given, settings, public_url=url, access=access, works=not given.no_work)
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

"""Serves the studio alone, over HTTP, for any FLORA client."""

import asyncio
import sys
from functools import partial

import anyio

from flora_mcp.cli.command_line import Address
from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.signals import ending_on_signals
from flora_mcp.settings import Settings
from flora_mcp.studio import Studio, listen, serve, url_of
from flora_mcp.studio.errors import StudioUnavailableError


def run(address: Address, settings: Settings) -> int:
    """Serves until a signal comes, and returns 0.

    Raises:
        CommandError: the address or the data directory cannot be used.
    """
    try:
        anyio.run(_serve, address, settings)
    except StudioUnavailableError as exc:
        raise CommandError(str(exc)) from exc
    return 0


async def _serve(address: Address, settings: Settings) -> None:
    listener = listen(host=address.host, port=address.port)
    loop = asyncio.get_running_loop()
    with listener, anyio.CancelScope() as scope, ending_on_signals(partial(loop.call_soon_threadsafe, scope.cancel)):
        studio = Studio(directory=settings.data_directory / "studio", public_url=url_of(listener))
        async with studio:
            await serve(studio, listener, on_ready=partial(_welcome, studio.base_url))


def _welcome(base_url: str) -> None:
    sys.stdout.write(
        f"The studio serves FLORA's API at {base_url}\n"
        f"Point a FLORA client at it: FLORA_BASE_URL={base_url} FLORA_API_KEY=any\n"
        "Ctrl-C ends it.\n"
    )
    sys.stdout.flush()

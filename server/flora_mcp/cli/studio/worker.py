"""`flora-mcp studio worker`: does jobs of a studio on a further machine."""

import argparse
import asyncio
import sys
from functools import partial

import anyio

from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.signals import ending_on_signals
from flora_mcp.cli.studio.making import add_making, studio_of
from flora_mcp.cli.studio.place import add_place, is_shared
from flora_mcp.settings import Settings

NAME = "worker"

HELP = "do jobs of a studio that is in PostgreSQL, on a further machine"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Does jobs of a studio whose data is in PostgreSQL: runs, techniques, webhooks. It serves nothing. Give it the "
        "database and the place of media that the server has; any number of workers share the jobs. When it ends, "
        "others do what it had begun. Keep the password out of the URL with PGPASSWORD or ~/.pgpass."
    )
    add_place(parser, nested=True)
    add_making(parser, nested=True)
    parser.set_defaults(perform=_perform)


def _perform(given: argparse.Namespace, settings: Settings) -> int:
    if not is_shared(given):
        message = (
            "a worker needs a database that several machines can use: --database postgresql://user@host/name. "
            "With SQLite the server does all jobs by itself."
        )
        raise CommandError(message, exit_code=2)
    anyio.run(_work, given, settings)
    return 0


async def _work(given: argparse.Namespace, settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    with anyio.CancelScope() as scope, ending_on_signals(partial(loop.call_soon_threadsafe, scope.cancel)):
        async with studio_of(given, settings):
            sys.stdout.write("The worker shares the studio's jobs. Ctrl-C gives back what it has begun, and ends it.\n")
            sys.stdout.flush()
            await anyio.sleep_forever()

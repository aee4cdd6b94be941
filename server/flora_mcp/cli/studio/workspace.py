"""`flora-mcp studio workspace`: the workspaces of a studio, which FLORA's API only lists."""

import argparse
import sys

from flora_mcp.cli.arguments import name
from flora_mcp.cli.studio.listing import show
from flora_mcp.cli.studio.place import add_place, opened
from flora_mcp.settings import Settings
from flora_mcp.studio.clock import wall_ms
from flora_mcp.studio.ids import RandomIds
from flora_mcp.studio.store import workspaces

NAME = "workspace"

HELP = "create and list workspaces"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="command", required=True, title="commands")
    create = commands.add_parser("create", help="add a workspace", allow_abbrev=False)
    create.add_argument("name", type=name, help="what to call it")
    add_place(create, nested=True)
    create.set_defaults(perform=_create)
    listing = commands.add_parser("list", help="show every workspace", allow_abbrev=False)
    add_place(listing, nested=True)
    listing.set_defaults(perform=_list)


def _create(given: argparse.Namespace, settings: Settings) -> int:
    workspace_id = RandomIds().new("ws_")
    with opened(given, settings) as database, database.writing() as connection:
        workspaces.create(connection, workspace_id=workspace_id, name=given.name, now_ms=wall_ms())
    sys.stdout.write(f"{workspace_id}\n")
    return 0


def _list(given: argparse.Namespace, settings: Settings) -> int:
    with opened(given, settings) as database, database.reading() as connection:
        rows = workspaces.read_all(connection)
    show([(row["workspace_id"], row["name"]) for row in rows])
    return 0

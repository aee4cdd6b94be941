"""`flora-mcp studio workspace`: the workspaces of a studio, which FLORA's API only lists."""

import argparse
import re
import sys

from flora_mcp.cli.arguments import name
from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.studio.listing import show
from flora_mcp.cli.studio.place import add_place, opened
from flora_mcp.settings import Settings
from flora_mcp.studio.clock import wall_ms
from flora_mcp.studio.ids import RandomIds
from flora_mcp.studio.store import balances, workspaces

NAME = "workspace"

HELP = "create and list workspaces, and say what they may spend"

UNLIMITED = "unlimited"

_CREDITS = re.compile(r"\+?\d{1,12}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="command", required=True, title="commands")
    create = commands.add_parser("create", help="add a workspace", allow_abbrev=False)
    create.add_argument("name", type=name, help="what to call it")
    add_place(create, nested=True)
    create.set_defaults(perform=_create)
    listing = commands.add_parser("list", help="show every workspace", allow_abbrev=False)
    add_place(listing, nested=True)
    listing.set_defaults(perform=_list)
    credit = commands.add_parser("credits", help="set, raise or lift what a workspace may spend", allow_abbrev=False)
    credit.description = "A run reserves its cost when it is created; one that fails gives it back."
    credit.add_argument("workspace", metavar="W", help="a workspace's id or name")
    credit.add_argument("credits", type=_credits, metavar="N", help=f"how many; +N adds some; or {UNLIMITED!r}")
    add_place(credit, nested=True)
    credit.set_defaults(perform=_set_credits)


def _create(given: argparse.Namespace, settings: Settings) -> int:
    workspace_id = RandomIds().new("ws_")
    with opened(given, settings) as database, database.writing() as connection:
        workspaces.create(connection, workspace_id=workspace_id, name=given.name, now_ms=wall_ms())
    sys.stdout.write(f"{workspace_id}\n")
    return 0


def _list(given: argparse.Namespace, settings: Settings) -> int:
    with opened(given, settings) as database, database.reading() as connection:
        rows = workspaces.read_all(connection)
    show([(row["workspace_id"], row["name"], f"credits {_told(row['balance_credits'])}") for row in rows])
    return 0


def _set_credits(given: argparse.Namespace, settings: Settings) -> int:
    wanted: str = given.credits
    with opened(given, settings) as database, database.writing() as connection:
        workspace_id = workspaces.choose(connection, given.workspace)["workspace_id"]
        if not wanted.startswith("+"):
            balances.set_balance(connection, workspace_id, amount=None if wanted == UNLIMITED else int(wanted))
        elif not balances.top_up(connection, workspace_id, amount=int(wanted)):
            raise CommandError(f"Workspace {workspace_id!r} may spend as it likes; {wanted} would add nothing to that.")
        left = workspaces.get(connection, workspace_id)["balance_credits"]
    sys.stdout.write(f"credits {_told(left)}\n")
    return 0


def _credits(text: str) -> str:
    if text != UNLIMITED and not _CREDITS.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of credits such as 5000 or +500, nor {UNLIMITED!r}")
    return text


def _told(balance: int | None) -> str:
    return UNLIMITED if balance is None else str(balance)

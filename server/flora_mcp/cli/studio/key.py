"""`flora-mcp studio key`: the keys that open a studio."""

import argparse

from flora_mcp.cli.arguments import name
from flora_mcp.cli.studio.issued import hand_out
from flora_mcp.cli.studio.listing import show, time_of
from flora_mcp.cli.studio.place import add_place, add_workspace, opened
from flora_mcp.settings import Settings
from flora_mcp.studio.callers import ROLES, Role
from flora_mcp.studio.clock import wall_ms
from flora_mcp.studio.ids import RandomIds
from flora_mcp.studio.issuing import issue
from flora_mcp.studio.store import access, workspaces

NAME = "key"

HELP = "create, list and revoke API keys"

DEFAULT_NAME = "API"

DEFAULT_ROLE: Role = "member"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="command", required=True, title="commands")
    create = commands.add_parser("create", help="make a key, and show it once", allow_abbrev=False)
    create.description = (
        "Makes a key and shows it, once: only its hash is kept. The first key of a workspace comes with the secret "
        "that its webhooks are signed with."
    )
    add_workspace(create)
    create.add_argument("--name", type=name, default=DEFAULT_NAME, help="whose it is (default: %(default)s)")
    create.add_argument(
        "--role", choices=ROLES, default=None, help=f"what a new member may do (default: {DEFAULT_ROLE})"
    )
    add_place(create, nested=True)
    create.set_defaults(perform=_create)
    listing = commands.add_parser("list", help="show every key's beginning, member and state", allow_abbrev=False)
    add_workspace(listing, without="all if not given")
    add_place(listing, nested=True)
    listing.set_defaults(perform=_list)
    revoke = commands.add_parser("revoke", help="make a key worthless, within a second", allow_abbrev=False)
    revoke.add_argument("key_id", metavar="KEY_ID", help="as 'key list' shows it; not the key itself")
    add_place(revoke, nested=True)
    revoke.set_defaults(perform=_revoke)


def _create(given: argparse.Namespace, settings: Settings) -> int:
    ids, now_ms = RandomIds(), wall_ms()
    role: Role | None = given.role
    with opened(given, settings) as database, database.writing() as connection:
        new = access.Member(
            member_id=ids.new("mem_"),
            workspace_id=workspaces.choose(connection, given.workspace)["workspace_id"],
            name=given.name,
            role=role or DEFAULT_ROLE,
        )
        member_id = access.ensure_member(connection, new, role=role, now_ms=now_ms)
        issued = issue(connection, member_id, ids=ids, now_ms=now_ms)
    hand_out(issued)
    return 0


def _list(given: argparse.Namespace, settings: Settings) -> int:
    with opened(given, settings) as database, database.reading() as connection:
        workspace_id = given.workspace and workspaces.choose(connection, given.workspace)["workspace_id"]
        rows = access.read_keys(connection, workspace_id=workspace_id)
    show(
        [
            (
                row["key_id"],
                f"{row['beginning']}…",
                row["name"],
                row["role"],
                row["workspace_id"],
                f"created {time_of(row['created_at_ms'])}",
                f"revoked {time_of(row['revoked_at_ms'])}" if row["revoked_at_ms"] is not None else "",
            )
            for row in rows
        ]
    )
    return 0


def _revoke(given: argparse.Namespace, settings: Settings) -> int:
    with opened(given, settings) as database, database.writing() as connection:
        access.revoke_key(connection, given.key_id, now_ms=wall_ms())
    return 0

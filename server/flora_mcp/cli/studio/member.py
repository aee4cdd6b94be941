"""`flora-mcp studio member`: who is in a workspace, and what they may do."""

import argparse

from flora_mcp.cli.arguments import name
from flora_mcp.cli.studio.issued import hand_out
from flora_mcp.cli.studio.listing import show, time_of
from flora_mcp.cli.studio.place import add_place, add_workspace, opened
from flora_mcp.settings import Settings
from flora_mcp.studio.callers import ROLES
from flora_mcp.studio.clock import wall_ms
from flora_mcp.studio.ids import RandomIds
from flora_mcp.studio.issuing import issue
from flora_mcp.studio.store import access, workspaces

NAME = "member"

HELP = "add, list and remove members of workspaces"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="command", required=True, title="commands")
    add = commands.add_parser("add", help="add a member, and show their key once", allow_abbrev=False)
    add_workspace(add)
    add.add_argument("--name", type=name, required=True, help="what to call them; once in a workspace")
    add.add_argument("--role", choices=ROLES, default="member", help="default: %(default)s")
    add_place(add, nested=True)
    add.set_defaults(perform=_add)
    listing = commands.add_parser("list", help="show every member", allow_abbrev=False)
    add_workspace(listing, without="all if not given")
    add_place(listing, nested=True)
    listing.set_defaults(perform=_list)
    role = commands.add_parser("role", help="change what a member may do", allow_abbrev=False)
    role.add_argument("member_id", metavar="MEMBER_ID", help="as 'member list' shows it")
    role.add_argument("role", choices=ROLES)
    add_place(role, nested=True)
    role.set_defaults(perform=_change)
    remove = commands.add_parser("remove", help="remove a member and revoke their keys", allow_abbrev=False)
    remove.add_argument("member_id", metavar="MEMBER_ID", help="as 'member list' shows it")
    add_place(remove, nested=True)
    remove.set_defaults(perform=_remove)


def _add(given: argparse.Namespace, settings: Settings) -> int:
    ids, now_ms = RandomIds(), wall_ms()
    with opened(given, settings) as database, database.writing() as connection:
        new = access.Member(
            member_id=ids.new("mem_"),
            workspace_id=workspaces.choose(connection, given.workspace)["workspace_id"],
            name=given.name,
            role=given.role,
        )
        access.add_member(connection, new, now_ms=now_ms)
        issued = issue(connection, new.member_id, ids=ids, now_ms=now_ms)
    hand_out(issued)
    return 0


def _list(given: argparse.Namespace, settings: Settings) -> int:
    with opened(given, settings) as database, database.reading() as connection:
        workspace_id = given.workspace and workspaces.choose(connection, given.workspace)["workspace_id"]
        rows = access.read_members(connection, workspace_id=workspace_id)
    show(
        [
            (row["member_id"], row["name"], row["role"], row["workspace_id"], f"since {time_of(row['created_at_ms'])}")
            for row in rows
        ]
    )
    return 0


def _change(given: argparse.Namespace, settings: Settings) -> int:
    with opened(given, settings) as database, database.writing() as connection:
        access.set_role(connection, given.member_id, given.role)
    return 0


def _remove(given: argparse.Namespace, settings: Settings) -> int:
    with opened(given, settings) as database, database.writing() as connection:
        access.remove_member(connection, given.member_id, now_ms=wall_ms())
    return 0

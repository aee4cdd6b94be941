"""`flora-mcp studio technique`: the saved workflows of a studio, which FLORA's API only lists and runs."""

import argparse
import sys
from pathlib import Path

from flora_mcp.cli.arguments import path
from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.studio.listing import show
from flora_mcp.cli.studio.place import add_place, add_workspace, opened
from flora_mcp.settings import Settings
from flora_mcp.studio.catalog import load_actions, load_catalog
from flora_mcp.studio.clock import wall_ms
from flora_mcp.studio.ids import RandomIds
from flora_mcp.studio.store import techniques, workspaces
from flora_mcp.studio.techniques import MOST_FILE_BYTES, read_technique

NAME = "technique"

HELP = "add, list, show and remove techniques"

SHIPPED = "(the studio's own)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(metavar="command", required=True, title="commands")
    add = commands.add_parser("add", help="check a technique file and add what it holds", allow_abbrev=False)
    add.description = (
        "Checks a technique file whole and adds its technique, or replaces the one of the same slug in the same "
        "workspace. Runs that have begun keep the technique that they began with. 'technique show' writes one out to "
        "start from."
    )
    add.add_argument("file", type=path, metavar="FILE", help="JSON, as docs/techniques.md tells")
    add_workspace(add)
    add_place(add, nested=True)
    add.set_defaults(perform=_add)
    listing = commands.add_parser("list", help="show every technique that can be run", allow_abbrev=False)
    add_workspace(listing, without="all if not given")
    add_place(listing, nested=True)
    listing.set_defaults(perform=_list)
    show_one = commands.add_parser("show", help="write a technique out as a file", allow_abbrev=False)
    show_one.add_argument("technique", metavar="ID", help="an id or a slug, as 'technique list' shows them")
    add_place(show_one, nested=True)
    show_one.set_defaults(perform=_show)
    remove = commands.add_parser("remove", help="archive a technique; its runs stay", allow_abbrev=False)
    remove.add_argument("technique", metavar="ID", help="an id or a slug, as 'technique list' shows them")
    add_place(remove, nested=True)
    remove.set_defaults(perform=_remove)


def _add(given: argparse.Namespace, settings: Settings) -> int:
    file: Path = given.file
    try:
        with file.open("rb") as opened_file:
            content = opened_file.read(MOST_FILE_BYTES + 1)
    except OSError as exc:
        raise CommandError(f"{str(file)!r} cannot be read: {exc.strerror}. Name a technique file.") from exc
    definition = read_technique(content, source=repr(str(file)), catalog=load_catalog(), actions=load_actions())
    with opened(given, settings) as database, database.writing() as connection:
        workspace_id = workspaces.choose(connection, given.workspace)["workspace_id"]
        technique_id = techniques.put(
            connection,
            definition,
            technique_id=RandomIds().new("tech_"),
            workspace_id=workspace_id,
            now_ms=wall_ms(),
        )
    sys.stdout.write(f"{technique_id}  {definition.slug}  {definition.name}\n")
    return 0


def _list(given: argparse.Namespace, settings: Settings) -> int:
    with opened(given, settings) as database, database.reading() as connection:
        workspace_id = given.workspace and workspaces.choose(connection, given.workspace)["workspace_id"]
        rows = techniques.read_all(connection, workspace_id=workspace_id)
    show([(row["technique_id"], row["slug"], row["workspace_id"] or SHIPPED, row["name"]) for row in rows])
    return 0


def _show(given: argparse.Namespace, settings: Settings) -> int:
    with opened(given, settings) as database, database.reading() as connection:
        row = techniques.get(connection, given.technique)
    sys.stdout.write(techniques.text_of(row))
    return 0


def _remove(given: argparse.Namespace, settings: Settings) -> int:
    with opened(given, settings) as database, database.writing() as connection:
        techniques.archive(connection, given.technique, now_ms=wall_ms())
    return 0

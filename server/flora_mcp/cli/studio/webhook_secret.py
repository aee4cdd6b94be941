"""`flora-mcp studio webhook-secret`: what the events of a workspace are signed with."""

import argparse
import sys

from flora_mcp.cli.studio.place import add_place, add_workspace, opened
from flora_mcp.settings import Settings
from flora_mcp.studio.clock import wall_ms
from flora_mcp.studio.store import webhooks, workspaces

NAME = "webhook-secret"

HELP = "make the secret that signs a workspace's webhooks"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Prints a new secret, once. The one before signs beside it for a day, so that receivers can be changed."
    )
    add_workspace(parser)
    add_place(parser, nested=True)
    parser.set_defaults(perform=_replace)


def _replace(given: argparse.Namespace, settings: Settings) -> int:
    with opened(given, settings) as database, database.writing() as connection:
        workspace_id = workspaces.choose(connection, given.workspace)["workspace_id"]
        secret = webhooks.replace_secret(connection, workspace_id, now_ms=wall_ms())
    sys.stdout.write(f"{secret}\n")
    return 0

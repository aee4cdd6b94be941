"""The commands of `flora-mcp studio`; without one it serves."""

import argparse
from typing import Protocol

from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.studio import key, member, serve, technique, webhook_secret, worker, workspace
from flora_mcp.cli.studio.place import add_place
from flora_mcp.settings import Settings
from flora_mcp.studio.errors import StudioError


class StudioCommand(Protocol):
    """A module of this folder that is a command.

    What `add_arguments` sets as the default of `perform` is called with what was parsed and the settings,
    and returns the exit code: `parser.set_defaults(perform=...)`, on each nested parser when there are some.
    """

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...


COMMANDS: tuple[StudioCommand, ...] = (workspace, member, key, webhook_secret, technique, worker)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what `flora-mcp studio` takes, and its commands."""
    serve.add_arguments(parser)
    add_place(parser)
    commands = parser.add_subparsers(dest="studio_command", metavar="command", title="commands on the studio's data")
    for command in COMMANDS:
        command.add_arguments(commands.add_parser(command.NAME, help=command.HELP, allow_abbrev=False))


def run(given: argparse.Namespace, settings: Settings) -> int:
    """Runs what was asked for and returns its exit code.

    Raises:
        CommandError: it cannot be done.
    """
    try:
        code: int = given.perform(given, settings)
    except StudioError as exc:
        raise CommandError(str(exc)) from exc
    return code

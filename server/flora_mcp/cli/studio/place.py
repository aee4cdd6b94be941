"""Where the data is that the studio's commands work on: the same for each, and for the server."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flora_mcp.cli.arguments import path
from flora_mcp.settings import Settings
from flora_mcp.studio.data import open_data
from flora_mcp.studio.store import Database


def add_place(parser: argparse.ArgumentParser, *, nested: bool = False) -> None:
    """Adds `--data-dir` and `--database`.

    Args:
        parser: Of `flora-mcp studio` or of one of its commands.
        nested: It is a command's: what was said before the command stays when nothing is said after it.
    """
    default = argparse.SUPPRESS if nested else None
    parser.add_argument("--data-dir", type=path, default=default, metavar="DIR", help="instead of FLORA_DATA_DIR")
    parser.add_argument(
        "--database",
        default=default,
        metavar="URL",
        help="postgresql://user@host/name, or another SQLAlchemy URL of PostgreSQL or SQLite; by default a SQLite file "
        "in the data directory",
    )


def add_workspace(parser: argparse.ArgumentParser, *, without: str = "needed when there are several") -> None:
    """Adds `--workspace`, which `workspaces.choose` understands."""
    parser.add_argument("--workspace", metavar="W", default=None, help=f"a workspace's id or name; {without}")


def directory_of(settings: Settings) -> Path:
    """Returns the studio's own folder; `main` has put `--data-dir` into the settings."""
    return settings.data_directory / "studio"


def is_shared(given: argparse.Namespace) -> bool:
    """Whether the database is one that several machines can use."""
    return given.database is not None and not given.database.startswith("sqlite")


@contextmanager
def opened(given: argparse.Namespace, settings: Settings) -> Iterator[Database]:
    """Opens the studio's data, as a server does; one may be running on it.

    Raises:
        StudioUnavailableError: it cannot be opened.
    """
    with open_data(directory=directory_of(settings), database_url=given.database) as database:
        yield database

"""What a server and a worker have in common: where files are kept, who is reached, how much is done at once."""

import argparse

from flora_mcp.cli.arguments import whole
from flora_mcp.cli.studio.place import directory_of
from flora_mcp.settings import Settings
from flora_mcp.studio import Access, Studio
from flora_mcp.studio.media import MEDIA, open_media
from flora_mcp.studio.renderers import RenderProcesses
from flora_mcp.studio.studio import PUBLIC_URL, WORKSPACE_RUNS
from flora_mcp.studio.web import Web

MOST_AT_ONCE = 256


def add_making(parser: argparse.ArgumentParser, *, nested: bool = False) -> None:
    """Adds `--media`, `--reach`, `--capacity` and `--workspace-runs`.

    Args:
        parser: Of `flora-mcp studio` or of one of its commands.
        nested: It is a command's: what was said before the command stays when nothing is said after it.
    """
    add = parser.add_argument
    none = argparse.SUPPRESS if nested else None
    add(
        "--media",
        default=none,
        metavar="PLACE",
        help="where files are kept: a folder, or s3://bucket/prefix (with ?endpoint=…&region=… where needed)",
    )
    add(
        "--reach",
        action="append",
        default=argparse.SUPPRESS if nested else [],
        metavar="HOST[:PORT]",
        help="a host of your own network that files may be fetched from and webhooks sent to, also without TLS; "
        "may be given several times",
    )
    add(
        "--capacity",
        type=whole(1, MOST_AT_ONCE),
        default=none,
        metavar="N",
        help="how many renders go on at once in this process; by default one for each core but one",
    )
    add(
        "--workspace-runs",
        type=whole(1, 100_000),
        default=argparse.SUPPRESS if nested else WORKSPACE_RUNS,
        metavar="N",
        help="how many runs of one workspace go on at once, on all machines; say the same to each "
        f"(default: {WORKSPACE_RUNS})",
    )


def studio_of(
    given: argparse.Namespace,
    settings: Settings,
    *,
    public_url: str = PUBLIC_URL,
    access: Access | None = None,
    works: bool = True,
) -> Studio:
    """Returns the studio that was asked for, not opened.

    Raises:
        StudioUnavailableError: the database or the place of media cannot be used.
    """
    directory = directory_of(settings)
    return Studio(
        directory=directory,
        public_url=public_url,
        database_url=given.database,
        renderers=RenderProcesses(capacity=given.capacity),
        web=Web(allowed_hosts=frozenset(given.reach)),
        media=open_media(given.media, directory=directory / MEDIA),
        access=access,
        workspace_runs=given.workspace_runs,
        works=works,
    )

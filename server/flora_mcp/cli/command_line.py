"""What can be asked of `flora-mcp` on the command line."""

import argparse
import importlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from flora_mcp import __version__
from flora_mcp.cli.arguments import Parser, path, prompt, ratio, whole
from flora_mcp.cli.serve.arguments import add_arguments as add_serve
from flora_mcp.cli.serve.arguments import wanted
from flora_mcp.cli.serve.wanted import Wanted
from flora_mcp.cli.wish import MOST_PICTURES, Wish

DESCRIPTION = """\
An MCP server for FLORA's media API. Without a command it serves MCP over standard input and output: that is what an MCP
client starts. With FLORA_API_KEY it works with FLORA; without, a studio of its own makes the pictures, free of charge.
"""

VARIABLES = """\
environment:
  FLORA_API_KEY              your key; without it the studio answers
  FLORA_BASE_URL             FLORA's address, used with a key
  FLORA_DATA_DIR             where pictures and the databases are
  FLORA_DATABASE             PostgreSQL's URL, for servers on several machines; a file in the data folder by default
  FLORA_OUTPUT_DIR           where outputs are written under readable names as well
  FLORA_OUTPUT_MAX_MB        outputs kept in the data folder (default 4000); the longest unused go first
  FLORA_UPLOAD_ROOTS         the only folders whose files may be uploaded; the user's folders of media by default
  FLORA_TOOLS                only these tools are offered, such as execute,wait
  FLORA_NO_TOOLS             these tools are not offered
  FLORA_TIME_BUDGET_SECONDS  a tool answers within it, 1 to 3600 (default 45)
  FLORA_TIMEOUT_SECONDS      one HTTP request, 1 to 600 (default 60)
  FLORA_MAX_RETRIES          further attempts of a request, 0 to 10 (default 2)
  FLORA_MAX_SPEND_USD        what all paid calls of one server may cost together; none by default
  FLORA_SPEND_PERIOD         over HTTP that cap is each tenant's, and begins anew: day (default), month or ever
  FLORA_ALLOW_UNKNOWN_PRICES true lets calls of unknown price through under that cap, one at a time
  FLORA_READ_ONLY            true: nothing may be changed at FLORA, and nothing paid for
  FLORA_ALLOW_METHODS        only these may be called, such as generations.*,workspaces.list
  FLORA_BLOCK_METHODS        these may not be called
  FLORA_REQUIRE_ISOLATION    strong, moderate or weak: no start if programs get less
  FLORA_OAUTH_ISSUER         over HTTP, the authorization server whose tokens are taken
  FLORA_OAUTH_JWKS_URL       where its keys are; its metadata is asked by default
  FLORA_OAUTH_AUDIENCE       whom its tokens are for; the public URL's /mcp by default
  FLORA_OAUTH_SCOPES         what a token must allow
  FLORA_KEYS_FILE            JSON {"subject": "FLORA key"}: the key of whom a token speaks for
  FLORA_LOG                  debug, info, warn, error or off (default warn); logs go to stderr

exit codes: 0 done, 1 it went wrong, 2 not accepted as asked, 130 ended by Ctrl-C
"""


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command and its options."""

    name: str
    options: Wish | Wanted | argparse.Namespace
    """What the command's `run` takes; of the studio's commands, as they were parsed."""
    data_directory: Path | None = None
    """Overrides `FLORA_DATA_DIR`."""


def read(arguments: Sequence[str]) -> Command:
    """Returns the command that the arguments name.

    Raises:
        CommandError: an argument is not accepted.
        SystemExit: help or the version was asked for, and printed.
    """
    given = _parser(arguments).parse_args(arguments)
    if given.command == "demo":
        wish = Wish(
            prompt=given.prompt,
            count=given.count,
            aspect_ratio=given.aspect_ratio,
            resolution=given.resolution,
            model=given.model,
            seed=given.seed,
            output_directory=given.output_dir,
            confirmed=given.yes,
        )
        return Command(name="demo", options=wish, data_directory=given.data_dir)
    if given.command == "studio":
        return Command(name="studio", options=given, data_directory=given.data_dir)
    if given.command == "serve":
        return Command(name="serve", options=wanted(given), data_directory=given.data_dir)
    return Command(name="serve", options=Wanted())


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = Parser(
        prog="flora-mcp",
        description=DESCRIPTION,
        epilog=VARIABLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"flora-mcp {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command", title="commands")
    add_serve(commands.add_parser("serve", help="serve MCP, also over HTTP", allow_abbrev=False))
    _add_demo(commands.add_parser("demo", help="make pictures through the server, and save them", allow_abbrev=False))
    studio = commands.add_parser("studio", help="serve the studio alone, for any FLORA client", allow_abbrev=False)
    if arguments[:1] == ["studio"]:
        # Its commands stand beside what they work with, which a server that starts must not wait for.
        importlib.import_module("flora_mcp.cli.studio").add_arguments(studio)
    return parser


def _add_demo(parser: argparse.ArgumentParser) -> None:
    wish = Wish()
    parser.description = (
        "Starts the server, has it run a program that makes pictures of one wish, shows how they come along and "
        "saves them. What an agent does through MCP, for you to see."
    )
    add = parser.add_argument
    add("--prompt", type=prompt, default=wish.prompt, help="what to make (default: %(default)s)")
    add("--count", type=whole(1, MOST_PICTURES), default=wish.count, help="how many (default: %(default)s)")
    add("--aspect-ratio", type=ratio, default=wish.aspect_ratio, metavar="W:H", help="default: %(default)s")
    add("--resolution", default=None, help="of those the model offers, such as 1k; its default if not given")
    add("--model", default=None, metavar="ID", help="a model id; one that fits is picked if not given")
    add("--seed", type=whole(0, 2**31 - 1), default=None, metavar="N", help="of the first; further ones count up")
    add("--output-dir", type=path, default=wish.output_directory, metavar="DIR", help="default: %(default)s")
    add("--data-dir", type=path, default=None, metavar="DIR", help="instead of FLORA_DATA_DIR")
    add("--yes", action="store_true", help="spend money: needed with FLORA_API_KEY")

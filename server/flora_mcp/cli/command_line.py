"""What can be asked of `flora-mcp` on the command line."""

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from flora_mcp import __version__
from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.wish import MOST_PICTURES, Wish

DESCRIPTION = """\
An MCP server for FLORA's media API. Without a command it serves MCP over standard input and output: that is what an MCP
client starts. With FLORA_API_KEY it works with FLORA; without, a studio of its own makes the pictures, free of charge.
"""

VARIABLES = """\
environment:
  FLORA_API_KEY              your key; without it the studio answers
  FLORA_BASE_URL             FLORA's address, used with a key
  FLORA_DATA_DIR             where pictures and the studio's database are
  FLORA_TIME_BUDGET_SECONDS  a tool answers within it, 1 to 3600 (default 45)
  FLORA_TIMEOUT_SECONDS      one HTTP request, 1 to 600 (default 60)
  FLORA_MAX_RETRIES          further attempts of a request, 0 to 10 (default 2)
  FLORA_REQUIRE_ISOLATION    strong, moderate or weak: no start if programs get less
  FLORA_LOG                  debug, info, warn, error or off (default warn); logs go to stderr

exit codes: 0 done, 1 it went wrong, 2 not accepted as asked, 130 ended by Ctrl-C
"""

_RATIO = re.compile(r"[1-9]\d{0,2}:[1-9]\d{0,2}")


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where the studio listens."""

    host: str
    port: int
    """0 takes any free one."""


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command and its options."""

    name: str
    options: Wish | Address | None
    data_directory: Path | None = None
    """Overrides `FLORA_DATA_DIR`."""


def read(arguments: Sequence[str]) -> Command:
    """Returns the command that the arguments name.

    Raises:
        CommandError: an argument is not accepted.
        SystemExit: help or the version was asked for, and printed.
    """
    given = _parser().parse_args(arguments)
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
        return Command(name="studio", options=Address(host=given.host, port=given.port), data_directory=given.data_dir)
    return Command(name="serve", options=None)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message}. See {self.prog} --help.", exit_code=2)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="flora-mcp",
        description=DESCRIPTION,
        epilog=VARIABLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"flora-mcp {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command", title="commands")
    _add_demo(commands.add_parser("demo", help="make pictures through the server, and save them", allow_abbrev=False))
    _add_studio(commands.add_parser("studio", help="serve the studio alone, for any FLORA client", allow_abbrev=False))
    return parser


def _add_demo(parser: argparse.ArgumentParser) -> None:
    wish = Wish()
    parser.description = (
        "Starts the server, has it run a program that makes pictures of one wish, shows how they come along and "
        "saves them. What an agent does through MCP, for you to see."
    )
    add = parser.add_argument
    add("--prompt", type=_prompt, default=wish.prompt, help="what to make (default: %(default)s)")
    add("--count", type=_whole(1, MOST_PICTURES), default=wish.count, help="how many (default: %(default)s)")
    add("--aspect-ratio", type=_ratio, default=wish.aspect_ratio, metavar="W:H", help="default: %(default)s")
    add("--resolution", default=None, help="of those the model offers, such as 1k; its default if not given")
    add("--model", default=None, metavar="ID", help="a model id; one that fits is picked if not given")
    add(
        "--seed",
        type=_whole(0, 2**31 - 1),
        default=None,
        metavar="N",
        help="of the first; further ones count up",
    )
    add("--output-dir", type=_path, default=wish.output_directory, metavar="DIR", help="default: %(default)s")
    add("--data-dir", type=_path, default=None, metavar="DIR", help="instead of FLORA_DATA_DIR")
    add("--yes", action="store_true", help="spend money: needed with FLORA_API_KEY")


def _add_studio(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Serves the studio, an API compatible with FLORA's, over HTTP. It works on this machine, for any key."
    )
    add = parser.add_argument
    add("--port", type=_whole(0, 65535), required=True, metavar="N", help="0 takes any free one")
    add("--host", default="127.0.0.1", help="default: %(default)s")
    add("--data-dir", type=_path, default=None, metavar="DIR", help="instead of FLORA_DATA_DIR")


def _whole(least: int, most: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if not re.fullmatch(r"[+-]?\d{1,12}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return convert


def _ratio(text: str) -> str:
    if not _RATIO.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a ratio of width to height, such as 4:3")
    return text


def _prompt(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is blank; say what to make")
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} is not valid text in this terminal's encoding") from exc
    return text.strip()


def _path(text: str) -> Path:
    return Path(text).expanduser()

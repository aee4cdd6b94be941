"""The options of `flora-mcp serve`."""

import argparse
import re

from flora_mcp.cli.arguments import host, origin, path, whole
from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.serve.wanted import DEFAULT_PORT, HTTPWanted, Wanted

MOST_WORKERS = 64

DESCRIPTION = """\
Serves MCP: over standard input and output, as without a command, or with --http at http://127.0.0.1:8765/mcp for any
number of clients. Over HTTP the server is open to this machine only; --host opens it to others, and then it must be
told by what names they reach it, and lets in nobody without a FLORA key or a token.
"""

EPILOG = """\
examples:
  flora-mcp serve --http
  flora-mcp serve --http --sse --port 9000
  flora-mcp serve --http --workers 4
  flora-mcp serve --http --host 0.0.0.0 --public-url https://mcp.example.com --auth keys
"""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options, and what the command is for."""
    parser.description, parser.epilog = DESCRIPTION, EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--tools", type=_names, default=(), metavar="A,B", help="offer only these, such as execute,wait")
    add("--no-tools", type=_names, default=(), metavar="A,B", help="do not offer these")
    add("--read-only", action="store_true", help="change nothing at FLORA, and pay for nothing")
    add("--data-dir", type=path, default=None, metavar="DIR", help="instead of FLORA_DATA_DIR")
    add("--http", action="store_true", help="serve over HTTP; the options below need it")
    web = parser.add_argument_group("over HTTP").add_argument
    web("--host", default=None, help="the address to listen on (default: 127.0.0.1)")
    web(
        "--port",
        type=whole(0, 65535),
        default=None,
        metavar="N",
        help=f"default: {DEFAULT_PORT}; 0 takes any free one",
    )
    web("--sse", action="store_true", help="serve /sse too, for old clients; one process only")
    web("--workers", type=whole(1, MOST_WORKERS), default=None, metavar="N", help="processes (default: 1)")
    web(
        "--allowed-host",
        action="append",
        type=host,
        default=[],
        metavar="NAME",
        help="a name by which clients reach the server; may be given several times",
    )
    web(
        "--allowed-origin",
        action="append",
        type=origin,
        default=[],
        metavar="ORIGIN",
        help="where pages in browsers may come from, such as https://chat.example.com; may be given several times",
    )
    web("--public-url", type=origin, default=None, metavar="URL", help="where clients reach it, for its answers")
    web(
        "--auth",
        choices=("auto", "keys", "oauth", "none"),
        default=None,
        help="keys: a FLORA key as bearer or x-flora-api-key; oauth: a token of FLORA_OAUTH_ISSUER; auto: a key if "
        "one is brought, else this server's own; none (default: auto on this machine, else oauth or keys)",
    )
    web("--without-auth", action="store_true", help="let in whoever reaches the server, at your expense")


def wanted(given: argparse.Namespace) -> Wanted:
    """Returns what the options come to.

    Raises:
        CommandError: they do not go together.
    """
    names = ("host", "port", "sse", "workers", "allowed_host", "allowed_origin", "public_url", "auth", "without_auth")
    used = {name: getattr(given, name) for name in names}
    used = {name: value for name, value in used.items() if value is not None and value is not False and value != []}
    if used and not given.http:
        option = next(iter(used)).replace("_", "-")
        raise CommandError(f"--{option} is for HTTP; add --http. See flora-mcp serve --help.", exit_code=2)
    http = None
    if given.http:
        used["allowed_hosts"] = tuple(used.pop("allowed_host", ()))
        used["allowed_origins"] = tuple(used.pop("allowed_origin", ()))
        http = HTTPWanted(**used)
    return Wanted(http=http, tools=given.tools, no_tools=given.no_tools, read_only=given.read_only)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    wrong = next((name for name in names if not _NAME.fullmatch(name)), None)
    if not names or wrong is not None:
        raise argparse.ArgumentTypeError(f"{wrong or text!r} is no name of a tool; write them as in execute,wait")
    return names

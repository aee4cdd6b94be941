"""To whom `flora-mcp studio` is open: the options, and what they come to together."""

import argparse
import re
import socket
from urllib.parse import urlsplit

from flora_mcp.cli.arguments import host, origin, whole
from flora_mcp.cli.errors import CommandError
from flora_mcp.studio import Access, Rate, is_loopback, url_of

_RATE = re.compile(r"(\d{1,6}(?:\.\d{1,6})?)(?:/s)?")


def add_door(parser: argparse.ArgumentParser) -> None:
    """Adds who may come in, by what name, and how often."""
    add = parser.add_argument
    add(
        "--require-keys",
        action="store_true",
        help="let in by API key only; always so when --host or a name of the studio is not this machine's",
    )
    add(
        "--allowed-host",
        action="append",
        type=host,
        default=[],
        metavar="NAME",
        help="a name by which clients reach the studio, beside localhost; may be given several times",
    )
    add(
        "--public-url",
        type=origin,
        default=None,
        metavar="URL",
        help="where clients reach the studio, for the addresses in its answers, such as https://studio.example.com",
    )
    add("--rate", type=_rate, default=None, metavar="N/s", help="requests a second of each workspace, in each process")
    add("--burst", type=whole(1, 1_000_000), default=None, metavar="M", help="so many at once (default: N, at least 1)")


def access_of(given: argparse.Namespace) -> Access:
    """Returns to whom the studio is open.

    Raises:
        CommandError: the options do not go together.
    """
    if given.burst is not None and given.rate is None:
        raise CommandError("--burst is how many a --rate lets in at once; give --rate too.", exit_code=2)
    rate = None if given.rate is None else Rate(per_second=given.rate, burst=given.burst or max(1, round(given.rate)))
    names = [*given.allowed_host, *([] if given.public_url is None else [urlsplit(given.public_url).hostname])]
    if not is_loopback(given.host) and not names:
        raise CommandError(
            f"--host {given.host!r} is reached from other machines: say by what name, with --allowed-host or "
            "--public-url, so that requests to any other are refused.",
            exit_code=2,
        )
    # A name that is not this machine's is a proxy's, which lets other machines in.
    beyond = not all(is_loopback(name) for name in (given.host, *names))
    return Access(keys_required=given.require_keys or beyond, hosts=frozenset(given.allowed_host), rate=rate)


def public_url_of(given: argparse.Namespace, listener: socket.socket) -> str:
    """Returns where clients reach the studio: as given, or else by its first name and its port."""
    if given.public_url is not None:
        return str(given.public_url)
    if is_loopback(given.host):
        return url_of(listener)
    name: str = given.allowed_host[0]
    port: int = listener.getsockname()[1]
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _rate(text: str) -> float:
    found = _RATE.fullmatch(text)
    if found is None or float(found[1]) <= 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no rate, such as 10/s or 0.5/s")
    return float(found[1])

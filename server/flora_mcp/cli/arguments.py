"""How the values of arguments are read, and how a parser words what it does not accept."""

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from flora_mcp.cli.errors import CommandError

_RATIO = re.compile(r"[1-9]\d{0,2}:[1-9]\d{0,2}")
_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")


class Parser(argparse.ArgumentParser):
    """A parser that raises what `main` says in one line; its nested parsers are of its class."""

    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message}. See {self.prog} --help.", exit_code=2)


def whole(least: int, most: int) -> Callable[[str], int]:
    """Returns what reads a whole number within bounds, both included."""

    def convert(text: str) -> int:
        if not re.fullmatch(r"[+-]?\d{1,12}", text) or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return convert


def ratio(text: str) -> str:
    if not _RATIO.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a ratio of width to height, such as 4:3")
    return text


def prompt(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError(f"{text!r} is blank; say what to make")
    return _writable(text).strip()


def name(text: str) -> str:
    """Reads what somebody calls a thing."""
    if not text.strip() or len(text) > 200:
        raise argparse.ArgumentTypeError(f"{text[:80]!r} is no name; use 1 to 200 characters, not all of them blank")
    return _writable(text).strip()


def path(text: str) -> Path:
    return Path(text).expanduser()


def host(text: str) -> str:
    """Reads a name by which clients reach a server."""
    if not _HOST.fullmatch(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no host name; leave out scheme and port, as in flora.example.com"
        )
    return text.lower()


def origin(text: str) -> str:
    """Reads where a server, or a page, is found: an address without a path."""
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        good = False
    if not good or parts.path.strip("/") or parts.query or parts.fragment:
        raise argparse.ArgumentTypeError(f"{text!r} is not scheme, host and port alone, as https://flora.example.com")
    return text.rstrip("/").lower()


def _writable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} is not valid text in this terminal's encoding") from exc
    return text

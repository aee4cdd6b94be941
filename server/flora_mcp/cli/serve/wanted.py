"""What the options of `flora-mcp serve` come to."""

from dataclasses import dataclass
from typing import Literal

Auth = Literal["auto", "keys", "oauth", "none"]

DEFAULT_PORT = 8765


@dataclass(frozen=True, kw_only=True)
class HTTPWanted:
    """How to serve over HTTP."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    """0 takes any free one."""
    sse: bool = False
    workers: int = 1
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    public_url: str | None = None
    auth: Auth | None = None
    """None: as safe as it must be where the server can be reached."""
    without_auth: bool = False
    """Whether it was said out loud that whoever reaches the server is let in."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """How to serve."""

    http: HTTPWanted | None = None
    """None: over standard input and output."""
    tools: tuple[str, ...] = ()
    no_tools: tuple[str, ...] = ()
    read_only: bool = False

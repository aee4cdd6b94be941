"""Where a connection may go when a stranger names the address: to the internet, at addresses that were checked."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Sequence

import anyio

from flora_mcp.flora.errors import MediaError
from flora_mcp.internet import is_private_name, is_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host, as `getaddrinfo` writes them."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Asks the system's resolver."""
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def check_public_name(scheme: str, host: str, userinfo: bytes, *, url: str) -> None:
    """Looks at an address without asking anybody about it.

    Raises:
        MediaError: it is not https, carries a password, or says by itself that it is not of the internet.
    """
    if scheme != "https":
        raise MediaError(f"{url[:200]!r} is not https. Pass an address that starts with https://.", url=url)
    if userinfo:
        raise MediaError("The address holds a user name. Pass one that needs none.", url=url)
    if is_private_name(host):
        raise MediaError(f"{host[:80]!r} is not a public host. Pass an address that the internet reaches.", url=url)


async def public_addresses(host: str, port: int, *, url: str, resolve: Resolve) -> Sequence[str]:
    """Returns where to connect to: every address that the host has, if all of them are public.

    Raises:
        MediaError: the host is not found, or one of its addresses is not public.
    """
    try:
        addresses = await resolve(host, port)
    except (OSError, UnicodeError) as exc:
        raise MediaError(f"The host {host[:80]!r} was not found. Check the address.", url=url) from exc
    if not addresses or not all(is_public(address) for address in addresses):
        # Not told: which address it has. Who asks might be mapping a network from outside.
        raise MediaError(f"{host[:80]!r} is not a public host. Pass an address that the internet reaches.", url=url)
    return addresses

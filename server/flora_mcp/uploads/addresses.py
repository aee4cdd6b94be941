"""Addresses that FLORA is asked to fetch a file from."""

from urllib.parse import urlsplit

from flora_mcp.internet import is_private_name
from flora_mcp.uploads.errors import RefusedError

MOST_CHARS = 8192


def public_address(url: str, *, own: str) -> str:
    """Returns the address if FLORA may be sent there; it looks for itself where the name leads to.

    Args:
        url: As it was asked for.
        own: The origin of FLORA, where media are whatever the scheme and the host.

    Raises:
        RefusedError: It is not https, not public, or no address.
    """
    shown = repr(url if len(url) <= 200 else f"{url[:200]}…")
    if len(url) > MOST_CHARS or any(character.isspace() or not character.isprintable() for character in url):
        raise RefusedError(f"{shown} is no address: it is too long, or holds spaces. Pass a public https:// address.")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as exc:
        raise RefusedError(f"{shown} is no address ({exc}). Pass a public https:// address.") from exc
    if not parts.username and not parts.password and f"{parts.scheme}://{parts.netloc}" == own:
        return url
    if parts.scheme.lower() != "https":
        raise RefusedError(f"{shown} was not sent: only https:// addresses are fetched. Pass one, or a data: URL.")
    if "@" in parts.netloc:
        raise RefusedError("The address holds a user name, which would be stored. Pass one that needs none.")
    if not host or "\\" in url or is_private_name(host):
        raise RefusedError(
            f"{shown} was not sent: its host is not of the public internet, and FLORA could not reach it. "
            "Pass a public https:// address, or the file itself as a data: URL."
        )
    return url

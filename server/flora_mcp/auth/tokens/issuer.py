"""The authorization server: where its keys are, and how they are read."""

import json
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import anyio.to_thread

from flora_mcp.auth.tokens.errors import UnreachableError

READ_SECONDS = 10.0
DOCUMENT_BYTES = 1_000_000

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Read = Callable[[str], Awaitable[object]]
"""Reads a JSON document; raises `UnreachableError`."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follows nowhere: keys come from the address that the operator, or the issuer's own metadata, has named."""


async def read_json(url: str) -> object:
    """Returns the JSON document at an address.

    Raises:
        UnreachableError: It is not there, is not JSON, or its address is not safe.
    """
    require_safe(url)
    return await anyio.to_thread.run_sync(_read, url)


def require_safe(url: str) -> None:
    """Raises:
    UnreachableError: What is read there could be forged on its way.
    """
    try:
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        safe = named = False
    if not safe or not named:
        raise UnreachableError(f"{url!r} is no address of keys: it starts with https://, on this machine with http://.")


def _read(url: str) -> object:
    opener = urllib.request.build_opener(_NoRedirect)
    request = urllib.request.Request(url, headers={"accept": "application/json"})  # noqa: S310 - `require_safe`
    try:
        with opener.open(request, timeout=READ_SECONDS) as answer:
            content = answer.read(DOCUMENT_BYTES + 1)
    except urllib.error.HTTPError as exc:
        with exc:
            raise UnreachableError(f"{url!r} was answered with status {exc.code}.") from exc
    except (OSError, HTTPException, ValueError) as exc:
        raise UnreachableError(f"{url!r} cannot be read: {exc}") from exc
    if len(content) > DOCUMENT_BYTES:
        raise UnreachableError(f"{url!r} has more than {DOCUMENT_BYTES} bytes.")
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as exc:
        raise UnreachableError(f"{url!r} is not JSON.") from exc


class Issuer:
    """One authorization server, by its name.

    Args:
        name: As it stands in tokens' `iss`.
        jwks_url: Where its keys are; without, the issuer's metadata is asked (RFC 8414, OpenID Connect Discovery).
        read: Reads a JSON document.
    """

    def __init__(self, name: str, *, jwks_url: str | None = None, read: Read = read_json) -> None:
        self.name = name
        self._jwks_url = jwks_url
        self._read = read

    async def keys(self) -> list[dict[str, Any]]:
        """Returns the issuer's keys as JSON Web Keys, good and bad.

        Raises:
            UnreachableError: They cannot be had.
        """
        if self._jwks_url is None:
            self._jwks_url = await self._discovered()
        document = await self._read(self._jwks_url)
        keys = document.get("keys") if isinstance(document, dict) else None
        if not isinstance(keys, list):
            raise UnreachableError(f"{self._jwks_url!r} holds no set of keys (RFC 7517).")
        return [key for key in keys if isinstance(key, dict)]

    async def _discovered(self) -> str:
        trouble = ""
        for url in self._places():
            try:
                document = await self._read(url)
            except UnreachableError as exc:
                trouble = trouble or str(exc)
                continue
            if isinstance(document, dict) and isinstance(found := document.get("jwks_uri"), str):
                if document.get("issuer") != self.name:
                    said = str(document.get("issuer"))[:200]
                    raise UnreachableError(f"{url!r} is of issuer {said!r}, not of {self.name!r}: set that one.")
                return found
        raise UnreachableError(f"The keys of {self.name!r} cannot be found; set FLORA_OAUTH_JWKS_URL. {trouble}")

    def _places(self) -> tuple[str, ...]:
        parts = urlsplit(self.name)
        root, path = f"{parts.scheme}://{parts.netloc}/.well-known", parts.path.rstrip("/")
        own = f"{self.name.rstrip('/')}/.well-known/openid-configuration"
        return tuple(
            dict.fromkeys((f"{root}/oauth-authorization-server{path}", own, f"{root}/openid-configuration{path}"))
        )

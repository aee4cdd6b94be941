"""Addresses of outputs over HTTP: nobody can guess one, and whoever has been told one needs no key for it."""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote

PATH = "/outputs/{token}/{name}"
"""Below the server's address. The name is for people and programs that save the file; only the token counts."""

PURPOSE = "output addresses"
"""The name of the deployment's secret that tokens are made with: all processes make the same ones."""

HEADERS = {
    "cache-control": "private, max-age=86400, immutable",
    "content-security-policy": "sandbox; default-src 'none'; img-src data:; media-src 'self'",
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
"""What a file is sent with: it was made by a stranger's program and must not act on the server's own origin."""


def token_of(secret: bytes, *, tenant: str, run_id: str, output_id: str) -> str:
    """Returns the token of an output: 43 characters for a URL, that only the deployment can make."""
    message = b"".join(
        len(part).to_bytes(4, "big") + part for part in (x.encode() for x in (tenant, run_id, output_id))
    )
    return base64.urlsafe_b64encode(hmac.digest(secret, message, "sha256")).decode().rstrip("=")


def hashed(token: str) -> str:
    """Returns what the index knows a token by.

    It is looked up by its hash: how long that takes says nothing of how near a guess is.
    """
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Addresses:
    """Where this server can be reached by the one that asks; nowhere, for who shares its disk.

    Args:
        base_url: Where everybody reaches it, such as `https://media.example/flora`; None goes by each request.
    """

    def __init__(self, base_url: str | None = None) -> None:
        self._fixed = None if base_url is None else base_url.rstrip("/")
        self._asked: ContextVar[str | None] = ContextVar("base_url", default=None)

    @property
    def base_url(self) -> str | None:
        """Where it is reached by whoever is being answered; None if outputs are told by their paths."""
        return self._fixed or self._asked.get()

    @contextmanager
    def at(self, base_url: str | None) -> Iterator[None]:
        """Until the end of the block, what this task and its children answer names addresses below that one."""
        token = self._asked.set(None if base_url is None else base_url.rstrip("/"))
        try:
            yield
        finally:
            self._asked.reset(token)

    def url(self, token: str, name: str) -> str | None:
        """Returns the address of an output; None if there is no server to be reached."""
        base_url = self.base_url
        return None if base_url is None else base_url + PATH.format(token=token, name=quote(name, safe=""))

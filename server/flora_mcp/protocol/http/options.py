"""How the server is reached over HTTP."""

from dataclasses import dataclass

BODY_BYTES = 4 * 1024 * 1024
"""The largest body of a request; beyond it the answer is 413."""

SESSIONS = 2000
"""Sessions of one process; beyond them a new client is answered 503."""

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, kw_only=True)
class HTTPOptions:
    """What is served, and by what names."""

    sse: bool = False
    """Serves `/sse` and `/messages/` as well, for clients from before streamable HTTP."""

    allowed_hosts: frozenset[str] = frozenset()
    """Names by which clients reach the server, beside this machine's own; lower case, without a port."""

    allowed_origins: frozenset[str] = frozenset()
    """Where pages in browsers may come from, beside those of this machine; such as `https://chat.example.com`."""

    public_url: str | None = None
    """Where clients reach the server, for the addresses in its answers; the host of each request by default."""

    body_bytes: int = BODY_BYTES
    sessions: int = SESSIONS

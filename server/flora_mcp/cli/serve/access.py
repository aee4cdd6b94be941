"""To whom a server over HTTP is open, and by what names."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.serve.wanted import Auth, HTTPWanted
from flora_mcp.protocol.http import HTTPOptions
from flora_mcp.settings import Settings
from flora_mcp.studio import is_loopback


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who is let in, and by what names the server is reached."""

    auth: Auth
    options: HTTPOptions
    local: bool
    """Whether it is reached from this machine only."""


def access_of(wanted: HTTPWanted, settings: Settings) -> Access:
    """Returns to whom the server is open.

    Raises:
        CommandError: it would be open to more than was said.
    """
    public = None if wanted.public_url is None else urlsplit(wanted.public_url).hostname
    names = [*wanted.allowed_hosts, *([public] if public else [])]
    if not is_loopback(wanted.host) and not names:
        raise CommandError(
            f"--host {wanted.host!r} is reached from other machines: say by what name, with --allowed-host or "
            "--public-url, so that requests to any other are refused",
            exit_code=2,
        )
    if wanted.workers > 1 and wanted.sse:
        raise CommandError("an SSE session lives in one process: leave out --sse, or --workers", exit_code=2)
    # A name that is not this machine's is a proxy's, which lets other machines in.
    local = all(is_loopback(name) for name in (wanted.host, *names))
    options = HTTPOptions(
        sse=wanted.sse,
        allowed_hosts=frozenset(wanted.allowed_hosts),
        allowed_origins=frozenset(wanted.allowed_origins),
        public_url=wanted.public_url,
    )
    return Access(auth=_auth(wanted, settings, local=local), options=options, local=local)


def _auth(wanted: HTTPWanted, settings: Settings, *, local: bool) -> Auth:
    if wanted.without_auth:
        if wanted.auth not in (None, "none"):
            raise CommandError(f"--without-auth and --auth {wanted.auth} contradict each other", exit_code=2)
        return "none"
    safe: Auth = "oauth" if settings.oauth is not None else "keys"
    if wanted.auth is None:
        return "auto" if local else safe
    open_to_all = wanted.auth == "none" or (wanted.auth == "auto" and settings.oauth is None)
    if open_to_all and not local:
        raise CommandError(
            f"--auth {wanted.auth} lets other machines in without a key, at your expense. Use --auth {safe}; or, where "
            "something in front of the server tells who may come, say so with --without-auth",
            exit_code=2,
        )
    return wanted.auth


def url_by_name(wanted: HTTPWanted, bound: str) -> str:
    """Returns where clients reach the server: as given, or by its first name and the port it is bound to."""
    if wanted.public_url is not None:
        return wanted.public_url
    if is_loopback(wanted.host):
        return bound
    name = wanted.allowed_hosts[0]
    return f"http://{f'[{name}]' if ':' in name else name}:{urlsplit(bound).port}"

"""Serves MCP over HTTP, in one process or in several."""

import logging
import sys

from flora_mcp.cli.errors import CommandError
from flora_mcp.cli.serve import one, workers
from flora_mcp.cli.serve.access import Access, access_of, url_by_name
from flora_mcp.cli.serve.one import Serving
from flora_mcp.cli.serve.wanted import HTTPWanted
from flora_mcp.protocol.http import ENDPOINT
from flora_mcp.settings import Settings
from flora_mcp.studio import listen, url_of
from flora_mcp.studio.errors import StudioUnavailableError

logger = logging.getLogger(__name__)

DOORS = {
    "auto": "A FLORA key that a client brings is used for its calls; without one they are this server's own.",
    "keys": "Clients bring their FLORA key, as bearer or as x-flora-api-key.",
    "oauth": "Clients bring a token of the authorization server.",
    "none": "Whoever reaches the server is let in.",
}


def run(wanted: HTTPWanted, settings: Settings) -> int:
    """Serves until a signal comes, and returns 0.

    Raises:
        CommandError: the options do not go together, or the address cannot be used.
        SettingsError: the settings lack what the options need.
    """
    access = access_of(wanted, settings)
    try:
        # Keys or not was decided above.
        listener = listen(host=wanted.host, port=wanted.port, keys_required=True)
    except StudioUnavailableError as exc:
        raise CommandError(str(exc)) from exc
    with listener:
        url = url_by_name(wanted, url_of(listener))
        serving = Serving(settings=settings, options=access.options, auth=access.auth, url=url)
        _warn(access)
        if wanted.workers == 1:
            return one.run(serving, listener, on_ready=lambda: _welcome(url, access))
        return workers.run(serving, listener, count=wanted.workers, on_ready=lambda: _welcome(url, access))


def _warn(access: Access) -> None:
    if access.auth == "none" and not access.local:
        # Said whatever the log level is: it is a decision about money.
        sys.stderr.write(
            "flora-mcp: WARNING: NO AUTHENTICATION. Anyone who reaches this server works with its FLORA key, spends "
            "its money and sees its outputs.\n"
        )


def _welcome(url: str, access: Access) -> None:
    sse = f"For old clients: {url}/sse\n" if access.options.sse else ""
    sys.stdout.write(f"MCP is served at {url}{ENDPOINT}\n{sse}{DOORS[access.auth]}\nCtrl-C ends it.\n")
    sys.stdout.flush()

"""The studio on a port of its own."""

import ipaddress
import socket
from collections.abc import Callable

import uvicorn

from flora_mcp.studio.errors import StudioUnavailableError
from flora_mcp.studio.studio import Studio


def listen(*, host: str = "127.0.0.1", port: int = 0, keys_required: bool = False) -> socket.socket:
    """Returns a listening socket; port 0 takes a free one.

    Raises:
        StudioUnavailableError: Other computers would reach a studio without keys, or the port is taken.
    """
    if not keys_required and not is_loopback(host):
        raise StudioUnavailableError(
            f"The studio asks nobody for a key, so it listens on loopback only, not on {host!r}; use '127.0.0.1', or "
            "require keys."
        )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as exc:
        raise StudioUnavailableError(
            f"Port {port} of {host!r} cannot be used: {exc.strerror}; choose another."
        ) from exc
    # asyncio sends without delay only where the socket says that it is TCP. With the delay, an answer on a kept
    # connection waits some 40 ms for the client's acknowledgement of its head.
    return socket.socket(listener.family, listener.type, socket.IPPROTO_TCP, fileno=listener.detach())


def is_loopback(host: str) -> bool:
    """Returns whether a host to listen on is reached from this computer only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def url_of(listener: socket.socket) -> str:
    """Returns where clients reach a listening socket: the studio's `public_url`."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(studio: Studio, listener: socket.socket, *, on_ready: Callable[[], None] | None = None) -> None:
    """Serves an entered studio until cancelled or interrupted; closes the socket.

    Args:
        studio: A studio inside its `async with`, whose `public_url` is `url_of(listener)`.
        listener: From `listen`.
        on_ready: Called once requests are answered.
    """
    config = uvicorn.Config(studio.app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=3)
    server = _Server(config, on_ready=on_ready)
    await server.serve(sockets=[listener])


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, *, on_ready: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._on_ready is not None and self.started:
            self._on_ready()

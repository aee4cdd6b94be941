"""HTTP with SSE, as clients spoke it before streamable HTTP: one stream of answers, and posts that lead to it."""

from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.sse import SseServerTransport
from starlette.types import Receive, Scope, Send

STREAM = "/sse"
MESSAGES = "/messages/"


class LegacySSE:
    """A session is the stream that opened it: it lives in one process, and ends with its connection.

    Args:
        server: What answers.
        body_bytes: The largest message.
    """

    def __init__(self, server: Server[Any], *, body_bytes: int) -> None:
        self._server = server
        self._transport = SseServerTransport(MESSAGES, max_request_body_size=body_bytes)
        self.open = 0

    async def stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one client for as long as it listens."""
        self.open += 1
        try:
            async with self._transport.connect_sse(scope, receive, send) as (read_stream, write_stream):
                await self._server.run(read_stream, write_stream, self._server.create_initialization_options())
        finally:
            self.open -= 1

    async def post(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Takes one message of a client that listens."""
        await self._transport.handle_post_message(scope, receive, send)

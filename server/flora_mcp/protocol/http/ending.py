"""Ends what would never end by itself, when the server is about to: streams that clients only listen on."""

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Ending:
    """Has a stream believe that its client is gone, once the event is set. Calls that are under way go on."""

    def __init__(self, app: ASGIApp, event: anyio.Event) -> None:
        self._app = app
        self._event = event

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _listens(scope):
            await self._stream(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        open_body = False

        async def watched(message: Message) -> None:
            nonlocal open_body
            open_body = message["type"] == "http.response.start" or bool(message.get("more_body", False))
            await send(message)

        await self._app(scope, self._until_the_end(receive), watched)
        if open_body and self._event.is_set():
            # The client is there: it sees that the stream is over, and asks another process or later.
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _until_the_end(self, receive: Receive) -> Receive:
        async def either() -> Message:
            message: Message = {"type": "http.disconnect"}

            async def ask() -> None:
                nonlocal message
                message = await receive()
                tasks.cancel_scope.cancel()

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(ask)
                await self._event.wait()
                tasks.cancel_scope.cancel()
            return message

        return either


def _listens(scope: Scope) -> bool:
    return scope["method"] == "GET" or Headers(scope=scope).get("mcp-method") == "subscriptions/listen"

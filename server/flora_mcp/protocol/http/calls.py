"""One request to a session, watched for whether its client is still there when it is answered."""

import json
from collections.abc import Mapping
from typing import Any

from starlette.types import Message, Receive, Send


class Call:
    """Stands between the server and a session, and notes what was asked and whether the connection broke."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._body = b""
        self._answered = False
        self._gone = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._body += message.get("body", b"")
        elif message["type"] == "http.disconnect":
            self._gone = True
        return message

    async def send(self, message: Message) -> None:
        await self._send(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            self._answered = True

    def cancellation(self) -> Mapping[str, Any] | None:
        """Returns what a client would send that cancels this call; None if it was answered, or is no call."""
        if self._answered or not self._gone:
            return None
        try:
            request = json.loads(self._body)
        except ValueError:
            return None
        if not isinstance(request, dict) or not isinstance(request.get("id"), str | int):
            return None
        params = {"requestId": request["id"], "reason": "The connection broke"}
        return {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": params}

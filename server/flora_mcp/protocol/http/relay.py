"""What the processes of a deployment tell each other of sessions, through the database."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

import anyio
from mcp.server.context import CallNext, HandlerResult
from starlette.requests import Request
from starlette.types import Scope

from flora_mcp.protocol import Context
from flora_mcp.protocol.http.tenancy import TENANT
from flora_mcp.state import State
from flora_mcp.state.errors import StateError
from flora_mcp.state.session_record import Message, SessionRecord, Word

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""Between two looks at what other processes have to say."""

TROUBLE_SECONDS = 5.0
"""How long looking rests after the database could not be read."""

TOUCH_LOOKS = 1200
"""After so many looks, the sessions that this process has are kept for another day."""

CLIENT_CHARACTERS = 64_000
"""A client that says more than this of itself has a session in one process only."""

SESSION = "flora.session"
"""In the scope of a request: the session it belongs to; None when another process has passed it on."""

LASTING = frozenset({"notifications/initialized", "resources/list", "resources/subscribe"})
"""What processes that adopt the session must have heard: it decides what the client is told later."""

SUBSCRIBE, UNSUBSCRIBE, CANCELLED = "resources/subscribe", "resources/unsubscribe", "notifications/cancelled"


class Relay:
    """Keeps sessions when they begin, and passes on what their clients send to this process.

    Without the database sessions go on, each in the process that has it.

    Args:
        state: Where the processes meet.
        look_seconds: Between two looks.
        sleep: Waits.
    """

    def __init__(
        self,
        state: State,
        *,
        look_seconds: float = LOOK_SECONDS,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self._state = state
        self._look_seconds = look_seconds
        self._sleep = sleep
        self._origin = secrets.token_hex(8)
        self._kept: dict[str, set[str]] = {}
        """By session: what need not be kept again."""

    async def find(self, session_id: str, scope: Scope) -> SessionRecord | None:
        """Returns a session of another process, if it is of the same tenant.

        Raises:
            StateError: the database cannot be read.
        """
        return await (await self._state.tables()).sessions.get(session_id, tenant=scope[TENANT].id)

    async def end(self, session_id: str, scope: Scope) -> None:
        """Ends a session everywhere."""
        await self._try(Word(session_id=session_id, tenant=scope[TENANT].id, message=None))

    async def notice(self, ctx: Context, call_next: CallNext) -> HandlerResult:
        """Middleware of the server: sees what clients send, after it was done here."""
        result = await call_next(ctx)
        scope = ctx.request.scope if isinstance(ctx.request, Request) else {}
        session_id = scope.get(SESSION)
        if session_id is None:
            return result
        tenant, params = (
            scope[TENANT].id,
            {name: value for name, value in (ctx.params or {}).items() if name != "_meta"},
        )
        if ctx.method == "initialize":
            assert isinstance(result, dict)
            version = result["protocolVersion"]
            await self._begin(SessionRecord(id=session_id, tenant=tenant, protocol_version=version, client=params))
        elif ctx.method in LASTING or ctx.method in (UNSUBSCRIBE, CANCELLED):
            message = _message(ctx, params)
            await self._try(Word(session_id=session_id, tenant=tenant, message=message))
        return result

    async def follow(self, *, tell: Callable[[Word], Awaitable[None]], sessions: Callable[[], Collection[str]]) -> None:
        """Tells what other processes have to say, for ever."""
        place: int | None = None
        looks = 0
        while True:
            try:
                table = (await self._state.tables()).sessions
                if place is None:
                    place = await table.last()
                await self._sleep(self._look_seconds)
                for gone in self._kept.keys() - set(sessions()):
                    del self._kept[gone]
                if not sessions():
                    continue
                looks += 1
                if looks % TOUCH_LOOKS == 0:
                    await table.touch(sessions())
                words, place = await table.heard(place, origin=self._origin)
                for word in words:
                    await tell(word)
            except StateError as exc:
                logger.warning("%s Trying again in %g s", exc, TROUBLE_SECONDS)
                await self._sleep(TROUBLE_SECONDS)

    async def _begin(self, record: SessionRecord) -> None:
        if sum(len(str(value)) for value in record.client.values()) > CLIENT_CHARACTERS:
            logger.warning("A client says too much of itself for its session to be shared")
            return
        try:
            await (await self._state.tables()).sessions.add(record)
        except StateError as exc:
            logger.warning("A session is in this process only: %s", exc)

    async def _try(self, word: Word) -> None:
        method = "" if word.message is None else word.message["method"]
        key = "" if word.message is None else _key(word.message)
        kept = self._kept.setdefault(word.session_id, set())
        if method in LASTING and key in kept:
            return
        try:
            table = (await self._state.tables()).sessions
            if method in LASTING:
                await table.keep(word, key=key, origin=self._origin)
                kept.add(key)
            elif method == UNSUBSCRIBE:
                await table.drop(word, key=key, origin=self._origin)
                kept.discard(key)
            else:
                await table.say(word, origin=self._origin)
        except StateError as exc:
            logger.warning("Other processes do not hear of %s: %s", method or "an end", exc)


def _message(ctx: Context, params: Mapping[str, Any]) -> Message:
    message: dict[str, Any] = {"jsonrpc": "2.0", "method": ctx.method, "params": dict(params)}
    if ctx.request_id is not None:
        # Not the client's own number, which it may be using in that process for another call.
        message["id"] = f"passed on {secrets.token_hex(4)}"
    return message


def _key(message: Message) -> str:
    method = SUBSCRIBE if message["method"] == UNSUBSCRIBE else message["method"]
    return f"{method} {message['params'].get('uri', '')}".strip()

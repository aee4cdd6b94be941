"""Sessions of the handshake era, served by whichever process a request comes to."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
from anyio.abc import TaskStatus
from mcp.server.auth.middleware.bearer_auth import authorization_context
from mcp.server.connection import Connection
from mcp.server.lowlevel import Server
from mcp.server.runner import serve_connection
from mcp.server.streamable_http import MCP_SESSION_ID_HEADER, StreamableHTTPServerTransport
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.jsonrpc_dispatcher import JSONRPCDispatcher
from mcp.shared.message import ServerMessageMetadata, SessionMessage
from mcp.shared.transport_context import TransportContext
from mcp_types import (
    INTERNAL_ERROR,
    InitializeRequestParams,
    JSONRPCNotification,
    jsonrpc_message_adapter,
)
from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from flora_mcp.protocol.http.calls import Call
from flora_mcp.protocol.http.options import HTTPOptions
from flora_mcp.protocol.http.relay import SESSION, SUBSCRIBE, Relay
from flora_mcp.state.errors import StateError
from flora_mcp.state.session_record import Message, SessionRecord, Word

logger = logging.getLogger(__name__)


class SharedSessions(StreamableHTTPSessionManager):
    """Adopts sessions that another process opened, and passes on what their clients send to this one.

    A call whose connection breaks is cancelled: clients that lose a connection send the call again.

    Args:
        server: What answers.
        options: How much is served at a time.
        relay: To the other processes; None keeps sessions in this one.
    """

    def __init__(self, server: Server[Any], *, options: HTTPOptions, relay: Relay | None = None) -> None:
        super().__init__(server, max_request_body_size=options.body_bytes, max_sessions=options.sessions)
        self._relay = relay
        self._most = options.sessions
        self._scopes: dict[str, Scope] = {}
        """By session: the request that brought it here. What other processes pass on is done in its name."""
        self._places: dict[str, int] = {}
        """By session that was adopted: up to where what is said of it was counted in."""
        if relay is not None:
            server.middleware.append(relay.notice)

    @property
    def open(self) -> int:
        """How many sessions this process has."""
        return len(self._server_instances)

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        async with super().run():
            if self._relay is not None:
                assert self._task_group is not None
                self._task_group.start_soon(self._follow, self._relay)
            yield

    async def _follow(self, relay: Relay) -> None:
        await relay.follow(tell=self._hear, sessions=lambda: list(self._server_instances))

    async def _handle_stateful_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        session_id = Headers(scope=scope).get(MCP_SESSION_ID_HEADER)
        if session_id is None:
            await super()._handle_stateful_request(scope, receive, send)
            return
        scope = {**scope, SESSION: session_id}
        if self._relay is not None and session_id not in self._server_instances:
            if self.open >= self._most:
                await _unavailable("Too many sessions are open. Try again later.")(scope, receive, send)
                return
            try:
                await self._adopt(self._relay, session_id, scope)
            except StateError as exc:
                logger.warning("A session could not be looked up: %s", exc)
                await _unavailable("The session cannot be looked up just now. Try again.")(scope, receive, send)
                return
        await self._handle_call(session_id, scope, receive, send)

    async def _handle_call(self, session_id: str, scope: Scope, receive: Receive, send: Send) -> None:
        call = Call(receive, send)
        known = session_id in self._server_instances
        try:
            await super()._handle_stateful_request(scope, call.receive, call.send)
        finally:
            cancellation = call.cancellation()
            if cancellation is not None:
                await self._inject(session_id, cancellation)
        if self._relay is not None and known and scope["method"] == "DELETE" and session_id not in self._scopes:
            await self._relay.end(session_id, scope)

    async def _serve_opening_request(
        self, http_transport: StreamableHTTPServerTransport, scope: Scope, receive: Receive, send: Send
    ) -> None:
        assert http_transport.mcp_session_id is not None
        scope = {**scope, SESSION: http_transport.mcp_session_id}
        self._scopes[http_transport.mcp_session_id] = scope
        await super()._serve_opening_request(http_transport, scope, receive, send)

    async def _discard_session(self, session_id: str, transport: StreamableHTTPServerTransport) -> None:
        if self._server_instances.get(session_id, transport) is transport:
            self._scopes.pop(session_id, None)
            self._places.pop(session_id, None)
            await super()._discard_session(session_id, transport)
        elif not transport.is_terminated:
            # It has been adopted anew meanwhile: only this side of it ends.
            with anyio.CancelScope(shield=True):
                await transport.terminate()

    async def _adopt(self, relay: Relay, session_id: str, scope: Scope) -> None:
        """Goes on with a session of another process, if there is one of the same tenant."""
        record = await relay.find(session_id, scope)
        client = _client(record) if record is not None else None
        if record is None or client is None:
            return
        async with self._session_creation_lock:
            if session_id in self._server_instances:
                return
            transport = StreamableHTTPServerTransport(
                mcp_session_id=session_id,
                is_json_response_enabled=self.json_response,
                event_store=self.event_store,
                security_settings=self.security_settings,
                retry_interval=self.retry_interval,
                idle_timeout=self.session_idle_timeout,
            )
            self._server_instances[session_id] = transport
            self._session_owners[session_id] = authorization_context(scope["user"])
            self._scopes[session_id] = scope
            assert self._task_group is not None
            await self._task_group.start(self._serve_adopted, transport, record, client)
        # Read once more, as from now on it is heard here what others say of it: nothing falls between.
        record = await relay.find(session_id, scope)
        if record is None:
            await self._discard_session(session_id, transport)
            return
        self._places[session_id] = record.place
        for message in record.lasting:
            await self._inject(session_id, message)

    async def _serve_adopted(
        self,
        transport: StreamableHTTPServerTransport,
        record: SessionRecord,
        client: InitializeRequestParams,
        *,
        task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED,
    ) -> None:
        async with transport.connect() as (read_stream, write_stream):
            dispatcher: JSONRPCDispatcher[TransportContext] = JSONRPCDispatcher(
                read_stream, write_stream, inline_methods=frozenset({"initialize"})
            )
            version = record.protocol_version
            connection = Connection.for_loop(dispatcher, session_id=record.id, protocol_version_hint=version)
            connection.client_params = client
            try:
                with transport.idle_scope or anyio.CancelScope():
                    task_status.started()
                    await serve_connection(
                        self.app, dispatcher, connection=connection, lifespan_state=self._lifespan_state
                    )
            except Exception:  # the border of one session: others are not harmed by what is wrong with it
                logger.exception("A session crashed")
            finally:
                await self._discard_session(record.id, transport)

    async def _hear(self, word: Word) -> None:
        """Does what another process says of a session, if it is here, too."""
        transport = self._server_instances.get(word.session_id)
        if transport is None or word.place <= self._places.get(word.session_id, 0):
            return
        if word.message is None:
            await self._discard_session(word.session_id, transport)
            return
        await self._inject(word.session_id, word.message)
        if word.message["method"] == SUBSCRIBE and transport._write_stream is not None:
            # It may have changed before this process knew that somebody wants to hear of it.
            updated = JSONRPCNotification(
                jsonrpc="2.0", method="notifications/resources/updated", params={"uri": word.message["params"]["uri"]}
            )
            await _send(transport._write_stream, SessionMessage(updated))

    async def _inject(self, session_id: str, message: Message) -> None:
        """Hands a message to a session as if its client had sent it here; what is answered goes nowhere."""
        transport, scope = self._server_instances.get(session_id), self._scopes.get(session_id)
        if transport is None or scope is None or transport._read_stream_writer is None:
            return
        request = Request({**scope, SESSION: None})
        metadata = ServerMessageMetadata(request_context=request, can_send_request=False)
        parsed = jsonrpc_message_adapter.validate_python(dict(message), by_name=False)
        await _send(transport._read_stream_writer, SessionMessage(parsed, metadata=metadata))


def _unavailable(message: str) -> JSONResponse:
    error = {"code": INTERNAL_ERROR, "message": message}
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, status_code=503)


async def _send(stream: Any, message: SessionMessage) -> None:
    try:
        await stream.send(message)
    except (anyio.ClosedResourceError, anyio.BrokenResourceError):
        logger.debug("A session ended before it heard all that concerns it")


def _client(record: SessionRecord) -> InitializeRequestParams | None:
    """Returns what the client said of itself; None if another version of the server has kept it in another way."""
    try:
        return InitializeRequestParams.model_validate(dict(record.client), by_name=False)
    except ValidationError:
        return None

"""Who is let in to the API: by key where one is asked for, and as often as the workspace may."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from flora_mcp.studio.buckets import Buckets, Rate
from flora_mcp.studio.callers import EVERYBODY, Caller
from flora_mcp.studio.errors import ApiError
from flora_mcp.studio.keys import digest, may_be_key
from flora_mcp.studio.routes.context import Context
from flora_mcp.studio.store import Database
from flora_mcp.studio.store import access as store

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""The methods that change nothing; a viewer uses no other."""

KNOWN_MS = 1000
"""How long a key is taken for what it was: one that is revoked works for so long, in whatever process."""

MOST_KNOWN = 4096


@dataclass(frozen=True, kw_only=True)
class Access:
    """To whom a studio is open.

    Attributes:
        keys_required: Every request needs a key. Otherwise everybody who reaches the studio may do everything, but a
            key that is sent and known is honoured.
        hosts: Names by which clients may reach the studio, beside its public URL's and those of loopback.
        rate: How often each workspace may ask; all who send no key count as one. None: as often as it likes.
    """

    keys_required: bool = False
    hosts: frozenset[str] = frozenset()
    rate: Rate | None = None


class Admission:
    """ASGI middleware that finds out who calls, before anything is done for them."""

    def __init__(self, app: ASGIApp, *, context: Context, access: Access) -> None:
        self._app = app
        self._keys = _Keys(database=context.database, clock_ms=context.clock_ms)
        self._keys_required = access.keys_required
        self._rate = access.rate
        self._buckets = Buckets(rate=access.rate, clock_ms=context.clock_ms) if access.rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            caller = await self._caller(Headers(scope=scope).get("authorization"))
            self._pace(caller)
            if scope["method"] not in READING:
                # Whatever an endpoint forgets to check: a viewer gets no further.
                caller.check_role()
            scope["caller"] = caller
        await self._app(scope, receive, send)

    async def _caller(self, authorization: str | None) -> Caller:
        """Returns who sends this header.

        Raises:
            ApiError: 401, a key is required and this is none, or it was revoked.
        """
        if authorization is None:
            if self._keys_required:
                raise _refused("unauthorized", "No API key: send it as 'Authorization: Bearer sk_live_…'.")
            return EVERYBODY
        scheme, _, key = authorization.partition(" ")
        caller, known = None, False
        if scheme.lower() == "bearer" and may_be_key(key.strip()):
            caller, known = await self._keys.look_up(key.strip())
        if caller is not None:
            return caller
        if self._keys_required or known:
            raise _refused("invalid_api_key", "Invalid API key: it is not one of this studio's, or was revoked.")
        return EVERYBODY

    def _pace(self, caller: Caller) -> None:
        if self._buckets is None or self._rate is None:
            return
        wait_ms = self._buckets.take(caller.workspace_id)
        if wait_ms:
            raise ApiError(
                f"Rate limit exceeded: {self._rate.per_second:g} requests a second, {self._rate.burst} at once; try "
                f"again in {wait_ms} ms.",
                status=429,
                code="rate_limited",
                headers={"retry-after": str(-(-wait_ms // 1000)), "retry-after-ms": str(wait_ms)},
            )


class _Keys:
    """Looks keys up in the database, and again when `KNOWN_MS` are over."""

    def __init__(self, *, database: Database, clock_ms: Callable[[], int]) -> None:
        self._database = database
        self._clock_ms = clock_ms
        self._known: dict[str, tuple[int, tuple[Caller | None, bool]]] = {}

    async def look_up(self, key: str) -> tuple[Caller | None, bool]:
        """Returns who holds a key, and whether it is known, see `store.caller_with`."""
        sha256, now_ms = digest(key), self._clock_ms()
        looked_at_ms, found = self._known.get(sha256, (0, (None, False)))
        if 0 <= now_ms - looked_at_ms < KNOWN_MS:
            return found
        found = await self._database.read(partial(store.caller_with, sha256=sha256))
        # Who sends ever new keys empties the memory, and fills no more than that.
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[sha256] = now_ms, found
        return found


def _refused(code: str, message: str) -> ApiError:
    text = f"{message} Whoever runs the studio makes keys with 'flora-mcp studio key create'."
    return ApiError(text, status=401, code=code, headers={"www-authenticate": "Bearer"})

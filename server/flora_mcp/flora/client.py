"""The client of FLORA's REST API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from types import TracebackType
from typing import Annotated, Self

import anyio
from pydantic import JsonValue

from flora_mcp.flora._http import ASGIApp, Connection, Transport
from flora_mcp.flora.arguments import Between, check
from flora_mcp.flora.attempts import Attempts, Surroundings
from flora_mcp.flora.checks import Catalogue
from flora_mcp.flora.errors import APIError, MediaError, UnknownMethodError
from flora_mcp.flora.guard import Guard, Method, Refusal
from flora_mcp.flora.methods import METHODS, PATHS, MethodEntry, find, named
from flora_mcp.flora.operations import operation_of
from flora_mcp.flora.pages import Page
from flora_mcp.flora.resources import Resources, Wire
from flora_mcp.flora.rules import Rules
from flora_mcp.flora.spending import Prices, Spending

DEFAULT_BASE_URL = "https://app.flora.ai/api/v1"

FETCH_SECONDS = 300.0
"""How long one media may take in all, retries included."""

POLL_SECONDS = 2.0
"""FLORA recommends 2 to 5 s (`docs:guides/runs`)."""

REAL = Surroundings()
FREE = Rules()


@dataclass(frozen=True, kw_only=True)
class Media:
    """The bytes behind a media URL."""

    content: bytes
    content_type: str | None
    """As the host said it, without parameters; hosts get it wrong, so measure the bytes."""


class Flora(Resources):
    """FLORA, method by method: `await flora.generations.create(...)`, `async for run in flora.generations.list()`.

    Use it as an async context manager; it may be used by many tasks at once.

    Args:
        api_key: Goes out as a bearer token to the base URL only. None sends none.
        base_url: Where the API is.
        app: Answers the base URL's origin in process instead of the network.
        transport: Stands in for the network.
        timeout_seconds: For each attempt of a call, from sending to the last byte; at most 3600.
        max_retries: Further attempts after the first, 0 to 10.
        sleep: Waits between attempts and between two looks at a run.
        surroundings: Clock, ids, chance and names.
        rules: Which methods may be called; without, all.
        spending: Counts what paid calls cost, and holds them to a cap; without, only counts.
        check_params: False sends parameters as they are, as if every call said `strict=False`.
    """

    methods: tuple[MethodEntry, ...] = METHODS

    def __init__(
        self,
        *,
        api_key: str | None,
        base_url: str = DEFAULT_BASE_URL,
        app: ASGIApp | None = None,
        transport: Transport | None = None,
        timeout_seconds: float = 60.0,
        max_retries: int = 2,
        poll_seconds: float = POLL_SECONDS,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
        surroundings: Surroundings = REAL,
        rules: Rules = FREE,
        spending: Spending | None = None,
        check_params: bool = True,
    ) -> None:
        check("timeout_seconds", timeout_seconds, Annotated[float, Between(0.001, 3600)])
        check("max_retries", max_retries, Annotated[int, Between(0, 10)])
        self._connection = Connection(
            base_url=base_url,
            api_key=api_key,
            app=app,
            transport=transport,
            timeout_seconds=timeout_seconds,
            resolve=surroundings.resolve,
        )
        self._attempts = Attempts(max_retries=max_retries, sleep=sleep, surroundings=surroundings)
        self.rules = rules
        self.spending = spending or Spending()
        catalogue = Catalogue(
            models=lambda: aiter(self.own.models.list()),
            actions=lambda: aiter(self.own.actions.list()),
            clock=surroundings.clock,
        )
        prices = Prices(
            catalogue,
            technique=lambda technique_id: self.own.techniques.retrieve(technique_id),
            graph=lambda project_id, place: self.own.workspaces.projects.graph(project_id, workspace_id=place),
        )

        def wire(refusal: Callable[[Method], Refusal | None]) -> Wire:
            return Wire(
                exchange=self._connection.exchange,
                deliver=self._connection.deliver,
                attempts=self._attempts,
                poll_seconds=poll_seconds,
                guard=Guard(
                    refusal=refusal,
                    name=PATHS.__getitem__,
                    catalogue=catalogue,
                    checks_params=check_params,
                    prices=prices,
                    spending=self.spending,
                ),
            )

        self.own = Resources(wire(_unless_reading))
        """For the server's own reads, such as watching runs: a user's rules do not bind them. Nothing else is sent."""
        super().__init__(wire(self._refusal))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._connection.aclose()

    @property
    def origin(self) -> str:
        """Where the API is and own media may be, such as `https://app.flora.ai`."""
        return self._connection.origin

    async def call(self, path: str, arguments: Mapping[str, object]) -> JsonValue | Page[JsonValue]:
        """Calls a method by its name and returns plain JSON, or a `Page` of it for a paged method.

        Args:
            path: Such as `projects.list_nodes` or `projects.listNodes`; `client.` in front is allowed.
            arguments: By name, in snake_case or camelCase.

        Raises:
            ArgumentError: no such method, or arguments that do not fit it; nothing was sent.
            FloraError: as the method itself.
        """
        entry = find(path)
        if entry.host_only:
            raise UnknownMethodError(
                f"client.{entry.path} cannot be called by name: it takes bytes, files or secrets. "
                f"client.assets.create(source=...) takes a public URL."
            )
        given = named(entry, arguments)
        answer = await attrgetter(entry.path)(self)(**given)
        if isinstance(answer, Page):
            items = [item.plain() for item in answer.items]
            return Page(items=items, body=answer.body, next_arguments=answer.next_arguments)
        plain: dict[str, JsonValue] = answer.plain()
        return plain

    async def fetch(self, url: str, *, max_bytes: int) -> Media:
        """Gets the bytes of a public media URL. The key is sent to nobody.

        At most five redirects are followed. The base URL's own origin is asked the way the API is, so that an
        application in process can serve its media.

        Raises:
            MediaError: the address is unusable, or the host does not give it.
            MediaTooLargeError: there are more than `max_bytes` bytes; none are kept.
        """
        return await self._fetch(url, max_bytes=max_bytes, public_only=False)

    async def fetch_public(self, url: str, *, max_bytes: int) -> Media:
        """Gets the bytes of an address that a stranger named; as `fetch`, but only from where all the world may go.

        But for the base URL's own origin, the address and each that it redirects to must be https, and all addresses
        of its host public.

        Raises:
            MediaError: as `fetch`, or the address is not public.
            MediaTooLargeError: as `fetch`.
        """
        return await self._fetch(url, max_bytes=max_bytes, public_only=True)

    async def _fetch(self, url: str, *, max_bytes: int, public_only: bool) -> Media:
        try:
            with anyio.fail_after(FETCH_SECONDS):
                answer = await self._attempts.answer(
                    lambda: self._connection.fetch(url, max_bytes=max_bytes, public_only=public_only)
                )
        except TimeoutError as exc:
            raise MediaError(f"{url!r} was not here within {FETCH_SECONDS:g} seconds. Try later.", url=url) from exc
        except APIError as exc:
            raise MediaError(
                f"{url!r} gave no media: {exc} Read the run again for a fresh URL, or try later.", url=url
            ) from exc
        return Media(content=answer.content, content_type=answer.media_type)

    def _refusal(self, method: Method) -> Refusal | None:
        path = PATHS[method]
        message = self.rules.refusal(path)
        return None if message is None else Refusal(method=path, setting=self.rules.refusals[path], message=message)


def _unless_reading(method: Method) -> Refusal | None:
    operation = operation_of(method)
    if not operation.writes and not operation.paid:
        return None
    return Refusal(method=PATHS[method], setting="", message=f"client.{PATHS[method]} does more than to read.")

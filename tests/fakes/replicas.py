"""Two servers over HTTP that share a database and nothing else, behind a proxy that sends each request to the next."""

import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import anyio
import httpx
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from fakes.flora import FakeFlora
from fakes.serving import served
from flora_mcp.app import open_desks
from flora_mcp.auth import OpenDoor
from flora_mcp.executions import Intervals
from flora_mcp.protocol.http import Parts, base_url_of, build_app, tenant_of
from flora_mcp.settings import Settings


class RoundRobin:
    """Passes requests on as they come, and answers as they are made; a client that goes away is gone there, too."""

    def __init__(self, web: httpx.AsyncClient, urls: Sequence[str]) -> None:
        self._web = web
        self._turns = itertools.cycle(urls)
        self.answered: dict[str, int] = dict.fromkeys(urls, 0)
        """By the address of a replica: the requests that it was given."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        replica = next(self._turns)
        self.answered[replica] += 1
        query = f"?{scope['query_string'].decode()}" if scope["query_string"] else ""
        async with anyio.create_task_group() as tasks:

            async def watch() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                tasks.cancel_scope.cancel()

            tasks.start_soon(watch)
            url = f"{replica}{scope['raw_path'].decode()}{query}"
            async with self._web.stream(scope["method"], url, headers=scope["headers"], content=body) as answer:
                await send({"type": "http.response.start", "status": answer.status_code, "headers": answer.headers.raw})
                async for chunk in answer.aiter_raw():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
            tasks.cancel_scope.cancel()


@dataclass(kw_only=True)
class Replicas:
    """A deployment, and the FLORA that it works with."""

    url: str
    proxy: RoundRobin
    flora: FakeFlora = field(default_factory=FakeFlora)


@asynccontextmanager
async def replicas(settings: Sequence[Settings], flora: FakeFlora, intervals: Intervals) -> AsyncIterator[Replicas]:
    """Opens one server for each of the settings, as processes do, and the proxy in front of them."""
    async with AsyncExitStack() as stack:
        urls = []
        for each in settings:
            opened = await stack.enter_async_context(open_desks(each, backend=flora.app, intervals=intervals))
            app = build_app(
                opened.server(tenant_of, base_url_of=base_url_of),
                door=OpenDoor(opened.local),
                parts=Parts(state=opened.state, pickup=opened.pickup, checks=opened.checks),
            )
            urls.append(await stack.enter_async_context(served(app)))
        limits = httpx.Limits(max_connections=None)
        web = await stack.enter_async_context(httpx.AsyncClient(timeout=None, limits=limits))
        proxy = RoundRobin(web, urls)
        front = Starlette(routes=[Route("/{path:path}", proxy)])
        yield Replicas(url=await stack.enter_async_context(served(front)), proxy=proxy, flora=flora)

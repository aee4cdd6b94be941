"""A studio that asks for keys, beside one on the same data that asks for none and builds what is guarded."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from flora_mcp.studio import Access, Studio
from flora_mcp.studio.callers import Role
from flora_mcp.studio.renderers import RenderThreads

URL = "http://studio.localhost/api/v1"


@dataclass(kw_only=True)
class Guarded:
    """The guarded studio, and clients of it."""

    api: Any
    """The open studio's `Api`."""
    studio: Studio
    stack: AsyncExitStack
    names: int = field(default=0)

    async def key(self, *, workspace_id: str | None = None, role: Role = "member") -> str:
        """A new member's key."""
        self.names += 1
        workspace_id = workspace_id or self.api.workspace_id
        return await self.studio.create_key(workspace_id=workspace_id, name=f"Member {self.names}", role=role)

    async def client(self, key: str | None) -> httpx.AsyncClient:
        """A client that sends this key."""
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.studio.app, raise_app_exceptions=False), base_url=URL, headers=headers
        )
        return await self.stack.enter_async_context(client)


@asynccontextmanager
async def guard(api: Any, **options: Any) -> AsyncIterator[Guarded]:
    """Opens a studio that asks for keys on the data of an open one."""
    access = options.pop("access", Access(keys_required=True))
    studio = Studio(
        directory=api.directory, renderers=RenderThreads({}), clock_ms=api.clock, access=access, works=False, **options
    )
    async with studio, AsyncExitStack() as stack:
        yield Guarded(api=api, studio=studio, stack=stack)

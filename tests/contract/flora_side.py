"""The contract through our own client, which has the studio in its process."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import Any

import anyio.lowlevel
from contract.sides import Refused, Sheet, Side
from contract.world import World

from flora_mcp.flora import Flora, Page
from flora_mcp.flora.errors import APIError, ArgumentError, FloraError


@dataclass(kw_only=True)
class FloraSide(Side):
    """Calls `Flora` by the names of its method table; it has a client for each key."""

    stack: AsyncExitStack
    clients: dict[str, Flora] = field(default_factory=dict)

    @property
    def flora(self) -> Flora:
        if self.key not in self.clients:
            url, app = self.world.studio.base_url, self.world.door
            # What is promised of the API is asked of the API: our client would see wrong parameters by itself.
            self.clients[self.key] = Flora(api_key=self.key, base_url=url, app=app, sleep=_no_wait, check_params=False)
            self.stack.push_async_exit(self.clients[self.key])
        return self.clients[self.key]

    async def call(self, path: str, **arguments: Any) -> Any:
        try:
            answer = await self.flora.call(path, arguments)
        except FloraError as exc:
            raise _refused(exc) from exc
        if isinstance(answer, Page):
            return Sheet(items=answer.items, body=answer.body, has_next=answer.next_arguments is not None)
        return answer

    async def all(self, path: str, **arguments: Any) -> list[Any]:
        try:
            return [item.plain() async for item in attrgetter(path)(self.flora)(**arguments)]
        except FloraError as exc:
            raise _refused(exc) from exc

    async def upload(self, file: bytes | str, **arguments: Any) -> Any:
        is_path = isinstance(file, str) and "://" not in file
        try:
            asset = await self.flora.assets.upload(Path(str(file)) if is_path else file, **arguments)
        except FloraError as exc:
            raise _refused(exc) from exc
        return asset.plain()

    async def unwrap(self, body: bytes, headers: Mapping[str, str], secret: str, **options: float) -> Any:
        now = datetime.fromtimestamp(options.pop("now_seconds"), UTC)
        try:
            return self.flora.webhooks.unwrap(body, headers, secret, now=lambda: now, **options).plain()
        except FloraError as exc:
            raise _refused(exc) from exc


@asynccontextmanager
async def open_flora_side(world: World) -> AsyncIterator[FloraSide]:
    """Opens clients that never wait between two attempts."""
    async with AsyncExitStack() as stack:
        yield FloraSide(world=world, stack=stack)


async def _no_wait(_seconds: float) -> None:
    await anyio.lowlevel.checkpoint()


def _refused(error: FloraError) -> Refused:
    kind = type(error).__name__
    if isinstance(error, ArgumentError):
        return Refused(str(error), kind=kind, fields={error.argument or "": str(error)}, sent=False)
    if isinstance(error, APIError):
        return Refused(
            error.message,
            kind=kind,
            status=error.status,
            code=error.code,
            fields={each.field: each.message for each in error.fields},
            request_id=error.request_id,
        )
    return Refused(str(error), kind=kind)

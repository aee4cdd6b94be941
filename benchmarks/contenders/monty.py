"""pydantic-monty: an interpreter written in Rust, in a pool of processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import Self

from pydantic_monty import AsyncMonty

from contenders.contender import Contender

TEN = """
total = 0
for _ in range(10):
    total = await increment(total)
total
"""


class Monty(Contender):
    """A session of its own for each program, on a worker that is used again or not."""

    def __init__(self, *, one_shot: bool = False) -> None:
        self.name = "pydantic-monty, " + ("a worker each" if one_shot else "reused workers")
        self._pool = AsyncMonty(max_processes=64, max_checkouts_per_worker=1 if one_shot else None)

    async def __aenter__(self) -> Self:
        await self._pool.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._pool.__aexit__(kind, error, trace)

    async def one(self) -> object:
        async with self._pool.checkout() as session:
            return await session.feed_run("1 + 1")

    async def ten(self) -> object:
        async with self._pool.checkout() as session:
            return await session.feed_run(TEN, external_lookup={"increment": _increment})

    def waiting(self, count: int) -> AbstractAsyncContextManager[list[object]]:
        return self._wait(count)

    @asynccontextmanager
    async def _wait(self, count: int) -> AsyncIterator[list[object]]:
        waiting, all_wait, released = 0, asyncio.Event(), asyncio.Event()

        async def wait() -> None:
            nonlocal waiting
            waiting += 1
            if waiting == count:
                all_wait.set()
            await released.wait()

        async def run() -> object:
            async with self._pool.checkout() as session:
                return await session.feed_run("await wait()\n1 + 1", external_lookup={"wait": wait})

        tasks = [asyncio.create_task(run()) for _ in range(count)]
        await all_wait.wait()
        values: list[object] = []
        yield values
        released.set()
        values += await asyncio.gather(*tasks)


async def _increment(number: int) -> int:
    return number + 1

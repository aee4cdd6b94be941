"""The sandbox itself."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import Self

from code_sandbox import JSON, Call, Capacity, Exposure, Limits, Method, Parameter, Sandbox
from code_sandbox._processes.fresh import FreshProcess
from contenders.contender import Contender

EXPOSURE = Exposure(
    methods=(
        Method(path="client.numbers.increment", parameters=(Parameter(name="number", required=True),)),
        Method(path="client.numbers.wait"),
    )
)
TEN = """
total = 0
for _ in range(10):
    total = await client.numbers.increment(number=total)
return total
"""
LIMITS = Limits()


class Ours(Contender):
    """`Sandbox.run`, with forked workers or a fresh process for each program."""

    def __init__(self, *, fresh: bool = False, at_once: int = 64) -> None:
        self.name = "ours, a fresh process" if fresh else "ours, forked workers"
        self.every = 8 if fresh else 1
        isolation = FreshProcess() if fresh else None
        self._sandbox = Sandbox(
            exposure=EXPOSURE, limits=LIMITS, isolation=isolation, capacity=Capacity(programs_at_once=at_once)
        )
        self._waiting = 0
        self._all_wait = asyncio.Event()
        self._released = asyncio.Event()

    async def __aenter__(self) -> Self:
        await self._sandbox.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._sandbox.__aexit__(kind, error, trace)

    async def one(self) -> object:
        return await self._value("1 + 1")

    async def ten(self) -> object:
        return await self._value(TEN)

    async def none(self) -> object:
        """Runs the program of `ten` without its calls."""
        return await self._value(TEN.replace("range(10)", "range(0)"))

    def waiting(self, count: int) -> AbstractAsyncContextManager[list[object]]:
        return self._wait(count)

    @asynccontextmanager
    async def _wait(self, count: int) -> AsyncIterator[list[object]]:
        self._waiting, self._all_wait, self._released = count, asyncio.Event(), asyncio.Event()
        program = "await client.numbers.wait()\n1 + 1"
        tasks = [asyncio.create_task(self._value(program)) for _ in range(count)]
        await self._all_wait.wait()
        values: list[object] = []
        yield values
        self._released.set()
        values += await asyncio.gather(*tasks)

    async def _value(self, program: str) -> object:
        outcome = await self._sandbox.run(program, answer=self._answer)
        if outcome.failure is not None:
            raise RuntimeError(outcome.failure)
        return outcome.value

    async def _answer(self, call: Call) -> JSON:
        if call.path == "client.numbers.wait":
            self._waiting -= 1
            if not self._waiting:
                self._all_wait.set()
            await self._released.wait()
            return None
        number = call.arguments["number"]
        assert isinstance(number, int)
        return number + 1

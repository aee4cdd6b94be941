"""A bare `os.fork` in a small process, with no protection at all: what a process costs on this machine."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from types import TracebackType
from typing import Self

from contenders.contender import Contender

SERVER = """
import os, sys
def increment(number):
    os.write(1, b"%d\\n" % number)
    return int(os.read(0, 100))
while line := os.read(0, 1000):
    child = os.fork()
    if not child:
        names = {"increment": increment}
        exec(line, names)
        os.write(1, b"=%d\\n" % names["result"])
        os._exit(0)
    os.waitpid(child, 0)
    os.write(1, b"ended\\n")
"""
ONE = b"result = 1 + 1\n"
TEN = b"result = 0\nfor _ in range(10):\n    result = increment(result)\n"


class Fork(Contender):
    """Forks, evaluates, and is gone."""

    name = "bare os.fork, no protection"
    can_run_at_once = False
    _process: Process

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-S", "-c", SERVER, stdin=PIPE, stdout=PIPE, env={}
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        await self._process.wait()

    async def one(self) -> object:
        return await self._value(ONE)

    async def ten(self) -> object:
        return await self._value(TEN)

    async def _value(self, source: bytes) -> object:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(source)
        while not (line := await self._process.stdout.readline()).startswith(b"="):
            self._process.stdin.write(b"%d\n" % (int(line) + 1))
        await self._process.stdout.readline()
        return int(line[1:])

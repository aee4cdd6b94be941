"""The reference: a fresh, hardened interpreter for each program, which imports RestrictedPython."""

import asyncio
import importlib.util
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from contenders.contender import Contender

WORKER = """
import ctypes, json, resource, sys
sys.path.append(sys.argv[1])
from RestrictedPython import compile_restricted, safe_globals
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
for kind, value in ((resource.RLIMIT_CPU, 10), (resource.RLIMIT_AS, 1 << 29), (resource.RLIMIT_NPROC, 0),
                    (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_NOFILE, 3)):
    resource.setrlimit(kind, (value, value))
def increment(number):
    print(json.dumps(number), flush=True)
    return json.loads(sys.stdin.readline())
source = json.loads(sys.stdin.readline())
names = {**safe_globals, "increment": increment, "_getiter_": iter}
exec(compile_restricted(source, "<program>", "exec"), names)
print(json.dumps({"value": names["result"]}), flush=True)
"""
ONE = b'"result = 1 + 1"\n'
TEN = b'"result = 0\\nfor _ in range(10):\\n    result = increment(result)"\n'
WAIT = b'"increment(0)\\nresult = 1 + 1"\n'


class Interpreter(Contender):
    """`python -I -S` with resource limits and no new privileges, and nothing more."""

    name = "fresh python -I -S, RestrictedPython"
    every = 8

    async def one(self) -> object:
        return await self._value(ONE)

    async def ten(self) -> object:
        return await self._value(TEN)

    def waiting(self, count: int) -> AbstractAsyncContextManager[list[object]]:
        return self._wait(count)

    @asynccontextmanager
    async def _wait(self, count: int) -> AsyncIterator[list[object]]:
        processes = [await self._start(WAIT) for _ in range(count)]
        for process in processes:
            await _line(process)
        yield []
        for process in processes:
            _stdin(process).write(b"1\n")
            await _line(process)
            await process.wait()

    async def _value(self, source: bytes) -> object:
        process = await self._start(source)
        while not (line := await _line(process)).startswith(b"{"):
            _stdin(process).write(b"%d\n" % (int(line) + 1))
        await process.wait()
        return int(line[len(b'{"value": ') : -2])

    async def _start(self, source: bytes) -> Process:
        found = importlib.util.find_spec("RestrictedPython")
        assert found is not None
        assert found.origin is not None
        site = str(Path(found.origin).parents[1])
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-S", "-c", WORKER, site, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}
        )
        _stdin(process).write(source)
        return process


def _stdin(process: Process) -> asyncio.StreamWriter:
    assert process.stdin is not None
    return process.stdin


async def _line(process: Process) -> bytes:
    assert process.stdout is not None
    line = await process.stdout.readline()
    if not line:
        raise RuntimeError("the interpreter died")
    return line

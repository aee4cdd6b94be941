"""What the end of an interpreter by a signal is taken for."""

import asyncio
import signal
import socket

import anyio
import pytest

from code_sandbox import Ending, Exposure, Limits, Sandbox

MIB = 2**20


class Crashed:
    """A worker that is gone as soon as it is started, in a given way; also the isolation that starts it."""

    def __init__(self, ending):
        self._ending = ending

    async def open(self, setup):
        pass

    async def start(self):
        ours, theirs = socket.socketpair()
        self.reader, self.writer = await asyncio.open_connection(sock=ours)
        theirs.close()
        return self

    def kill(self):
        pass

    def memory_bytes(self):
        return 0

    def leave(self):
        return None

    async def reap(self, *, grace_seconds=0.0):
        self.writer.transport.abort()
        return self._ending

    async def close(self):
        pass


async def outcome_of(name, *, peak_memory_bytes):
    number = int(signal.Signals[name])
    ending = Ending(exit_code=None, signal=number, cpu_seconds=0.0, peak_memory_bytes=peak_memory_bytes)
    limits = Limits(memory_bytes=64 * MIB)
    with anyio.fail_after(10):
        async with Sandbox(exposure=Exposure(methods=()), isolation=Crashed(ending), limits=limits) as sandbox:
            return await sandbox.run("1", answer=None)


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT"])
async def test_an_interpreter_that_crashes_with_its_memory_used_up_has_reached_that_limit(name):
    outcome = await outcome_of(name, peak_memory_bytes=60 * MIB)
    assert (outcome.status, outcome.failure.limit) == ("limit", "memory_bytes")


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGABRT"])
async def test_an_interpreter_that_crashes_with_room_left_has_crashed(name):
    outcome = await outcome_of(name, peak_memory_bytes=20 * MIB)
    assert (outcome.status, outcome.failure.limit) == ("failed", None)
    assert outcome.failure.message == f"The interpreter crashed ({name})."

"""Many attackers at once, each with another way to use up what all share."""

import anyio
import pytest

from code_sandbox import Limits, Sandbox
from code_sandbox._testing import raw_isolation

SOURCES = {
    "processor time": "while True:\n    pass",
    "memory": "chunks = []\nwhile True:\n    chunks.append(bytearray(1 << 22))",
    "prints": 'while True:\n    channel.send({"kind": "print", "text": "x" * 10_000, "cut": 0})',
    "calls": 'number = 0\nwhile True:\n    number += 1\n    channel.send({"kind": "call", "number": number, '
    '"path": "client.books.wait", "arguments": {}})',
    "garbage": 'while True:\n    os.write(0, b"x" * 10_000)',
    "silence": "while True:\n    os.read(0, 100)",
    "crashes": "ctypes.string_at(8)",
    "forks": "while True:\n    os.fork()",
}
MAY_BE_WRITTEN_IN_THE_LANGUAGE = True

HONEST = """
channel.send({"kind": "call", "number": 1, "path": "client.books.create", "arguments": {"title": "x"}})
result = channel.receive(None)["value"]
"""
LIMITS = Limits(cpu_seconds=0.2, wall_seconds=3.0, memory_bytes=64 * 2**20, channel_bytes=2 * 2**20, calls=100)


@pytest.fixture
async def crowded(exposure, raw):
    async with Sandbox(exposure=exposure, limits=LIMITS, isolation=raw_isolation()) as sandbox:
        yield sandbox


async def test_an_honest_program_lives_among_a_crowd_of_attackers(crowded):
    outcomes, started = [], anyio.Event()

    async def answer(call):
        if call.path == "client.books.wait":
            await anyio.sleep_forever()
        return call.arguments

    async def attack(program):
        outcomes.append(await crowded.run(program, answer=answer))
        started.set()

    with anyio.fail_after(60):
        async with anyio.create_task_group() as group:
            for program in SOURCES.values():
                group.start_soon(attack, program)
            await started.wait()
            for _ in range(5):
                honest = await crowded.run(HONEST, answer=answer)
                assert (honest.status, honest.value) == ("completed", {"title": "x"})
    assert [outcome for outcome in outcomes if outcome.status == "completed"] == []
    assert len(outcomes) == len(SOURCES)

"""The compiler computes constants: `9 ** 9 ** 9` before the program runs, outside of its own limits."""

import pytest

PROGRAMS = [
    "x = 9 ** 9 ** 9",
    "x = 'a' * 10 ** 10",
    "x = 1 << 10 ** 12",
    "x = ((((1 << 100000) ** 100) ** 100) ** 100)",
    "x = (0,) * 10 ** 10",
    "x = b'x' * 2 ** 40",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_ends_at_a_limit_or_is_left_to_the_run(attempt, program):
    outcome = await attempt(program, cpu_seconds=0.5, memory_bytes=64 * 1024 * 1024)
    assert outcome.status == "limit"
    assert outcome.failure.limit in ("cpu_seconds", "memory_bytes")

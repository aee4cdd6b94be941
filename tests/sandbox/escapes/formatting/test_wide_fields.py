"""A width of a billion asks C code for a gigabyte at once."""

import pytest

PROGRAMS = [
    "return '{:>999999999}'.format(1)",
    "return '%999999999d' % 1",
    "return 'x'.center(999999999)",
    "return f'{1:999999999}'",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_memory_ends_it(attempt, program):
    await attempt.stopped("memory_bytes", program, memory_bytes=67108864)

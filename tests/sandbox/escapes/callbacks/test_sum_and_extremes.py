"""`sum` with a start, `min` and `max` with a default: roads to call operators of things that are not numbers."""

import pytest

PROGRAMS = [
    "sum([client], start=client)",
    "sum(['a'], start='')",
    "max([client, client.books])",
    "min([print, getattr])",
    "sorted([asyncio.sleep, print])",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_operators_that_are_not_there_are_refused(attempt, program):
    await attempt.raises("TypeError", program)

"""`__await__` decides what the scheduler gets."""

import pytest

PROGRAM = """
class K:
    def __await__(self): yield 1
"""


async def test_it_cannot_be_defined(attempt):
    await attempt.refused(PROGRAM)


PROGRAMS = [
    """
class K:
    def __iter__(self): yield 1
await K()
""",
    "await (x for x in ())",
    "await client",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_an_object_without_it_cannot_be_awaited(attempt, program):
    await attempt.raises("TypeError", program)

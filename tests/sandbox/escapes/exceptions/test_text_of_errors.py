"""The text of the last error is made by the program's own `__str__`, after the program has ended."""

import pytest

PROGRAMS = [
    """
class K(Exception):
    def __str__(self): raise self
raise K()
""",
    """
class K(Exception):
    def __str__(self): return 1
raise K()
""",
    """
class K(Exception):
    def __str__(self): return str(self)
raise K()
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_one_that_fails_is_left_out(attempt, program):
    outcome = await attempt(program)
    assert outcome.failure.type_name == "K"
    assert "cannot be shown" in outcome.failure.message


PROGRAM = """
class K(Exception):
    def __str__(self):
        while True: pass
raise K()
"""


async def test_one_that_never_ends_is_stopped(attempt):
    await attempt.stopped("cpu_seconds", PROGRAM, cpu_seconds=0.1)


ONE_THAT_FILLS_THE_MEMORY_IS = """
class K(Exception):
    def __str__(self): return 'x' * 10 ** 9
raise K()
"""


async def test_one_that_fills_the_memory_is_left_out(attempt):
    outcome = await attempt(ONE_THAT_FILLS_THE_MEMORY_IS, memory_bytes=64 * 1024 * 1024)
    assert "cannot be shown" in outcome.failure.message

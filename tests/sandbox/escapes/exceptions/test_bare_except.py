"""A bare `except:`, `finally: continue` and `return` in `finally` swallow what ends a program at a limit."""

import pytest

PROGRAMS = [
    """
while True:
    try:
        while True: pass
    except:
        pass
""",
    """
while True:
    try:
        while True: pass
    finally:
        continue
""",
    """
def f():
    try:
        while True: pass
    finally:
        return f()
while True:
    f()
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_processor_limit_holds(attempt, program):
    await attempt.stopped("cpu_seconds", program, cpu_seconds=0.1)


PROGRAM = """
for _ in range(100):
    try:
        client.books.create(title='a')
    finally:
        continue
return 1
"""


async def test_the_limit_of_calls_holds(attempt):
    outcome = await attempt(PROGRAM, calls=3)
    assert len(outcome.calls) == 3

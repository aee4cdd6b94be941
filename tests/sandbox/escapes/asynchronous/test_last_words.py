"""The `finally` of a suspended generator or coroutine runs when it is collected: after the program, in the middle of
the report.
"""

import pytest

PROGRAM = """
def f():
    try:
        yield 1
    finally:
        print('late')
        client.books.create(title='late')
g = f()
next(g)
return 1
"""


async def test_a_completed_program_says_nothing_more(attempt):
    outcome = await attempt(PROGRAM)
    assert (outcome.value, outcome.printed, outcome.calls) == (1, "", ())


SUSPENDED = """
def f():
    try:
        yield 1
    finally:
        print('late')
        client.books.create(title='late')
async def g():
    try:
        await asyncio.sleep(1000)
    finally:
        print('late')
        client.books.create(title='late')
class K:
    def __init__(self): self.f = f(); next(self.f)
def h():
    mine = f()
    next(mine)
    {end}
k, r = K(), f()
next(r)
asyncio.create_task(g())
await asyncio.sleep(0)
print('before')
"""

ENDS = {
    "an error": ("h()", "1 / 0", "ZeroDivisionError"),
    "an error that holds all": ("h()", "raise ValueError(k, r, mine)", "ValueError"),
    "a limit": ("h()", "while True: pass", "LimitReached"),
    "memory": ("h()", "x = [0] * 10 ** 11", "LimitReached"),
    "memory in small pieces": ("h()", "x = []\n    while True: x.append([])", "LimitReached"),
    "a task that cancels itself": ("asyncio.current_task().cancel()\nawait asyncio.sleep(1)", "pass", "RuntimeError"),
    "a text that fails": ("class E(Exception):\n    def __str__(self): print('late')\nraise E()", "pass", "E"),
}


@pytest.mark.parametrize("name", ENDS)
async def test_a_failed_program_says_nothing_more(attempt, name):
    last, end, error = ENDS[name]
    outcome = await attempt(SUSPENDED.format(end=end) + last, cpu_seconds=0.5, memory_bytes=64 * 2**20)
    assert (outcome.failure.type_name, outcome.printed, outcome.calls) == (error, "before\n", ())


A_DONE_CALLBACK_IS_NO = """
asyncio.current_task().add_done_callback(lambda task: [print('late'), client.books.create(title='late')])
class K:
    def f(self):
        try:
            yield 1
        finally:
            print('late')
k = K()
k.g = k.f()
next(k.g)
return 1
"""


async def test_a_done_callback_is_no_last_word(attempt):
    outcome = await attempt(A_DONE_CALLBACK_IS_NO)
    assert (outcome.status, outcome.printed, outcome.calls) == ("completed", "", ())


AN_ENDLESS_ONE_IS_STOPPED = """
def f():
    try:
        yield 1
    finally:
        while True: pass
g = f()
next(g)
1 / 0
"""


async def test_an_endless_one_is_stopped(attempt):
    outcome = await attempt(AN_ENDLESS_ONE_IS_STOPPED, cpu_seconds=0.1)
    assert outcome.status in ("failed", "limit")
    assert outcome.failure.type_name in ("ZeroDivisionError", "LimitReached")


ONE_THAT_FAILS_CHANGES_NO = """
def f():
    try:
        yield 1
    finally:
        raise ValueError('late')
g = f()
next(g)
1 / 0
"""


async def test_one_that_fails_changes_no_report(attempt):
    await attempt.raises("ZeroDivisionError", ONE_THAT_FAILS_CHANGES_NO)

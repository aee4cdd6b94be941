"""The `finally` of a suspended generator or coroutine runs when it is collected: after the program, in the middle of
the report.
"""

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
    outcome = await attempt(AN_ENDLESS_ONE_IS_STOPPED, cpu_seconds=0.3)
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

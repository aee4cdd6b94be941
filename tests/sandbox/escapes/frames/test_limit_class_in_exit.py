"""`__exit__` sees what ends a program at a limit, and its class: a program could swallow it, or raise another."""

PROGRAM = """
kinds = []
class W:
    def __enter__(self): pass
    def __exit__(self, kind, error, trace):
        kinds.append(kind)
        return True
with W():
    while True: print('x')
raise kinds[0]('made up')
"""


async def test_a_limit_that_does_not_exist_cannot_be_raised(attempt):
    outcome = await attempt(PROGRAM, printed_bytes=100)
    assert outcome.status == "failed"
    assert outcome.failure.type_name == "ValueError"


SWALLOWING_IT_GIVES_NO_MORE = """
class W:
    def __enter__(self): pass
    def __exit__(self, kind, error, trace): return True
for _ in range(50):
    with W():
        await client.books.create(title='a')
return 1
"""


async def test_swallowing_it_gives_no_more_calls(attempt):
    outcome = await attempt(SWALLOWING_IT_GIVES_NO_MORE, calls=2)
    assert len(outcome.calls) == 2


SWALLOWING_IT_GIVES_NO_MORE_2 = """
class W:
    def __enter__(self): pass
    def __exit__(self, kind, error, trace): return True
while True:
    with W():
        while True: pass
"""


async def test_swallowing_it_gives_no_more_processor_time(attempt):
    await attempt.stopped("cpu_seconds", SWALLOWING_IT_GIVES_NO_MORE_2, cpu_seconds=0.1)

"""Call numbers come from the worker: a program must not make two calls under one number, or one under another's."""

PROGRAM = """
async def f(n): return (await client.books.create(title=str(n))).arguments.title
return await asyncio.gather(*[f(n) for n in range(100)])
"""


async def test_every_answer_goes_to_its_call(attempt):
    outcome = await attempt(PROGRAM)
    assert outcome.value == list(map(str, range(100)))
    assert [call.number for call in outcome.calls] == list(range(1, 101))

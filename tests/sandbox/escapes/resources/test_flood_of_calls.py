"""Calls without end, unanswered, in tasks, in comprehensions, in getters."""

import pytest

PROGRAMS = [
    "while True: await client.books.create(title='a')",
    "while True: client.books.create(title='a')",
    "await asyncio.gather(*[client.books.wait() for _ in range(100)])",
    "async for book in client.books.list(): [client.books.create(title=str(n)) for n in range(9)]",
    """
page = await client.books.list()
while True: await page.get_next_page()
""",
    """
def f():
    while True: yield client.books.create(title='a')
list(f())
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_limit_of_calls_ends_it(attempt, program):
    outcome = await attempt(program, calls=5, calls_in_flight=2)
    assert outcome.failure.limit == "calls"
    assert len(outcome.calls) <= 5

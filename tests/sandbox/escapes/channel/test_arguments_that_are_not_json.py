"""Numbers that are not finite, half characters, bytes, own classes: what JSON cannot say must not reach the frame."""

import pytest

PROGRAMS = [
    "await client.books.create(title=float('nan'))",
    "await client.books.create(title=float('inf'))",
    "await client.books.create(title=10 ** 50)",
    "await client.books.create(title=b'x')",
    "await client.books.create(title={1: {2: 3}})",
    "await client.books.create(title=client)",
    "await client.books.create(title=client.books.wait)",
    r"await client.books.create(title='\ud800')",
    r"await client.books.create(title={'\ud800': 1})",
    r"""
class K:
    def __str__(self): return '\ud800'
await client.books.create(title={K(): 1})
""",
    "await client.books.create(title=asyncio.current_task())",
    "await client.books.create(title=1j)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_are_refused_or_made_text(attempt, program):
    outcome = await attempt(program)
    assert outcome.failure is None or outcome.failure.type_name in ("TypeError", "ValueError", "OverflowError")
    assert outcome.failure is None or outcome.calls == ()

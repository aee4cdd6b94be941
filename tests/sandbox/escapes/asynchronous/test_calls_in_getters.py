"""A call that is made while the value is shown, by `__repr__` or a getter, is made after the program thought that it
had ended.
"""

PROGRAM = """
class K:
    def __repr__(self):
        client.books.create(title='late')
        return 'x'
return [K() for _ in range(10)]
"""


async def test_it_is_a_call_like_others(attempt):
    outcome = await attempt(PROGRAM, calls=3)
    assert len(outcome.calls) <= 3
    assert outcome.status in ("completed", "limit")

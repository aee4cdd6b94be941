"""An attribute that the host sends with an error may be called like one of the interpreter."""

PROGRAM = """
try:
    await client.books.retrieve('1')
except NotFoundError as e:
    return [e.status, e.__class__.__name__]
"""


async def test_it_stays_what_the_host_sent(attempt):
    await attempt.returns([404, "NotFoundError"], PROGRAM)

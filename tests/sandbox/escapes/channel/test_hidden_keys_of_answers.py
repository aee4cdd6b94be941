"""Keys of an answer that begin with underscores, or are called like methods."""

PROGRAM = """
page = await client.books.list()
record = await client.books.create(title='a')
return [page['_hidden'], record['__class__'], record['keys'], callable(record.keys)]
"""


async def test_they_are_keys(attempt):
    await attempt.returns(["hidden", "no class", "no method", True], PROGRAM)

"""Calls that are made and not awaited, or made by what is left when the program ends."""

PROGRAM = """
async def late():
    await asyncio.sleep(0)
    await asyncio.sleep(1000)
    await client.books.create(title='late')
asyncio.create_task(late())
client.books.create(title='a')
client.books.create(title='b')
return 1
"""


async def test_what_was_made_is_sent_and_nothing_after(attempt):
    outcome = await attempt(PROGRAM)
    assert outcome.value == 1
    assert len(outcome.calls) == 2


A_FAILED_PROGRAM_MAKES_NO = """
async def late(): await client.books.create(title='late')
client.books.create(title='a')
asyncio.create_task(late())
1 / 0
"""


async def test_a_failed_program_makes_no_more(attempt):
    outcome = await attempt(A_FAILED_PROGRAM_MAKES_NO)
    assert outcome.failure.type_name == "ZeroDivisionError"
    assert len(outcome.calls) == 1

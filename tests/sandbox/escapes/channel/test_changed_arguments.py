"""A program that changes the arguments after the call was checked: while it waits its turn, or between two pages."""

PROGRAM = """
tags = ['b']
options = {'title': 'a', 'tags': tags}
first = client.books.create(title='first')
second = client.books.create(options)
tags.append(client)
options['title'] = print
answer = await second
return [answer.arguments.title, answer.arguments.tags]
"""


async def test_the_call_keeps_what_was_checked(attempt):
    outcome = await attempt(PROGRAM, calls_in_flight=1)
    assert outcome.value == ["a", ["b"]]


A_CHANGED_ANSWER_CHANGES_NO = """
page = await client.books.list()
page.items[0]['cursor'] = 'x'
n = 0
async for book in page: n += 1
return n
"""


async def test_a_changed_answer_changes_no_later_page(attempt):
    outcome = await attempt(A_CHANGED_ANSWER_CHANGES_NO)
    assert outcome.value == 2
    assert [call.path for call in outcome.calls] == ["client.books.list"] * 2

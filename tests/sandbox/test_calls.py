"""What programs do with the injected objects."""

import logging
from textwrap import dedent

import pytest

from code_sandbox import JSON, Call, Exposure, Method, Page, Sandbox

SPELLINGS = {
    "keywords": "client.books.create(title='a', page_count=3)",
    "camelCase keywords": "client.books.create(title='a', pageCount=3)",
    "one dict": "client.books.create({'title': 'a', 'pageCount': 3})",
    "a dict and keywords": "client.books.create({'title': 'a'}, page_count=3)",
    "unpacked keywords": "client.books.create(**{'title': 'a', 'page_count': 3})",
    "a variable of the whole path": "(lambda make: make(title='a', page_count=3))(client.books.create)",
    "getattr": "getattr(client.books, 'create')(title='a', page_count=3)",
}


@pytest.mark.parametrize("call", SPELLINGS.values(), ids=SPELLINGS.keys())
async def test_a_call_is_accepted_as_agents_spell_it(run, call):
    outcome = await run(f"await {call}")
    assert outcome.failure is None
    assert outcome.value == {
        "path": "client.books.create",
        "number": 1,
        "arguments": {"title": "a", "page_count": 3},
    }


@pytest.mark.parametrize(
    "call",
    [
        "client.books.listPages('b', limit=1)",
        "client.books.list_pages('b', {'limit': 1})",
        "client.books.list_pages(bookId='b', limit=1)",
        "client.books.allPages(book_id='b', limit=1)",
        "client.books.list_pages({'bookID': 'b', 'limit': 1})",
    ],
)
async def test_positional_values_and_aliases_lead_to_the_method(run, call):
    outcome = await run(f"await {call}")
    assert outcome.failure is None
    assert outcome.value["path"] == "client.books.list_pages"
    assert outcome.value["arguments"] == {"book_id": "b", "limit": 1}


async def test_a_dict_can_be_the_value_of_a_positional_parameter(run):
    outcome = await run("await show(await client.books.create(title='a'))")
    assert outcome.value["arguments"]["output"]["path"] == "client.books.create"


async def test_a_result_is_a_record(run):
    outcome = await run("""
book = await client.books.create(title='a', page_count=7)
[book.arguments.page_count, book.arguments.pageCount, book['arguments']['page_count'], sorted(book.keys()),
 book.get('nothing', 5), {**book.arguments}, isinstance(book, dict), type(book) is dict]
""")
    same = [7, 7, 7, ["arguments", "number", "path"], 5, {"title": "a", "page_count": 7}, True, True]
    assert outcome.value == same


async def test_a_key_named_like_a_dict_method_keeps_the_method(run):
    outcome = await run("""
book = (await client.books.create(title={'items': [1]})).arguments.title
[list(book.items()), book['items']]
""")
    assert outcome.value == [[["items", [1]]], [1]]


async def test_calls_run_at_the_same_time_and_keep_their_order(run):
    outcome = await run("""
books = await asyncio.gather(*[client.books.create(title=str(n)) for n in range(100)])
[book.arguments.title for book in books]
""")
    assert outcome.value == [str(number) for number in range(100)]
    assert [call.number for call in outcome.calls] == list(range(1, 101))
    assert not any(call.failed for call in outcome.calls)


async def test_a_call_that_nobody_awaits_is_still_made(run):
    outcome = await run("client.books.create(title='forgotten')\nreturn 1")
    assert (outcome.value, [call.path for call in outcome.calls]) == (1, ["client.books.create"])


async def test_a_failure_that_nobody_awaited_is_printed(run):
    outcome = await run("client.books.retrieve('book_404')\nreturn 1")
    assert outcome.value == 1
    assert outcome.printed == "[client.books.retrieve was not awaited and failed: no such book]\n"


async def test_calls_inside_the_value_are_awaited(run):
    outcome = await run("[client.books.create(title='a'), {'b': client.books.create(title='b')}]")
    assert outcome.value[0]["arguments"] == {"title": "a"}
    assert outcome.value[1]["b"]["arguments"] == {"title": "b"}


async def test_a_list_is_iterated_over_all_its_pages(run):
    outcome = await run("[book.book_id async for book in client.books.list()]")
    assert outcome.value == ["book_0", "book_1", "book_2", "book_3", "book_4"]
    assert len(outcome.calls) == 3


async def test_an_awaited_list_is_a_page(run):
    outcome = await run("""
page = await client.books.list(limit=3)
later = await page.getNextPage()
[len(page), page[0].title, [book.title for book in page], page.books[1].book_id, page['meta']['next_cursor'],
 page.meta.nextCursor, page.hasNextPage(), later.has_next_page(), len(page.items), [b.title async for b in page]]
""")
    titles = [f"Book {number}" for number in range(5)]
    assert outcome.value == [3, "Book 0", titles[:3], "book_1", "3", "3", True, False, 3, titles]


async def test_a_page_is_returned_as_its_body(run):
    outcome = await run("await client.books.list(limit=1)")
    assert outcome.value == {
        "books": [{"book_id": "book_0", "title": "Book 0"}],
        "meta": {"next_cursor": "1"},
    }


async def test_a_host_exception_is_caught_as_an_ordinary_one(run):
    outcome = await run("""
try:
    await client.books.retrieve('book_404')
except APIError as error:
    kind, words = type(error).__name__, (error.status, error.code, error.request_id, error.requestId)
    return [kind, *words, error.message, str(error), isinstance(error, NotFoundError)]
""")
    text = "no such book"
    assert outcome.value == ["NotFoundError", 404, "not_found", "req_7", "req_7", text, text, True]
    assert outcome.calls[0].failed


async def test_an_uncaught_host_exception_is_reported_with_its_attributes(run):
    outcome = await run("print('before')\nawait client.books.retrieve('book_404')")
    assert outcome.status == "failed"
    assert outcome.printed == "before\n"
    failure = outcome.failure
    assert (failure.type_name, failure.message, failure.line) == ("NotFoundError", "no such book", 2)
    assert failure.source_line == "await client.books.retrieve('book_404')"
    assert failure.attributes == {"status": 404, "code": "not_found", "request_id": "req_7"}


async def test_the_text_of_an_unexpected_host_exception_stays_in_the_host(run, caplog):
    with caplog.at_level(logging.ERROR, logger="code_sandbox"):
        outcome = await run("await client.books.retrieve('book_500')")
    assert outcome.failure.type_name == "InternalError"
    assert "hunter2" not in repr(outcome)
    assert "hunter2" in caplog.text


async def test_what_the_host_raises_itself_can_be_caught_by_name(run):
    outcome = await run(
        "try:\n    await client.books.retrieve('book_500')\nexcept InternalError as e:\n    return e.status"
    )
    assert (outcome.status, outcome.value) == ("completed", None)


WRONG = {
    "client.book.create(title='a')": (
        "AttributeError",
        "client has no 'book'. Did you mean client.books.create? client.books.create(*, title",
    ),
    "client.books.crate(title='a')": ("AttributeError", "client.books.create(*, title"),
    "client.create(title='a')": ("AttributeError", "client.books.create(*, title"),
    "client.books.create(titel='a')": ("TypeError", "client.books.create(*, title"),
    "client.books.create()": ("TypeError", "client.books.create(*, title"),
    "client.books.create('a')": ("TypeError", "client.books.create(*, title"),
    "client.books.create({'title': 'a'}, title='b')": ("TypeError", "client.books.create(*, title"),
    "client.books.retrieve(client.books.retrieve('b'))": ("TypeError", ""),
    "client.books.create(title=object())": ("TypeError", ""),
    "client.books.create(title=1e999)": ("TypeError", ""),
    "client.books.create(title=10**50)": ("TypeError", ""),
    "client.books(title='a')": ("TypeError", "It has: create"),
}


@pytest.mark.parametrize("call", WRONG.keys())
async def test_a_wrong_call_is_refused_before_it_is_sent(run, call):
    # What a program catches by name is left to the run.
    outcome = await run(
        f"try:\n    await {call}\nexcept (AttributeError, TypeError) as e:\n    r = [type(e).__name__, str(e)]\nr"
    )
    type_name, hint = WRONG[call]
    assert outcome.value[0] == type_name
    assert hint in outcome.value[1]
    assert "client.books.create" not in [made.path for made in outcome.calls]


async def test_an_unknown_keyword_suggests_the_right_one(run):
    outcome = await run("names = {'title': 'a', 'pagecounts': 2}\nawait client.books.create(**names)")
    assert (outcome.failure.type_name, outcome.failure.line) == ("TypeError", 2)
    assert "Did you mean 'page_count'?" in outcome.failure.message


@pytest.mark.parametrize(
    "use",
    ["book.title", "book['title']", "for x in book: pass", "len(book)", "if book: pass", "await book.title"],
)
async def test_using_a_call_that_was_not_awaited_says_so(run, use):
    outcome = await run(f"book = [client][0].books.create(title='a')\n{use}")
    assert outcome.failure.line == 2
    assert "was not awaited" in outcome.failure.message
    assert "await client.books.create(...)" in outcome.failure.hint


async def test_a_plain_for_over_a_list_in_pages_says_what_to_write(run):
    outcome = await run("for book in [client][0].books.list(): pass")
    assert outcome.failure.type_name == "TypeError"
    assert "async for" in outcome.failure.hint


async def test_calls_carry_times(run):
    outcome = await run("await client.books.create(title='a')\nawait client.books.create(title='b')")
    first, second = outcome.calls
    assert 0 < first.started_after_seconds < second.started_after_seconds <= outcome.wall_seconds
    assert 0 <= first.duration_seconds <= second.started_after_seconds - first.started_after_seconds


async def test_an_optional_key_that_an_answer_lacks_reads_as_none() -> None:
    exposure = Exposure(methods=(Method(path="client.look"),), optional_keys=frozenset({"error_code"}))
    program = """
        record = await client.look()
        try:
            record.eror_code
        except AttributeError:
            return [record.error_code, record.errorCode, record.status, "error_code" in record]
    """

    async def answer(call: Call) -> JSON | Page:
        return {"status": "done"}

    async with Sandbox(exposure=exposure) as sandbox:
        outcome = await sandbox.run(dedent(program), answer=answer)
    assert outcome.value == [None, None, "done", False]


async def test_calls_beyond_the_first_come_at_a_bounded_rate(run):
    program = "await asyncio.gather(*(client.books.create(title=str(number)) for number in range(9)))"
    outcome = await run(program, wall_seconds=1.5, calls_in_flight=2, calls_per_second=0.01)
    assert outcome.failure.limit == "wall_seconds"
    assert len(outcome.calls) == 3

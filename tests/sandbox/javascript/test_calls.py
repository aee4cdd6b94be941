"""Calls from JavaScript: names, arguments, answers, pages and errors."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

from code_sandbox import CallRecord

ARGUMENTS = {
    "client.books.create({ title: 'a' })": {"title": "a"},
    "client.books.create({ title: 'a', page_count: 3 })": {"title": "a", "page_count": 3},
    "client.books.create({ title: 'a', pageCount: 3 })": {"title": "a", "page_count": 3},
    "client.books.create({ title: 'a', tags: undefined })": {"title": "a"},
    "client.books.create({ title: 'a', tags: null })": {"title": "a", "tags": None},
    "client.books.create({ title: 'a', tags: ['x', undefined] })": {"title": "a", "tags": ["x", None]},
    "client.books.create({ title: new Date(0) })": {"title": "1970-01-01T00:00:00.000Z"},
    "client.books.create({ title: new Map([['k', 1]]), tags: new Set([1]) })": {"title": {"k": 1}, "tags": [1]},
    "client.books.retrieve('book_1')": {"book_id": "book_1"},
    "client.books.retrieve({ book_id: 'book_1' })": {"book_id": "book_1"},
    "client.books.retrieve({ bookId: 'book_1' })": {"book_id": "book_1"},
    "client.books.listPages('book_1', { limit: 2 })": {"book_id": "book_1", "limit": 2},
    "client.books.list_pages('book_1')": {"book_id": "book_1"},
    "client['books']['listPages']('book_1', undefined)": {"book_id": "book_1"},
    "client.books.LIST_PAGES('book_1')": {"book_id": "book_1"},
    "show({ url: 'x' })": {"output": {"url": "x"}},
    "const { create } = client.books; create({ title: 'a' })": {"title": "a"},
}


@pytest.mark.parametrize("program", ARGUMENTS.keys())
async def test_arguments_reach_the_host_by_the_names_of_the_table(run, program):
    outcome = await run(program)
    assert outcome.failure is None
    assert outcome.value["arguments"] == ARGUMENTS[program]


async def test_calls_are_recorded(run):
    outcome = await run("await client.books.create({ title: 'a' }); await client.books.retrieve('book_1'); 1")
    assert [(call.number, call.path, call.failed) for call in outcome.calls] == [
        (1, "client.books.create", False),
        (2, "client.books.retrieve", False),
    ]
    assert isinstance(outcome.calls[0], CallRecord)


async def test_calls_run_at_the_same_time(run):
    outcome = await run(
        "(await Promise.all(Array.from({ length: 50 }, (_, n) => client.books.create({ title: `${n}` }))))"
        ".map((each) => each.arguments.title)",
        calls_in_flight=2,
    )
    assert outcome.value == [str(number) for number in range(50)]


async def test_answers_are_plain_objects_with_the_names_of_the_host(run):
    outcome = await run(
        "const book = await client.books.create({ title: 'a', tags: [{ x: 1 }] });"
        "const { path, ...rest } = book;"
        "[Object.keys(book), JSON.stringify(rest), book instanceof Object, { ...book.arguments }, 'path' in book]"
    )
    assert outcome.value == [
        ["path", "number", "arguments"],
        '{"number":1,"arguments":{"title":"a","tags":[{"x":1}]}}',
        True,
        {"title": "a", "tags": [{"x": 1}]},
        True,
    ]


async def test_a_read_in_the_wrong_spelling_is_undefined_and_told(run):
    outcome = await run(
        "const page = await client.books.list();\nreturn page.books[0].bookId ?? page.books[0].book_id;"
    )
    assert outcome.value == "book_0"
    assert outcome.printed == "[`.bookId` on line 2 is undefined: the field is `book_id`.]\n"


async def test_a_read_in_the_wrong_spelling_is_told_with_the_error_it_leads_to(run):
    outcome = await run("const { books } = await client.books.list();\nawait client.books.retrieve(books[0].bookId);")
    assert (outcome.failure.type_name, outcome.failure.line) == ("TypeError", 2)
    assert "`.bookId` on line 2 is undefined: the field is `book_id`." in outcome.failure.hint


PAGES = {
    "const all = []; for await (const book of client.books.list()) all.push(book.title); all.length": 5,
    "const all = []; for await (const book of await client.books.list({ limit: 3 })) all.push(book); all.length": 5,
    "const page = await client.books.list(); [page.books.length, page.meta.next_cursor, page.hasNextPage()]": [
        2,
        "2",
        True,
    ],
    "let page = await client.books.list({ limit: 4 }); page = await page.getNextPage(); [page.books, page.hasNextPage()]": [
        [{"book_id": "book_4", "title": "Book 4"}],
        False,
    ],
    "(await client.books.list()).getPaginatedItems().map((each) => each.book_id)": ["book_0", "book_1"],
    "const sizes = []; for await (const page of (await client.books.list()).iterPages()) sizes.push(page.books.length);"
    " sizes": [2, 2, 1],
    "const sizes = []; for await (const page of client.books.list().iterPages()) sizes.push(page.books.length); sizes": [
        2,
        2,
        1,
    ],
    "[...(await client.books.list())].length": 2,
    "(await client.books.list({ limit: 1 }))": {
        "books": [{"book_id": "book_0", "title": "Book 0"}],
        "meta": {"next_cursor": "1"},
    },
    "for await (const book of client.books.list()) { if (book.title === 'Book 1') break } 'left'": None,
}


@pytest.mark.parametrize("program", PAGES.keys())
async def test_lists_come_in_pages(run, program):
    outcome = await run(program)
    assert outcome.failure is None
    assert outcome.value == (PAGES[program] if PAGES[program] is not None else "left")


async def test_leaving_a_list_early_makes_no_further_call(run):
    outcome = await run("for await (const book of client.books.list()) break;\n1")
    assert len(outcome.calls) == 1


async def test_a_page_after_the_last_is_an_error(run):
    outcome = await run("const page = await client.books.list({ limit: 9 });\nawait page.getNextPage()")
    assert (outcome.failure.message, outcome.failure.line) == ("this is the last page", 2)
    assert "hasNextPage()" in outcome.failure.hint


async def test_errors_of_the_host_are_caught_by_class_and_fields(run):
    outcome = await run(
        "try { await client.books.retrieve('book_404') } catch (e) {"
        " return [e.name, e.message, e.status, e.code, e.request_id, e.constructor.name,"
        " e instanceof NotFoundError, e instanceof APIError, e instanceof Error, `${e}`] }"
    )
    assert outcome.value == [
        "NotFoundError",
        "no such book",
        404,
        "not_found",
        "req_7",
        "NotFoundError",
        True,
        True,
        True,
        "NotFoundError: no such book",
    ]
    assert outcome.calls[0].failed


async def test_an_uncaught_error_of_the_host_names_the_line_of_the_call(run):
    outcome = await run(
        "const id = 'book_404';\nasync function load() {\n  return await client.books.retrieve(id);\n}\nawait load();"
    )
    failure = outcome.failure
    assert (failure.type_name, failure.message, failure.line) == ("NotFoundError", "no such book", 3)
    assert failure.source_line == "return await client.books.retrieve(id);"
    assert failure.attributes == {"status": 404, "code": "not_found", "request_id": "req_7"}


async def test_an_error_inside_the_host_keeps_its_text(run):
    outcome = await run("await client.books.retrieve('book_500')")
    assert outcome.failure.type_name == "InternalError"
    assert "hunter2" not in repr(outcome)


async def test_a_call_that_nobody_awaits_happens(run):
    outcome = await run("client.books.create({ title: 'a' });\nreturn 1")
    assert (outcome.value, len(outcome.calls), outcome.calls[0].failed) == (1, 1, False)


async def test_an_error_that_nobody_awaits_is_told(run):
    outcome = await run("const lost = client.books.retrieve('book_404');\nreturn 1")
    assert outcome.value == 1
    assert outcome.printed == "[client.books.retrieve was not awaited and failed: no such book]\n"


async def test_a_call_returned_without_await_gives_its_answer(run):
    outcome = await run("async function run(client) { return client.books.retrieve('book_1') }")
    assert outcome.value["arguments"] == {"book_id": "book_1"}


async def test_a_call_is_a_promise(run):
    outcome = await run(
        "const call = client.books.retrieve('book_404');"
        "[call instanceof Promise, await call.catch((e) => e.status).finally(() => console.log('done')),"
        " await client.books.retrieve('book_1').then((book) => book.number)]"
    )
    assert (outcome.value, outcome.printed) == ([True, 404, 2], "done\n")

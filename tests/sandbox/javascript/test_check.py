"""What is found before a program in JavaScript runs: all at once, and nothing is called."""

import pytest

from code_sandbox import Problem

CREATE = "client.books.create(options: { title: string, page_count?: number })"


async def test_all_problems_are_told_at_once(run):
    program = (
        "import Library from '@acme/library';\n"
        "const client = new Library();\n"
        "const fs = require('fs');\n"
        "console.log('started');\n"
        "await show();\n"
        "enum Color { Red }\n"
    )
    outcome = await run(program)
    assert (outcome.failure.type_name, outcome.failure.line, outcome.printed) == ("CheckError", 1, "")
    assert [(each.line, each.message) for each in outcome.failure.problems] == [
        (1, "importing '@acme/library' is not possible"),
        (2, "client = new Library() is not possible"),
        (3, "require('fs') is not possible"),
        (5, "show needs 'output'"),
        (6, "an enum is not supported: only types are taken out"),
    ]
    assert "client, show are injected" in outcome.failure.problems[0].hint
    assert "client is there already" in outcome.failure.problems[1].hint


async def test_unknown_paths_and_arguments_are_told_with_what_is_meant(run):
    program = (
        "async function run(api: any) {\n"
        "  await api.book.create({ title: 'a' });\n"
        "  await api.books.create({\n"
        "    titel: 'a',\n"
        "    pages: 2,\n"
        "  });\n"
        "  await api.books.listPage('book_1');\n"
        "  await api.books.retrieve('a', 'b', 'c');\n"
        "}\n"
    )
    outcome = await run(program)
    problems = {(each.line, each.message): each for each in outcome.failure.problems}
    assert problems[2, "client has no 'book'"] == Problem(
        message="client has no 'book'",
        line=2,
        source_line="await api.book.create({ title: 'a' });",
        hint="Did you mean client.books.create?",
        signature=CREATE,
    )
    assert problems[4, "client.books.create has no argument 'titel'"].hint == "Did you mean 'title'?"
    assert problems[7, "client.books has no 'listPage'"].hint == "Did you mean client.books.listPages?"
    assert any(line == 8 for line, _ in problems)
    assert outcome.calls == ()


NOTHING_TO_SAY = [
    "const options = { title: 'a' }; await client.books.create(options)",
    "const more = {}; await client.books.create({ title: 'a', ...more })",
    "const key = 'title'; await client.books.create({ [key]: 'a' })",
    "await client.books.create({ title: 'a' } as any)",
    "const args = [{ title: 'a' }]; await client.books.create(...args)",
    "const title = 'a'; await client.books.create({ title })",
    "await client.books.create({ 'title': 'a' })",
    "const mine = { client: { anything: () => 1 } }; mine.client.anything()",
    "function f(client) { return client }\n{ const client = { anything() {} }; client.anything() }",
    "client.books.create.name",
    "await client.books.create.call(null, { title: 'a' })",
    "client?.books?.list()",
    "typeof client.books.create.toString()",
    "import type { Thing } from 'things';\nexport type { Thing };",
    "const o = { run: 1, main: 2 }; o.run",
]


@pytest.mark.parametrize("program", NOTHING_TO_SAY)
async def test_what_may_be_right_is_not_complained_about(run, program):
    assert (await run(program)).failure is None


async def test_a_single_problem_is_the_failure_itself(run):
    outcome = await run("await client.books.creat({ title: 'a' })")
    failure = outcome.failure
    assert (failure.type_name, failure.message, failure.line) == ("CheckError", "client.books has no 'creat'", 1)
    assert failure.hint == "Did you mean client.books.create?"
    assert failure.problems[0].signature == CREATE


async def test_a_problem_in_code_that_never_runs_is_told_too(run):
    outcome = await run("if (false) client.books.nothing()")
    assert outcome.failure.type_name == "CheckError"

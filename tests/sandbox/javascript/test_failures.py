"""What an agent is told when its program in JavaScript fails."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

FAILURES = {
    "const x = 1;\nlet y = ;": ("SyntaxError", 2, None),
    "const a = 1;\nconst a = 2;": ("SyntaxError", 2, None),
    "const x = {\n  a: 1,\n  b: (2\n};": ("SyntaxError", 4, None),
    "async function run() {\n  const x = 1\n  const y = await (2;\n}": ("SyntaxError", 3, None),
    "function f() {\n  await client.books.list();\n}": ("SyntaxError", 2, "is for `async` functions"),
    "let a;\n\na.b.c": ("TypeError", 3, "What has .b there is undefined"),
    "let a = {};\na.b()": ("TypeError", 2, "undefined or no function"),
    "missing()": ("ReferenceError", 1, None),
    "const r = await fetch('https://example.com')": ("ReferenceError", 1, "there is no network"),
    "process.env.KEY": ("ReferenceError", 1, "no environment"),
    "document.title": ("ReferenceError", 1, "no browser"),
    "throw new RangeError('r')": ("RangeError", 1, None),
    "async function f() {\n  await null;\n  throw new Error('deep');\n}\nasync function g() {\n  await f();\n}\nawait g()": (
        "Error",
        3,
        None,
    ),
    "[1].map(() => {\n  throw new Error('in a callback');\n})": ("Error", 2, None),
    "setTimeout(() => {\n  throw new Error('in a timer');\n}, 1); 0;\nawait new Promise(() => {})": ("Error", 2, None),
    "async function main() {\n  throw new Error('floating');\n}\nmain();\nconsole.log('on');": ("Error", 2, None),
    "await Promise.any([\n  Promise.reject(new Error('a'))])": ("AggregateError", 2, None),
    "function f() {\n  return f() + 1;\n}\nf()": ("RangeError", 2, "Use a loop"),
    "const books = client.books.list();\nbooks.books.length": (
        "TypeError",
        2,
        "const result = await client.books.list",
    ),
    "for (const book of client.books.list()) {}": ("TypeError", 1, "for await (const item of"),
    "const id = 'book_1';\nconst { title } = client.books.retrieve(id)": (
        "TypeError",
        2,
        "Write: const result = await",
    ),
    "JSON.parse(await client.books.retrieve('book_1'))": ("SyntaxError", 1, "without JSON.parse"),
    "await client.books.create({ title: client.books.list() })": ("TypeError", 1, "Write `await` before it"),
    "await client.books.create({ title: () => 1 })": ("TypeError", 1, None),
    "await client.books.create({ title: NaN })": ("TypeError", 1, None),
    "const o = {}; o.o = o;\nawait client.books.create({ title: o })": ("TypeError", 2, None),
    "const name = 'boks';\nclient[name].list()": ("TypeError", 2, "Did you mean client.books?"),
    "const name = 'creat';\nclient.books[name]({})": ("TypeError", 2, "Did you mean client.books.create?"),
    "const options = { titel: 'a' };\nawait client.books.create(options)": ("TypeError", 2, None),
    "client.books.extra = 1": ("CheckError", 1, None),
    "await new Promise(() => {})": ("Error", None, "nothing resolves"),
    "throw 5": ("Error", None, None),
    "throw { name: 'Odd', message: 'm' }": ("Odd", None, None),
}


@pytest.mark.parametrize("program", FAILURES.keys())
async def test_a_failure_names_the_error_the_line_and_what_to_do(run, program):
    outcome = await run(program)
    type_name, line, hint = FAILURES[program]
    failure = outcome.failure
    assert (outcome.status, failure.type_name, failure.line) == ("failed", type_name, line), failure
    assert line is None or failure.source_line == program.split("\n")[line - 1].strip()
    assert hint is None or hint in (failure.hint or "")


async def test_a_wrong_argument_is_told_with_the_signature(run):
    outcome = await run("const options = { titel: 'a' };\nawait client.books.create(options)")
    assert outcome.failure.message == (
        "client.books.create has no argument 'titel'. Did you mean 'title'? "
        "client.books.create(options: { title: string, page_count?: number })"
    )
    assert outcome.calls == ()


async def test_a_wrong_argument_can_be_caught(run):
    outcome = await run("const o = {};\ntry { await client.books.create(o) } catch (e) { return e.name }")
    assert outcome.value == "TypeError"


async def test_what_was_printed_before_an_error_is_kept(run):
    outcome = await run("console.log('a');\nthrow new Error('b')")
    assert (outcome.printed, outcome.failure.message) == ("a\n", "b")


async def test_lines_are_those_of_the_text_as_it_was_sent(run):
    outcome = await run("Here you go:\n\n```ts\ninterface A {\n  x: number;\n}\nthrow new Error('here');\n```\n")
    assert (outcome.failure.line, outcome.failure.source_line) == (7, "throw new Error('here');")


async def test_a_nul_character_is_refused(run):
    outcome = await run("const x = 1;\n'\0'")
    assert (outcome.failure.type_name, outcome.failure.line) == ("SyntaxError", 2)

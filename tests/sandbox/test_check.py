"""What is certain to fail is told before the run, all at once; what is not certain is left to the run."""

# ruff: noqa: E501 - tables of programs read best with one to a line

import pytest

from code_sandbox import Problem

CREATE = "client.books.create(*, title: str, page_count: int = 1, tags: list[str] = [])"

MANY = """
import numpy
import client, requests
book = await client.books.crate(title="a")
book = client.books.create(titel="a")
print(boook)

async def helper(api):
    for each in api.books.list(limit=1):
        return json.loads(await api.books.retrieve(each.book_id))

return await helper(client), client.books.create(title="x", title_="y")
"""


async def test_everything_is_told_at_once_and_nothing_is_called(run):
    outcome = await run(f"print('ran')\nawait client.books.create(title='paid')\n{MANY}")
    lines = ["import numpy", "import client, requests", 'book = await client.books.crate(title="a")',
             'book = client.books.create(titel="a")', "print(boook)", "for each in api.books.list(limit=1):",
             "return json.loads(await api.books.retrieve(each.book_id))",
             'return await helper(client), client.books.create(title="x", title_="y")']  # fmt: skip
    assert (outcome.status, outcome.calls, outcome.printed) == ("failed", (), "")
    failure = outcome.failure
    assert (failure.type_name, failure.line) == ("CheckError", 4)
    assert failure.message == "9 problems were found before the run"
    assert list(dict.fromkeys(problem.source_line for problem in failure.problems)) == lines
    assert [problem.line for problem in failure.problems] == [4, 5, 5, 6, 7, 8, 11, 12, 14]


async def test_a_problem_has_line_source_suggestion_and_signature(run):
    outcome = await run("x = 1\nawait client.books.crate(title='a')")
    problem = Problem(
        message="client.books has no 'crate'",
        line=2,
        source_line="await client.books.crate(title='a')",
        hint="Did you mean client.books.create?",
        signature=CREATE,
    )
    assert outcome.failure.problems == (problem,)
    failure = outcome.failure
    assert (failure.message, failure.hint, failure.line) == (problem.message, problem.hint, 2)


async def test_a_signature_is_told_once(run):
    outcome = await run("await client.books.crate(title='a')\nawait client.books.create(titel='a')")
    assert [problem.signature for problem in outcome.failure.problems] == [CREATE, None]


async def test_syntax_and_policy_are_told_under_their_names(run):
    assert (await run("x = (")).failure.type_name == "SyntaxError"
    assert (await run("x = 1\nx.__z\nexec('1')")).failure.type_name == "PolicyError"
    assert (await run("from math import *")).failure.type_name == "PolicyError"
    mixed = (await run("x = 1\nx.__z\nimport os\nbreak")).failure
    assert (mixed.type_name, [problem.line for problem in mixed.problems]) == ("CheckError", [2, 3, 4])


async def test_of_very_many_problems_the_first_are_told(run):
    outcome = await run("\n".join(f"client.wrong{number}" for number in range(300)), result_bytes=1_000)
    problems = outcome.failure.problems
    assert [problem.line for problem in problems] == list(range(1, 51))
    assert outcome.failure.message == "200 or more problems were found before the run; the first 50 are told"


LARGE = {
    "unknown names": ("\n".join(f"x{n} = 1" for n in range(2_000)) + "\n" + "\n".join(f"y{n}" for n in range(2_000)), "CheckError"),
    "unknown paths": ("\n".join(f"client.wrong{n}" for n in range(2_000)), "CheckError"),
    "a chain of names": ("a0 = client\n" + "\n".join(f"a{n + 1} = a{n}" for n in range(2_000)) + "\nlen(a2000.nope)", "CheckError"),
    "a chain of too many names": ("a0 = client\n" + "\n".join(f"a{n + 1} = a{n}" for n in range(3_500)) + "\nlen(a3500.nope)", "AttributeError"),
    "a function that is called very often": ("def f(c):\n" + "  c.nope\n" * 1_000 + "f(client)\n" * 1_000, "CheckError"),
    "functions in functions": ("\n".join(f"{' ' * n}def f{n}(c):" for n in range(90)) + f"\n{' ' * 95}c.nope\nclient.nope", "CheckError"),
    "a very long sum": ("x = " + " + ".join(["y"] * 1_100), "CheckError"),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE.keys())
async def test_a_large_program_is_checked_quickly(run, name):
    program, type_name = LARGE[name]
    outcome = await run(program, cpu_seconds=2.0)
    assert outcome.failure.type_name == type_name


async def test_very_long_names_fit_into_a_report(run):
    program = "\n".join(f"client.{letter * 3000}" for letter in "abcdefghijklmnop") + "\nclient." + "ä" * 3000
    outcome = await run(program, result_bytes=1_000)
    assert outcome.failure.type_name == "CheckError"
    assert len(outcome.failure.problems) == 17


CERTAIN = {
    # Paths.
    "client.bookz": "client has no 'bookz'",
    "client.books.create.title": "client.books.create has no 'title'",
    "client.books(title='a')": "client.books cannot be called",
    "b = client.books\nawait b.crate(title='a')": "client.books has no 'crate'",
    "b = client.books\nmake = b.create\nawait make(titel='a')": "client.books.create has no argument 'titel'",
    "async def run(client):\n    await client.nope()": "client has no 'nope'",
    "async def main(api):\n    await api.nope()": "client has no 'nope'",
    "async def main():\n    await client.nope()\nasyncio.run(main())": "client has no 'nope'",
    "async def f(c, n):\n    await c.nope()\nawait asyncio.gather(*[f(client, n) for n in range(3)])": "client has no 'nope'",
    "async def f(*, c):\n    await c.nope()\nawait f(c=client)": "client has no 'nope'",
    "async def run(client):\n    async def one(c):\n        await c.nope()\n    await one(client)": "client has no 'nope'",
    "class K:\n    async def f(self):\n        await client.nope()": "client has no 'nope'",
    "[client.nope for x in [1]]": "client has no 'nope'",
    "f = lambda: client.nope": "client has no 'nope'",
    "f'{client.nope}'": "client has no 'nope'",
    "try:\n    client.nope\nexcept Exception:\n    pass": "client has no 'nope'",
    # Arguments.
    "await client.books.create(titel='a')": "client.books.create has no argument 'titel'",
    "await client.books.create(page_count=1)": "client.books.create needs 'title'",
    "await client.books.create('a')": "client.books.create takes only named arguments; 1 were given",
    "await client.books.create(title='a', page_count=1, pageCount=2)": "client.books.create got 'page_count' twice",
    "await client.books.create({'titel': 'a'})": "client.books.create has no argument 'titel'",
    "await client.books.create({'title': 'a'}, title='b')": "client.books.create got 'title' twice",
    "await client.books.create({'titel': 'a', **x})\nx = {}": "client.books.create has no argument 'titel'",
    "x = {}\nawait client.books.create(titel='a', **x)": "client.books.create has no argument 'titel'",
    "x = 'b'\nawait client.books.retrieve(x, limit=1)": "client.books.retrieve has no argument 'limit'",
    "await client.books.retrieve('a', 'b')": "client.books.retrieve takes only book_id without a name; 2 were given",
    "await client.books.retrieve('a', book_id='b')": "client.books.retrieve got 'book_id' twice",
    "await client.books.retrieve()": "client.books.retrieve needs 'book_id'",
    "show()": "show needs 'output'",
    "show(outputs=1)": "show has no argument 'outputs'",
    "await client.books.retrieve(client.books.create(title='a'))": "client.books.create(...) was not awaited",
    # Awaiting.
    "client.books.create(title='a').title": "client.books.create(...) was not awaited, so it has no 'title' yet",
    "client.books.create(title='a')['title']": "client.books.create(...) was not awaited",
    "b = client.books.create(title='a')\nprint(b.title)": "client.books.create(...) was not awaited, so it has no 'title' yet",
    "len(client.books.list())": "client.books.list(...) was not awaited",
    "print('made', client.books.create(title='a'))": "client.books.create(...) was not awaited",
    "text = str(client.books.create(title='a'))": "client.books.create(...) was not awaited",
    "for b in client.books.list(): pass": "client.books.list(...) is a list in pages",
    "[b for b in client.books.list()]": "client.books.list(...) is a list in pages",
    "for b in client.books.retrieve('a'): pass": "client.books.retrieve(...) was not awaited",
    "async for b in client.books.retrieve('a'): pass": "client.books.retrieve does not answer in pages",
    "[b async for b in await client.books.retrieve('a')]": "client.books.retrieve does not answer in pages",
    "async for n in range(3): pass": "`async for` does not work on range(...)",
    "await client.books.list": "client.books.list is not called",
    "for b in client.books.list: pass": "client.books.list is not called",
    "b = await client.books.create(title='a')\nawait b": "the answer of client.books.create was already awaited",
    "if client.books.list(): pass": "client.books.list(...) was not awaited",
    # Data that is decoded, names, modules.
    "json.loads(await client.books.create(title='a'))": "json.loads needs text, and client.books.create answers with data",
    "b = await client.books.create(title='a')\njson.loads(b)": "json.loads needs text, and client.books.create answers with data",
    "from json import loads as read\nread(await client.books.create(title='a'))": "json.loads needs text, and client.books.create answers with data",
    "import json as j\nj.loads(client.books.create(title='a'))": "json.loads needs text, and client.books.create answers with data",
    "books = 1\nboks": "name 'boks' is not defined",
    "def f():\n    inner = 1\ninner": "name 'inner' is not defined",
    "string.digits": "name 'string' is not defined",
    "import datetime\ndatetime.now()": "module 'datetime' has no 'now' here",
    "import urllib.parse\nurllib.parse.urlopen": "module 'urllib.parse' has no 'urlopen' here",
    "from math import square": "cannot import 'square' from 'math' here",
    "import client\nclient.nope": "'client' is not imported",
    "from flask import client\nclient.nope()": "'client' is not imported",
}  # fmt: skip


@pytest.mark.parametrize("program", CERTAIN.keys())
async def test_what_is_certain_is_found(run, program):
    outcome = await run(program)
    assert outcome.failure.type_name == "CheckError"
    assert outcome.failure.problems[0].message == CERTAIN[program]


async def test_what_is_imported_although_it_is_there_is_checked_as_if_it_were_not(run):
    outcome = await run("import client\nclient.nope")
    assert [problem.message for problem in outcome.failure.problems] == [
        "'client' is not imported",
        "client has no 'nope'",
    ]


UNCERTAIN = {
    # Names of the program's own.
    "client = {'a': 1}\nclient.keys() and 1": 1,
    "def f(client): return client.upper()\nf('a')": "A",
    "def f(client): return client.upper()\ng = f\ng('a')": "A",
    "def f(c): return c.nope\nclass K: nope = 5\n[f(c) for c in [K()]][0]": 5,
    "class K: nope = 5\ndef f(c): return c.nope\nif 0: f(client)\nf(K())": 5,
    "def wrap(f):\n    class K: nope = 5\n    return lambda c: f(K())\n@wrap\ndef f(c): return c.nope\nf(client)": 5,
    "[client.upper() for client in 'a']": ["A"],
    "for client in 'a': pass\nclient.upper()": "A",
    "with_ = 1\nclass client: nope = 2\nclient.nope": 2,
    "class K:\n    client = 'a'\n    up = client.upper()\nK.up": "A",
    "def f():\n    global client\n    client = 'a'\nf()\nclient.upper()": "A",
    "def outer():\n    c = client\n    def inner():\n        nonlocal c\n        c = 'a'\n    inner()\n    return c.upper()\nouter()": "A",
    "def outer():\n    def inner():\n        nonlocal c\n        c = 'a'\n    c = client\n    inner()\n    return c.upper()\nouter()": "A",
    "b = client.books\nb = 'a'\nb.upper()": "A",
    "b = client.books if 0 else 'a'\nb.upper()": "A",
    "(client := 'a').upper()": "A",
    "match 'a':\n    case client: pass\nclient.upper()": "A",
    "try:\n    1 / 0\nexcept Exception as client:\n    r = client.args\nr": ["division by zero"],
    "f = lambda client: client.upper()\nf('a')": "A",
    "f = lambda client: client.upper()\n[f(x) for x in 'a']": ["A"],
    "async def run(client):\n    client = 'a'\n    return client.upper()": "A",
    "async def run(client, c='a'):\n    return c.upper()": "A",
    "def run(x=1):\n    return x": 1,
    "def f(client=None): return client and client.nope\nf()": None,
    "def f(*client): return client[0].upper()\nf('a')": "A",
    "json = 'a'\njson.upper()": "A",
    "def print(x): return 7\nprint(client.books.create(title='a'))": 7,
    "b = client.books.create(title='a')\nprint(b)\n(await b).number": 1,
    "def len(x): return 7\nlen(client.books.create(title='a'))": 7,
    # Asking before using.
    "client.nope if hasattr(client, 'nope') else 1": 1,
    "client.nope() if 'nope' in dir(client) else 1": 1,
    "getattr(client, 'nope', 1)": 1,
    "try:\n    client.nope\nexcept AttributeError:\n    r = 1\nr": 1,
    "def f():\n    return client.nope\ntry:\n    f()\nexcept (KeyError, AttributeError):\n    r = 1\nr": 1,
    "try:\n    await client.books.create(nope=1)\nexcept TypeError:\n    r = 1\nr": 1,
    "try:\n    import numpy\nexcept ImportError:\n    r = 1\nr": 1,
    "try:\n    import numpy as np\nexcept Exception:\n    np = None\nnp": None,
    "try:\n    unknown\nexcept NameError:\n    r = 1\nr": 1,
    "try:\n    r = 1\nexcept NoSuchError:\n    pass\nr": 1,
    # Arguments that only the run knows.
    "x = {'title': 'a'}\n(await client.books.create(x)).number": 1,
    "x = {'title': 'a'}\n(await client.books.create(**x)).number": 1,
    "x = {'title': 'a'}\n(await client.books.create({**x})).number": 1,
    "x = ['b']\n(await client.books.retrieve(*x)).number": 1,
    "x = {'book_id': 'b'}\n(await client.books.retrieve(x)).number": 1,
    "(await client.books.retrieve({'a': 1})).number": 1,
    "(await client.books.retrieve({'book_id': 'b'})).number": 1,
    "(await client.books.list_pages('b', {'limit': 1})).number": 1,
    "x = {'limit': 1}\n(await client.books.list_pages('b', x)).number": 1,
    "(await client.books.listPages(bookId='b')).number": 1,
    # Calls that are awaited later, or elsewhere.
    "c = client.books.create(title='a')\n(await c).number": 1,
    "c = client.books.create(title='a')\nc = await c\nc.number": 1,
    "async def f(c): return (await c).number\nawait f(client.books.create(title='a'))": 1,
    "c = client.books.list()\n[b.title async for b in c][0]": "Book 0",
    "len([b for b in await client.books.list()])": 2,
    "r = []\nasync for b in await client.books.list(): r.append(b)\nlen(r)": 5,
    "c = asyncio.create_task(client.books.create(title='a'))\nawait c\nc.done()": True,
    "x: Unknown = 1\ndef f(a: Nope.x) -> Other: return a\nf(x)": 1,
    "if __name__ == '__main__':\n    r = 1\nr": 1,
    "def f():\n    return later\nlater = 1\nf()": 1,
    "json.loads((await client.books.create(title='[1]')).arguments.title)": [1],
    "import datetime as d\nd.datetime.now().year > 2000": True,
    "from datetime import datetime\ndatetime.now().year > 2000": True,
    "from urllib.parse import quote\nimport urllib.parse as p\n[quote(' '), p.quote(' ')]": ["%20", "%20"],
}  # fmt: skip


@pytest.mark.parametrize("program", UNCERTAIN.keys())
async def test_what_is_not_certain_is_left_to_the_run(run, program):
    outcome = await run(program)
    assert outcome.failure is None
    assert outcome.value == UNCERTAIN[program]

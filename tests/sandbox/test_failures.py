"""What an agent is told when its program fails."""

import pytest

from code_sandbox import Failure, Problem


async def test_a_syntax_error_names_its_line(run):
    outcome = await run("x = 1\ny = (2,\nz = 3")
    problem = Problem(message="'(' was never closed", line=2, source_line="y = (2,")
    assert outcome.failure == Failure(
        type_name="SyntaxError", message=problem.message, line=2, source_line="y = (2,", problems=(problem,)
    )


async def test_an_error_of_the_compiler_names_its_line(run):
    outcome = await run("x = 1\nbreak")
    assert (outcome.failure.type_name, outcome.failure.line) == ("SyntaxError", 2)


async def test_a_top_level_yield_is_refused(run):
    outcome = await run("x = 1\nyield x")
    assert (outcome.failure.type_name, outcome.failure.line) == ("PolicyError", 2)


async def test_all_violations_are_told_at_once(run):
    outcome = await run("x = 1\nx.__dict__.__class__.__bases__\nimport json as __b\neval('1')")
    failure = outcome.failure
    assert (failure.type_name, failure.line, failure.source_line) == (
        "PolicyError",
        2,
        "x.__dict__.__class__.__bases__",
    )
    assert [problem.line for problem in failure.problems] == [2, 3, 4]


async def test_lines_count_from_the_text_that_was_sent(run):
    outcome = await run("Let me try:\n\n```python\nx = 0\n1 / x\n```\n")
    failure = outcome.failure
    assert (failure.type_name, failure.line, failure.source_line) == ("ZeroDivisionError", 5, "1 / x")


async def test_a_form_feed_ends_no_line(run):
    outcome = await run("x = 'a\x0cb\u2028'\r\n1 / 0\r\n")
    assert (outcome.failure.line, outcome.failure.source_line) == (2, "1 / 0")


async def test_the_line_is_the_innermost_of_the_program(run):
    outcome = await run("def f(x):\n    y = 1\n    return json.loads(x)\n\nf('{')")
    assert (outcome.failure.type_name, outcome.failure.line) == ("JSONDecodeError", 3)


async def test_an_error_in_a_task_is_told_with_its_line(run):
    outcome = await run("async def f():\n    return 1 / 0\nawait asyncio.gather(f(), asyncio.sleep(60))")
    assert (outcome.failure.type_name, outcome.failure.line) == ("ZeroDivisionError", 2)


async def test_an_error_whose_text_fails_is_still_told(run):
    outcome = await run("class E(Exception):\n    def __str__(self): return 1 / 0\nraise E()")
    assert (outcome.failure.type_name, outcome.failure.line) == ("E", 3)


async def test_a_program_that_waits_for_nothing_is_told_so(run):
    outcome = await run("await asyncio.Event().wait()")
    assert outcome.failure.type_name == "RuntimeError"
    assert outcome.failure.line == 1
    assert "never happen" in outcome.failure.message


@pytest.mark.parametrize("program", ["x = 'a\ud800'", "x = 1\0"])
async def test_text_that_cannot_be_a_program_is_refused(run, program):
    outcome = await run(program)
    assert (outcome.failure.type_name, outcome.failure.line) == ("SyntaxError", 1)


HINTS = {
    "import client": "client is already there: remove the import.",
    "from client import books": "client is already there: remove the import.",
    "from somewhere import client": "client is already there: remove the import.",
    "from somewhere import show": "show is already there: remove the import.",
    "import numpy": "Third-party packages are not here. Modules: asyncio, base64, ",
    "import logging": "Only a part of the standard library is here. Modules: asyncio, base64, ",
    "import requests": "There is no network here: use what is injected (client, show).",
    "import os": "There are no files, processes or environment here.",
    "from json import load": "json has: JSONDecodeError, dumps, loads.",
    "json.loads({'a': 1})": "It is already decoded: remove json.loads.",
    "json.loads(await client.books.create(title='a'))": "It is already decoded: remove json.loads.",
    "json.nope": "It has: JSONDecodeError, dumps, loads.",
    "open('a')": "open() is not there: no files, no dynamic code.",
    "exit()": "Use a top-level `return` to end the program.",
    "os.environ": "os is not there: no files, network or environment.",
    "await 5": "This is not a call or a coroutine: remove `await`.",
    "None.title": "The value is None: look at what returned it.",
    "(await client.books.create(title='a')).titel": "Its keys are: path, number, arguments.",
    "(await client.books.create(title='a'))['Path']": "Did you mean 'path'?",
    "(await client.books.list()).nodes": "books, meta. Its items are in `.items`.",
    "{'a': 1}.a": "A dict's values are read with brackets: ['a'].",
    "'a'.toUpper()": "It has: capitalize, casefold",
    "async def f(): pass\nf().x": "It is not finished: write `await` before it.",
    "async for x in [1]: pass": "Use a plain `for`.",
    "async for x in client.books.create(title='a'): pass": "then a plain `for`.",
    "await asyncio.gather([])": "Write: await asyncio.gather(*calls).",
    "client.books": None,
}


@pytest.mark.parametrize("program", HINTS.keys())
async def test_a_usual_mistake_gets_a_hint(run, program):
    outcome = await run(program)
    hint = HINTS[program]
    if hint is None:
        assert outcome.failure is None
    else:
        assert hint in (outcome.failure.hint or "")


CERTAIN = [
    program
    for program, hint in HINTS.items()
    if hint is not None and not program.startswith(("await 5", "None", "(await", "{", "'a'", "async def"))
]
"""Mistakes that are found before the run. The run finds them too, where a check cannot know."""


@pytest.mark.parametrize("program", CERTAIN)
async def test_a_mistake_that_is_certain_is_found_before_the_run(run, program):
    outcome = await run(f"await client.books.create(title='paid')\n{program}")
    assert outcome.failure.type_name == "CheckError"
    assert outcome.calls == ()


DYNAMIC = {
    "j = [json][0]\nj.loads({'a': 1})": "It is already decoded: remove json.loads.",
    "module = [json][0]\nmodule.nope": "It has: JSONDecodeError, dumps, loads.",
    "def f(module=json): return module.nope\nf()": "It has: JSONDecodeError, dumps, loads.",
    "calls = []\nawait asyncio.gather(calls)": "Write: await asyncio.gather(*calls).",
    "try:\n    import os\nexcept ImportError as e:\n    raise": "There are no files, processes or environment here.",
    "try:\n    open('a')\nexcept NameError:\n    raise": "open() is not there: no files, no dynamic code.",
    "async for x in iter([1]): pass": "Use a plain `for`.",
}


@pytest.mark.parametrize("program", DYNAMIC.keys())
async def test_a_mistake_that_shows_in_the_run_gets_the_same_hint(run, program):
    outcome = await run(program)
    assert outcome.failure.type_name != "CheckError"
    assert DYNAMIC[program] in (outcome.failure.hint or "")

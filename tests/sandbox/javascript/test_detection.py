"""The language is seen from the program, and Python is never taken for anything else."""

from pathlib import Path

import pytest

from code_sandbox._worker.detection import is_javascript

JAVASCRIPT = [
    "const x = 1;",
    "async function run(client) { return 1 }",
    "async function run(client) {\n  const { data } = await client.books.list();\n  return data;\n}",
    "export default async (client) => client.books.list()",
    "for await (const b of client.books.list()) console.log(b)",
    "let x: number = 1; return x",
    "interface A { x: number }\nreturn 1",
    "// the books\nreturn client.books.list()",
    "console.log(`a`)",
    "const x = ;",
    "async function run(client) {\n  const x = 1\n  const y = (2\n}",
    "if (x) { y() } else { z() }",
    "import Library from '@acme/library';\nconst client = new Library();",
    "```js\nreturn 1\n```",
    "Here:\n\n```typescript\nreturn 1\n```\n",
    "const text = `\ndef f():\n    return 1\n`;\nreturn text;",
    "try { await client.books.list() } catch (e) { console.log(e.status) }",
]


@pytest.mark.parametrize("program", JAVASCRIPT)
def test_javascript_is_seen(program):
    assert is_javascript(program)


PYTHON = [
    "1 + 1",
    "",
    "return 1",
    "async def run(client):\n    return await client.books.list()",
    "x = {'a': 1};",
    "let = const = 1",
    "s = 'const x = 1; // => ${y}'",
    '"""\n```js\nconst x = 1;\n```\n"""\nreturn 1',
    "# const x = 1;\nprint('=>')",
    "a = 7 // 2",
    "x = lambda y: {y: 1}",
    "function = 1\nfunction",
    "    x = 1\n    return x // 1",
    "```python\nx = 7 // 2\n```",
    "Here:\n```\nx = 7 // 2\n```",
    "def f(:\n    return 1",
    "for x in range(3)\n    print(x)  # const",
    "async def run(client):\n    x = await client.books.create(title='a'\n    return x // 2",
    "import os\nprint(os.environ && 1)",
    "x = (\n" + "(" * 300,
    "await client.books.list()",
    "client.books.create({'title': 'a'})",
]


@pytest.mark.parametrize("program", PYTHON)
def test_python_stays_python(program):
    assert not is_javascript(program)


def test_all_python_of_this_project_stays_python():
    root = Path(__file__).parents[3]
    programs = [*root.glob("sandbox/**/*.py"), *root.glob("docs/examples/*.py")]
    assert len(programs) > 50
    assert [path for path in programs if is_javascript(path.read_text(encoding="utf-8"))] == []


async def test_detection_chooses_the_language(run):
    assert (await run("const x = [1] + [2]; return x", language="auto")).value == "12"
    assert (await run("[1] + [2]", language="auto")).value == [1, 2]


async def test_a_named_language_is_taken_at_its_word(run):
    assert (await run("[1] + [2]", language="javascript")).value == "12"
    assert (await run("const x = 1", language="python")).failure.type_name == "SyntaxError"

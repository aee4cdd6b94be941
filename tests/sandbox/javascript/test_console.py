"""What console.log prints, in the form that Node has."""

import pytest

PRINTED = {
    "'a', 1, true, null, undefined": "a 1 true null undefined",
    "'a\"b', ['a', \"it's\"]": "a\"b [ 'a', \"it's\" ]",
    "{ a: 1, 'b-c': [1, 2], d: { e: null } }": "{ a: 1, 'b-c': [ 1, 2 ], d: { e: null } }",
    "[]": "[]",
    "{}": "{}",
    "[undefined, , 3]": "[ undefined, <empty item>, 3 ]",
    "new Map([['a', { b: 1 }]])": "Map(1) { 'a' => { b: 1 } }",
    "new Set([1, 'x'])": "Set(2) { 1, 'x' }",
    "new (class Point { x = 1 })()": "Point { x: 1 }",
    "class A {}, function f() {}, () => 1": "[class A] [Function: f] [Function (anonymous)]",
    "Symbol('s'), 10n, -0, /x/gi": "Symbol(s) 10n -0 /x/gi",
    "new Date(0), new Date(NaN)": "1970-01-01T00:00:00.000Z Invalid Date",
    "Object.create(null)": "[Object: null prototype] {}",
    "{ get a() { throw 1 } }": "{ a: [Getter] }",
    "(() => { const o = {}; o.o = o; return o })()": "{ o: [Circular] }",
    "{ a: { b: { c: { d: { e: { f: 1 } } } } } }": "{ a: { b: { c: { d: { e: [Object] } } } } }",
    "'%s is %d years, %j', 'Ann', 7.5, { a: 1 }, 'more'": 'Ann is 7.5 years, {"a":1} more',
    "'100%', 5, '%s'": "100% 5 %s",
    "new Uint8Array(3)": "Uint8Array [ 0, 0, 0 ]",
    "client.books.create({ title: 'a' })": "Promise { <pending> }",
    "show": "[Function: show]",
    "[{ name: 'a'.repeat(40) }, { name: 'b'.repeat(40) }]": "[\n  { name: '"
    + "a" * 40
    + "' },\n  { name: '"
    + "b" * 40
    + "' }\n]",
    "Array.from({ length: 200 }, (_, n) => n).length": "200",
}


@pytest.mark.parametrize("values", PRINTED.keys())
async def test_values_are_printed_as_node_prints_them(run, values):
    outcome = await run(f"console.log({values})")
    assert outcome.failure is None
    assert outcome.printed == PRINTED[values] + "\n"


async def test_long_lists_are_cut(run):
    outcome = await run("console.log(Array(500).fill(0))")
    assert "... 400 more items" in outcome.printed


@pytest.mark.parametrize("name", ["info", "warn", "error", "debug", "trace", "dir"])
async def test_all_kinds_of_log_are_printed(run, name):
    assert (await run(f"console.{name}('a')")).printed in ("a\n", "'a'\n")


async def test_an_error_is_printed_with_the_lines_of_the_program(run):
    outcome = await run("function f() {\n  return new TypeError('no');\n}\nconsole.log(f())")
    assert outcome.printed.startswith("TypeError: no\n    at f (<program>:2:")
    assert "input" not in outcome.printed


async def test_groups_are_indented(run):
    outcome = await run("console.group('a'); console.log('b\\nc'); console.groupEnd(); console.log('d')")
    assert outcome.printed == "a\n  b\n  c\nd\n"


async def test_prints_arrive_while_the_program_runs(run):
    texts = []
    outcome = await run(
        "console.log('a'); await new Promise((r) => setTimeout(r, 20)); console.log('b')", on_print=texts.append
    )
    assert texts == ["a\n", "b\n"]
    assert outcome.printed == "a\nb\n"

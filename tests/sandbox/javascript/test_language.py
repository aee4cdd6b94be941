"""What agents write in JavaScript runs as it was sent."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

VALUES = {
    "1 + 1": 2,
    "return 'a'": "a",
    "const x = { a: [1, null, true] }; x": {"a": [1, None, True]},
    "let a = 1; a += 1;\na;": 2,
    "const { a, ...rest } = { a: 1, b: 2 }; const [c, d = 4] = [3]; return [a, rest, c, d]": [1, {"b": 2}, 3, 4],
    "const name = 'x'; return `${name}-${1 + 1}`": "x-2",
    "const o = { a: null }; return [o?.a?.b ?? 'none', o.c?.()]": ["none", None],
    "await new Promise((resolve) => setTimeout(() => resolve('slept'), 10))": "slept",
    "await Promise.all([1, Promise.resolve(2), (async () => 3)()])": [1, 2, 3],
    "(await Promise.allSettled([1, Promise.reject(new Error('x'))])).map((each) => each.status)": [
        "fulfilled",
        "rejected",
    ],
    "await Promise.race([new Promise((r) => setTimeout(r, 5000, 'late')), Promise.resolve('soon')])": "soon",
    "await Promise.any([Promise.reject(1), Promise.resolve(2)])": 2,
    "class A { #x = 1; static make() { return new A() } get x() { return this.#x } } return A.make().x": 1,
    "class MyError extends Error {} try { throw new MyError('m') } catch (e) { return [e instanceof MyError, e.message] }": [
        True,
        "m",
    ],
    "function* g() { yield 1; yield 2 } return [...g()]": [1, 2],
    "async function* g() { yield 1; yield 2 } const all = []; for await (const x of g()) all.push(x); return all": [
        1,
        2,
    ],
    "[3, 1, 2].sort((a, b) => a - b).map((x) => x * 2).filter((x) => x > 2)": [4, 6],
    "Object.entries({ a: 1 }).concat(Object.entries({ b: 2 })).flat()": ["a", 1, "b", 2],
    "new Map([['a', 1], ['b', 2]])": {"a": 1, "b": 2},
    "new Set([1, 2, 1])": [1, 2],
    "new Date(0)": "1970-01-01T00:00:00.000Z",
    "typeof Date.now()": "number",
    "'2026-11-22'.match(/(?<year>\\d+)-(\\d+)/).groups.year": "2026",
    "JSON.stringify({ a: [1] }) + JSON.parse('{\"b\": 2}').b": '{"a":[1]}2',
    "Math.max(1, 2) + parseInt('7px', 10)": 9,
    "10n ** 20n": 10**20,
    "10n ** 50n": "1" + "0" * 50,
    "[NaN, Infinity, -0, 1.5, 1e21]": ["NaN", "Infinity", 0, 1.5, 1e21],
    "({ u: undefined, f() {}, n: null })": {"n": None},
    "new Error('boom')": "Error: boom",
    "const o = { a: 1 }; o.self = o; o": {"a": 1, "self": "[Circular]"},
    "({ toJSON() { return 'mine' } })": "mine",
    "class P { constructor() { this.x = 1 } get y() { return 2 } } new P()": {"x": 1},
    "({ a: Promise.resolve(1), b: [Promise.resolve(2)] })": {"a": 1, "b": [2]},
    "new Uint8Array([1, 2])": [1, 2],
    "structuredClone(new Map([[1, { a: new Date(0) }]])).get(1).a.getTime()": 0,
    "const u = new URL('../b?x=1&y=a%20b#h', 'https://Host.example:443/a/c/d'); [u.href, u.searchParams.get('y'), u.host]": [
        "https://host.example/a/b?x=1&y=a%20b#h",
        "a b",
        "host.example",
    ],
    "const p = new URLSearchParams({ q: 'a b&c' }); p.append('n', 1); `${p}`": "q=a+b%26c&n=1",
    "URL.canParse('nothing')": False,
    "new TextDecoder().decode(new TextEncoder().encode('é😀'))": "é😀",
    "atob(btoa('hello'))": "hello",
    "'\\ud83d' + 'x'": "?x",
    "'é😀\\u0000'": "é😀\0",
    "queueMicrotask(() => console.log('later')); console.log('now'); await null; 1": 1,
    "const seen = []; const t = setInterval(() => seen.push(1), 1); await new Promise((r) => setTimeout(r, 50));"
    " clearInterval(t); seen.length > 1": True,
    "let fired = false; const t = setTimeout(() => { fired = true }, 1); clearTimeout(t);"
    " await new Promise((r) => setTimeout(r, 20)); fired": False,
    "x = 5; x": 5,
    "a: for (const i of [1, 2]) { for (;;) continue a } 'labels'": "labels",
    "#!/usr/bin/env node\n7": 7,
    "'use strict';\n8": 8,
    "// only a comment": None,
    "": None,
    "for (const x of [1]) x": None,
    "1 // the end": 1,
    "typeof fetch + typeof require + typeof process": "undefined" * 3,
}


@pytest.mark.parametrize("program", VALUES.keys())
async def test_the_value_of_a_program_comes_back(run, program):
    outcome = await run(program)
    assert outcome.failure is None
    assert outcome.value == VALUES[program]


ENTRIES = {
    "async function run(client) { return typeof client.books.list }": "function",
    "async function run(api) { return typeof api.books.list }": "function",
    "function main() { return typeof client.books.list }": "function",
    "const run = async (client) => typeof client.books.list": "function",
    "const run = async client => typeof client.books.list": "function",
    "const run = async function (client) { return typeof client.books.list };": "function",
    "export default async function run(client) { return typeof client.books.list }": "function",
    "export default async function (client) { return typeof client.books.list }": "function",
    "export default async (client) => typeof client.books.list;": "function",
    "export async function run(client) { return typeof client.books.list }": "function",
    "export const run = async (client) => typeof client.books.list;": "function",
    "async function run(client) { return typeof client.books.list }\nexport { run };": "function",
    "async function other(client) { return typeof client.books.list }\nexport default other;": "function",
    "async function run({ client, show }) { return typeof client.books.list + typeof show }": "functionfunction",
    "async function run(client, show) { return typeof show }": "function",
    "async function run() { return 1 }\nreturn run()": 1,
    "async function run() { return 1 }\nrun()": 1,
    "async function run() { return 1 }\nawait run();": 1,
    "async function main() { console.log('a') }\nmain().catch(console.error);": None,
    "const helper = (x) => x * 2;\nasync function run() { return helper(4) }": 8,
    "async function run() { return 1 }\nconsole.log('defined');": 1,
}


@pytest.mark.parametrize("program", ENTRIES.keys())
async def test_the_entry_of_a_program_is_found(run, program):
    outcome = await run(program)
    assert outcome.failure is None
    assert outcome.value == ENTRIES[program]


FENCED = [
    "```js\nconst x = 1;\nreturn x;\n```",
    "```typescript\nconst x: number = 1;\nreturn x;\n```",
    "Here is the program:\n\n```javascript\nconst x = 1;\nreturn x;\n```\nIt returns one.",
    "\n\n```\nconst x = 1;\nreturn x;\n```",
]


@pytest.mark.parametrize("program", FENCED)
async def test_code_fences_are_taken_off(run, program):
    assert (await run(program)).value == 1


async def test_timers_that_are_left_are_waited_for_when_there_is_no_value(run):
    outcome = await run("setTimeout(() => console.log('later'), 20);\nconsole.log('now');")
    assert outcome.printed == "now\nlater\n"


async def test_timers_that_are_left_are_not_waited_for_when_there_is_one(run):
    outcome = await run("async function run() { setTimeout(() => console.log('late'), 1e6); return 1 }")
    assert (outcome.value, outcome.printed) == (1, "")


async def test_two_programs_share_nothing(run):
    await run("globalThis.left = 1; Object.prototype.left = 2; return 1")
    assert (await run("return [typeof left, {}.left]")).value == ["undefined", None]

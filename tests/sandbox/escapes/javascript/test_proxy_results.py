"""Traps of a proxy answer differently each time they are asked."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "let n = 0; const p = new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }), get: (t, k) => k === 'a' ? ++n : undefined }); return [p, p]": [
        {"a": 1},
        {"a": 2},
    ],
    "let n = 0; const title = { toJSON() { return n++ ? { evil: 1 } : 'first' } }; return (await client.books.create({ title })).arguments": {
        "title": "first"
    },
    "const p = new Proxy({ title: 'a' }, {}); return (await client.books.create(p)).arguments": {"title": "a"},
    "const p = new Proxy([], { get: (t, k) => k === 'length' ? 3 : k === 'toJSON' || k === 'then' ? undefined : 'x' }); return p": [
        "x",
        "x",
        "x",
    ],
    "console.log(new Proxy({ a: 1 }, {})); console.log(new Proxy(class {}, {})); return 1": 1,
    "return typeof new Proxy(client.books.create, {})": "function",
    "return new Proxy(client, { get: () => 'mine' }).anything": "mine",
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_what_is_told_is_read_once(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

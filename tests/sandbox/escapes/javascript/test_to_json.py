"""`toJSON` chooses what a value is told as. It gives text and numbers, whatever it is."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "Object.prototype.toJSON = () => 'all'; return { a: 1 }": "all",
    "JSON.stringify = () => '\"forged\"'; JSON.parse = () => ({ id: 99 }); return (await client.books.create({ title: 'a' })).path": "client.books.create",
    "String.prototype.toJSON = () => 'forged'; console.log('a'); return ['a', { b: 'c' }]": ["a", {"b": "c"}],
    "return { toJSON: () => ({ toJSON: () => 'twice' }) }": "twice",
    "return { toJSON: () => Symbol('s') }": "Symbol(s)",
    "const o = {}; o.toJSON = () => ({ inner: o }); return o": {"inner": "[Circular]"},
    "return { toJSON() { return new Proxy([], { get: (t, k) => (k === 'length' ? 2 : k) }) } }": ["0", "1"],
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_the_value_stays_plain(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

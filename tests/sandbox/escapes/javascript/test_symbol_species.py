"""The species of a list or promise makes what methods return. No method of the prelude asks for it."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "class Mine extends Array { static get [Symbol.species]() { throw new Error('asked') } } return new Mine(1, 2, 3)": [
        1,
        2,
        3,
    ],
    "Object.defineProperty(Array, Symbol.species, { get() { throw new Error('asked') } }); console.log([1]); return [[1]]": [
        [1]
    ],
    "Object.defineProperty(Promise, Symbol.species, { value: function (f) { f(() => {}, () => {}) } }); return (await client.books.create({ title: 'a' })).path": "client.books.create",
    "const call = client.books.create({ title: 'a' }); const Kind = call.constructor; return [await new Kind((done) => done(1)), Kind[Symbol.species] === Promise]": [
        1,
        True,
    ],
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_the_value_is_told_as_it_is(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

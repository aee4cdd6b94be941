"""A changed Promise sees the promises that the prelude waits for, which are the program's own."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "const real = Promise.prototype.then; let count = 0; Promise.prototype.then = function (...a) { count++; return real.apply(this, a) }; const path = (await client.books.create({ title: 'a' })).path; return [path, typeof count]": [
        "client.books.create",
        "number",
    ],
    "Promise.resolve = Promise.all = () => { throw 1 }; return [await client.books.create({ title: 'a' }).then((x) => x.path)]": [
        "client.books.create"
    ],
    "Object.defineProperty(Promise.prototype, 'constructor', { get() { return class { constructor(f) { f(() => {}, () => {}) } } } }); return 1": 1,
    "const seen = []; Promise.prototype.then = function (done, failed) { seen.push(typeof done); done && done('forged') }; return 'kept'": "kept",
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_the_value_is_told_as_it_is(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

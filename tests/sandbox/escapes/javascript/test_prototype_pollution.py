"""Changed prototypes reach every object of the program, and none of what it is told with."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "Object.prototype.kind = 'done'; Object.prototype.status = 'completed'; return { a: 1 }": {"a": 1},
    "Array.prototype.push = () => { throw 1 }; Array.prototype.join = () => 'forged'; return [1, [2]]": [1, [2]],
    "Array.prototype[Symbol.iterator] = function* () { yield 'forged' }; return [1, 2]": [1, 2],
    "String.prototype.slice = () => 'forged'; String.prototype.split = () => []; console.log('a'); return 'b'": "b",
    "Map.prototype.get = Map.prototype.set = () => { throw 1 }; return (await client.books.create({ title: 'a' })).arguments": {
        "title": "a"
    },
    "WeakMap.prototype.get = () => ({ method: { path: 'forged' } }); return (await client.books.create({ title: 'a' })).path": "client.books.create",
    "Object.defineProperty(Object.prototype, 'title', { get: () => 'forged' }); return (await client.books.create({ title: 'a' })).arguments": {
        "title": "a"
    },
    "Object.keys = Object.entries = Reflect.ownKeys = () => ['forged']; return { a: 1 }": {"a": 1},
    "globalThis.Error = globalThis.Promise = globalThis.JSON = globalThis.Reflect = undefined; return (await client.books.create({ title: 'a' })).path": "client.books.create",
    "Function.prototype.call = Function.prototype.apply = Function.prototype.bind = () => 'forged'; console.log('x'); return [1]": [
        1
    ],
    "RegExp.prototype.test = RegExp.prototype.exec = () => { throw 1 }; return [10n ** 20n]": [100000000000000000000],
    "Number.isFinite = isFinite = () => true; return [NaN]": ["NaN"],
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_the_value_is_told_as_it_is(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

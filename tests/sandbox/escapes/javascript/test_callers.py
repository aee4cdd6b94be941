"""A function that was called by the prelude may ask who called it."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "function f() { return f.caller } try { return typeof f() } catch (e) { return e.name }": "undefined",
    "const seen = []; await client.books.create({ title: { toJSON: function () { try { seen.push(typeof arguments.callee.caller) } catch (e) { seen.push(e.name) } return 'a' } } }); return seen.filter((each) => each === 'function')": [],
    "let seen; function get() { try { seen = get.caller } catch (e) { seen = undefined } return 1 } const o = {}; Object.defineProperty(o, 'a', { get, enumerable: true }); console.log(o); JSON.stringify(o); return typeof seen": "undefined",
    "return typeof Object.getOwnPropertyDescriptor(Function.prototype, 'caller')?.value": "undefined",
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_it_is_not_told(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

"""A function's constructor makes code from text, and its `this` is the world. There is nothing in that world."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "const world = (() => {}).constructor('return this')(); return ['require', 'process', 'std', 'os', 'Deno', 'scriptArgs', 'print', 'load', 'gc', 'bjson', 'fetch', 'WebAssembly', 'Worker'].filter((name) => name in world)": [],
    "const world = client.books.create.constructor('return this')(); return ['require', 'process', 'std', 'os', 'Deno', 'scriptArgs', 'print', 'load', 'gc', 'bjson', 'fetch', 'WebAssembly', 'Worker'].filter((name) => name in world)": [],
    "const world = await (async () => {}).constructor('return globalThis')(); return ['require', 'process', 'std', 'os', 'Deno', 'scriptArgs', 'print', 'load', 'gc', 'bjson', 'fetch', 'WebAssembly', 'Worker'].filter((name) => name in world)": [],
    "const world = (function* () {}).constructor('yield this')().next().value; return ['require', 'process', 'std', 'os', 'Deno', 'scriptArgs', 'print', 'load', 'gc', 'bjson', 'fetch', 'WebAssembly', 'Worker'].filter((name) => name in world)": [],
    "const world = console.log.constructor('return this')(); return ['require', 'process', 'std', 'os', 'Deno', 'scriptArgs', 'print', 'load', 'gc', 'bjson', 'fetch', 'WebAssembly', 'Worker'].filter((name) => name in world)": [],
    "const world = [].at.constructor.constructor('return this')(); return ['require', 'process', 'std', 'os', 'Deno', 'scriptArgs', 'print', 'load', 'gc', 'bjson', 'fetch', 'WebAssembly', 'Worker'].filter((name) => name in world)": [],
    "return new Function('return typeof outbox + typeof post + typeof STEPS + typeof SETUP')()": "undefinedundefinedundefinedundefined",
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_its_world_is_empty(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

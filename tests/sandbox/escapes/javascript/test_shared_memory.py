"""Shared memory and a clock of one's own measure what others do, and waiting on it blocks the worker."""

import pytest

PROGRAMS = {
    "return typeof SharedArrayBuffer + typeof Atomics": "undefinedundefined",
    "return typeof WebAssembly + typeof Worker": "undefinedundefined",
    "try { return new (new Function('return SharedArrayBuffer')())(8) } catch (e) { return e.name }": "ReferenceError",
    "return Object.getOwnPropertyNames(globalThis).filter((name) => /shared|atomic|worker/i.test(name))": [],
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_there_is_none(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

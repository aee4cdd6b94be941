"""Methods of text that multiply it."""

import pytest

PROGRAMS = [
    "const x = []; for (;;) x.push('a'.padEnd(1e7) + x.length)",
    "const x = []; for (;;) x.push(Array(1e6).join('ab') + x.length)",
    "const x = []; for (;;) x.push('a'.repeat(1e6).replace(/a/g, 'bbbbbbbb') + x.length)",
    "const x = []; for (;;) x.push(new Array(1e5).fill(x.length))",
    "const x = []; for (;;) x.push(new ArrayBuffer(1e7))",
    "const x = []; for (;;) x.push('x'.repeat(1e6).split(''))",
    "const x = new Map(); for (let i = 0; ; i++) x.set(i, {})",
    "const x = {}; for (let i = 0; ; i++) x['k' + i] = i",
    "for (;;) setTimeout(() => {}, 1e6)",
    "const x = []; for (;;) x.push(new Promise(() => {}))",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_memory_ends_at_the_limit(javascript, program):
    outcome = await javascript(program, memory_bytes=64 * 2**20, cpu_seconds=5.0)
    assert (outcome.status, outcome.failure.limit) == ("limit", "memory_bytes"), outcome.failure

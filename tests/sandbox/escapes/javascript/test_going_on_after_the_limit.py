"""Code that runs when the program is stopped could go on calling and printing."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = [
    "try { for (;;) {} } catch (e) { await client.books.create({ title: 'caught' }) }",
    "try { for (;;) {} } finally { console.log('finally'); client.books.create({ title: 'finally' }) }",
    "Promise.resolve().then(() => { console.log('later'); client.books.create({ title: 'later' }) }); for (;;) {}",
    "setTimeout(() => client.books.create({ title: 'timer' }), 0); for (;;) {}",
    "function* g() { try { yield 1; for (;;) {} } finally { console.log('finally') } } for (const x of g()) for (;;) {}",
    "class R { [Symbol.dispose]() { console.log('disposed') } } const r = new R(); try { for (;;) {} } finally { r[Symbol.dispose]() }",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_nothing_happens_after_the_limit(javascript, program):
    outcome = await javascript(f"const x = 1;\n{program}", cpu_seconds=0.1)
    assert (outcome.status, outcome.failure.limit) == ("limit", "cpu_seconds")
    assert (outcome.calls, outcome.printed) == ((), "")

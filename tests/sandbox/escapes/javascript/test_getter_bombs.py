"""Getters, traps and `toString` run in the middle of what the prelude does."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

REENTERING = {
    "let inner; const title = { toJSON() { inner = client.books.create({ title: 'in' }); return 'out' } };"
    " const outer = await client.books.create({ title }); return [(await inner).arguments.title, outer.arguments.title]": [
        "in",
        "out",
    ],
    "const o = { get a() { console.log('read'); return 1 } }; return o": {"a": 1},
    "const e = new Error('x'); Object.defineProperty(e, 'stack', { get() { console.log('s'); return 'at <input>:7:' } });"
    " console.log(e); return 1": 1,
    "const o = { get a() { this.b = 2; delete this.c; return 1 }, c: 3 }; return o": {"a": 1},
}


@pytest.mark.parametrize("program", REENTERING.keys())
async def test_what_they_do_is_done_in_order(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == REENTERING[program]


ENDLESS = [
    "return { get a() { for (;;) {} } }",
    "console.log({ get [Symbol.toStringTag]() { for (;;) {} } })",
    "throw new Proxy(new Error('x'), { get() { for (;;) {} } })",
    "await client.books.create({ get title() { for (;;) {} } })",
    "client.books.create(new Proxy({}, { ownKeys() { for (;;) {} } }))",
    "const e = new Error('x'); Object.defineProperty(e, 'name', { get() { for (;;) {} } }); throw e",
    "Error.prototype.toString = InternalError.prototype.toString = () => { for (;;) {} }; for (;;) {}",
]


@pytest.mark.parametrize("program", ENDLESS)
async def test_one_without_an_end_ends_at_the_limit(javascript, program):
    outcome = await javascript(f"const x = 1;\n{program}", cpu_seconds=0.1)
    assert (outcome.status, outcome.failure.limit) == ("limit", "cpu_seconds")


async def test_one_that_grows_for_ever_ends_at_a_limit(javascript):
    outcome = await javascript("const grow = () => ({ get next() { return grow() } }); return grow()")
    assert "nested too deeply" in repr(outcome.value)

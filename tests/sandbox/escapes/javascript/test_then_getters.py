"""What has a `then` is taken for a promise wherever something is awaited: the prelude awaits too."""

import pytest

PROGRAMS = {
    "return { then: (done) => done('resolved') }": "resolved",
    "return { get then() { return undefined }, a: 1 }": {"a": 1},
    """
const stolen = new Set();
Object.defineProperty(Object.prototype, 'then', {
  get() { stolen.add(Object.keys(this).sort().join()); return undefined },
  configurable: true,
});
await client.books.create({ title: 'a' });
await client.books.list();
delete Object.prototype.then;
return [...stolen].filter((keys) => /open|method|resolve|stack/.test(keys));
""": [],
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_only_answers_are_asked_for_it(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]


async def test_one_that_never_resolves_ends_the_program(javascript):
    outcome = await javascript("return { then() {} }")
    assert "can never happen" in outcome.failure.message


async def test_one_that_never_returns_ends_at_the_limit(javascript):
    outcome = await javascript("return { then() { for (;;) {} } }", cpu_seconds=0.1)
    assert outcome.failure.limit == "cpu_seconds"

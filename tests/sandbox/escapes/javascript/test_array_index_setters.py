"""Setters on the indices of all arrays catch what others put into lists: the prelude keeps its own elsewhere."""

import pytest

PROGRAMS = {
    """
const stolen = [];
for (const index of [0, 1, 2]) {
  Object.defineProperty(Array.prototype, index, { set(value) { stolen.length++; this.stolen = typeof value } });
}
await client.books.create({ title: 'a' });
console.log('a', { b: 1 });
return stolen.length
""": 0,
    """
const stolen = new Set();
Object.defineProperty(Object.prototype, 'promise', { set(value) { stolen.add(typeof value) }, get() { return 1 } });
Object.defineProperty(Object.prototype, 'method', { set(value) { stolen.add(typeof value) } });
const page = await client.books.list();
return [stolen.size, page.books.length]
""": [0, 1],
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_nothing_is_caught(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

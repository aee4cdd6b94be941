"""The iterators of lists are generators: what is thrown or returned into one stays in it."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "const list = client.books.list()[Symbol.asyncIterator](); await list.next(); return [await list.return('mine'), await list.next()]": [
        {"value": "mine", "done": True},
        {"done": True},
    ],
    "const list = client.books.list()[Symbol.asyncIterator](); try { await list.throw(new Error('in')) } catch (e) { return e.message }": "in",
    "const proto = Object.getPrototypeOf(client.books.list()[Symbol.asyncIterator]()); return Object.getOwnPropertyNames(Object.getPrototypeOf(proto)).sort()": [
        "constructor",
        "next",
        "return",
        "throw",
    ],
    "const AsyncGenerator = (async function* () {}).constructor; return (await AsyncGenerator('yield typeof outbox')().next()).value": "undefined",
    "const page = await client.books.list(); page.next_arguments = { cursor: 'forged' }; page.next = null; return page.hasNextPage()": True,
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_they_lead_nowhere(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

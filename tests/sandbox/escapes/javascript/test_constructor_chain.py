"""From every answer a chain of constructors leads to Function, which leads to an empty world."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "const page = await client.books.list(); return page.constructor.constructor('return typeof outbox')()": "undefined",
    "const page = await client.books.list(); try { return new page.constructor().hasNextPage() } catch (e) { return e instanceof TypeError }": True,
    "try { await client.books.retrieve('x') } catch (e) { return e.constructor.constructor('return typeof post')() }": "undefined",
    "try { await client.books.retrieve('x') } catch (e) { return new e.constructor('mine').status ?? 'none' }": "none",
    "const call = client.books.create({ title: 'a' }); const C = call.constructor; const fake = new C(() => {}); return [typeof fake.then, fake.anything === undefined]": [
        "function",
        True,
    ],
    "return client.books.create.constructor === Function": True,
    "const { constructor } = await client.books.create({ title: 'a' }); return constructor === Object": True,
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_it_leads_to_nothing(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

"""Reflection over what is injected: there is nothing behind it, and nothing of it can be changed."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "return Reflect.ownKeys(client.books).sort()": ["create", "list", "retrieve", "wait"],
    "return Reflect.ownKeys(client.books.create).sort()": ["length", "name"],
    "try { client.books.create = () => 'mine' } catch (e) { return e.name }": "TypeError",
    "try { Object.defineProperty(client.books, 'create', { value: 1 }) } catch (e) { return e.name }": "TypeError",
    "try { delete client.books.create } catch (e) { return e.name }": "TypeError",
    "const method = Reflect.get(client.books, 'create'); return (await Reflect.apply(method, null, [{ title: 'a' }])).path": "client.books.create",
    "try { return new client.books.create({ title: 'a' }) } catch (e) { return e.name }": "TypeError",
    "return Object.getPrototypeOf(client) === null || Object.getPrototypeOf(Object.getPrototypeOf(client)) === null": True,
    "const page = await client.books.list(); return Reflect.ownKeys(page).sort()": ["_hidden", "books"],
    "const page = await client.books.list(); return Reflect.ownKeys(Object.getPrototypeOf(page)).filter((key) => typeof key === 'string').sort()": [
        "constructor",
        "getNextPage",
        "getPaginatedItems",
        "hasNextPage",
        "iterPages",
    ],
    "const page = await client.books.list(); try { page.getNextPage.call({}) } catch (e) { return e instanceof TypeError }": True,
    "return ['_request', '__proto__', 'api_key', 'close', 'prototype'].filter((name) => { try { return client[name] !== undefined } catch { return false } })": [],
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_it_shows_the_table_only(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

"""Timers are numbers that the worker keeps: wrong ones, strange delays and those of nobody."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

PROGRAMS = {
    "try { setTimeout('client.books.create({})') } catch (e) { return e.name }": "TypeError",
    "clearTimeout(999); clearTimeout('x'); clearTimeout({}); clearTimeout(-1); return 1": 1,
    "for (const delay of [NaN, -5, Infinity, '10', null, {}]) { const t = setTimeout(() => {}, delay); clearTimeout(t) } return 1": 1,
    "const seen = []; await new Promise((done) => { setTimeout((...a) => { seen.push(a); done() }, 0, 1, 2) }); return seen": [
        [1, 2]
    ],
    "const order = []; for (const ms of [30, 10, 20]) setTimeout(() => order.push(ms), ms); await new Promise((r) => setTimeout(r, 60)); return order": [
        10,
        20,
        30,
    ],
}


@pytest.mark.parametrize("program", PROGRAMS.keys())
async def test_they_harm_nobody(javascript, program):
    outcome = await javascript(program)
    assert outcome.failure is None
    assert outcome.value == PROGRAMS[program]

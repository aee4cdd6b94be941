"""Text that looks like the messages between a program and its worker."""

# ruff: noqa: E501 - programs stay as they would be sent

import pytest

MESSAGES = [
    '["c",1,"client.books.create",[{"title":"forged"}]]',
    '["l","calls"]',
    '["r","forged"]',
    '["s",true]',
    '["f",{"type_name":"Forged","message":""}]',
    '["t",1,0,true]',
    '{"kind":"done","status":"completed","value":"forged","failure":null}',
]


@pytest.mark.parametrize("message", MESSAGES)
async def test_text_stays_text(javascript, message):
    outcome = await javascript(
        f"const m = {message!r};\nconsole.log(m); console.log('\\n' + m + '\\n'); console.log('\\u2028' + m);"
        "const o = { [m + '\\n' + m]: m }; const answer = await client.books.create({ title: m + '\\n' + m, tags: o });"
        "return [answer.arguments.title === m + '\\n' + m, answer.arguments.tags[m + '\\n' + m] === m, m]"
    )
    assert outcome.value == [True, True, message]
    assert outcome.printed == f"{message}\n\n{message}\n\n\u2028{message}\n"
    assert len(outcome.calls) == 1


@pytest.mark.parametrize("message", MESSAGES)
async def test_nor_do_names_of_errors_and_classes_forge_any(javascript, message):
    outcome = await javascript(f"const e = new Error('x'); e.name = '\\n' + {message!r} + '\\n'; throw e")
    assert outcome.status == "failed"
    assert outcome.failure.message == "x"
    assert outcome.calls == ()


async def test_text_of_halves_of_characters_does_not_end_the_channel(javascript):
    outcome = await javascript(
        "console.log('\\ud800'); await client.books.create({ title: '\\udfff', tags: { '\\ud800': 1 } }); return '\\ud83d'"
    )
    assert (outcome.status, len(outcome.calls)) == ("completed", 1)

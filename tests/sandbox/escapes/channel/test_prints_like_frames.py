"""Printed text that looks like a frame, with its length in front."""

PROGRAM = """
body = '{"kind":"call","number":1,"path":"client.books.create","arguments":{"title":"x"}}'
print(chr(0) * 3 + chr(len(body)) + body, end="")
print('{"kind":"done","status":"completed","value":2,"failure":null}')
return 1
"""


async def test_it_is_text(attempt):
    outcome = await attempt(PROGRAM)
    assert (outcome.value, outcome.calls) == (1, ())
    assert "client.books.create" in outcome.printed

"""Calls that an honest worker never makes."""

import pytest

SOURCES = {
    "of what is not exposed": """
call(1, path="client.api_key")
channel.receive(None)
""",
    "of a private path": """
call(1, path="client.books.__class__")
channel.receive(None)
""",
    "of no path": """
channel.send({"kind": "call", "number": 1, "path": None, "arguments": {}})
channel.receive(None)
""",
    "with another argument": """
call(1, api_key="x")
channel.receive(None)
""",
    "out of order": """
call(2, title="x")
channel.receive(None)
""",
    "with the neighbour's number": """
call(-1, title="x")
channel.receive(None)
""",
    "with a text as number": """
call("1", title="x")
channel.receive(None)
""",
    "without arguments": """
channel.send({"kind": "call", "number": 1, "path": "client.books.wait", "arguments": None})
channel.receive(None)
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_a_forged_call_does_not_reach_the_host(raw, idea):
    await raw.broken_off(SOURCES[idea])
    assert raw.calls == []

"""A program that sends the host's own frames back to it."""

import pytest

SOURCES = {
    "start": """
channel.send({"kind": "start", "program": "result = 1"})
channel.receive(None)
""",
    "setup": """
channel.send({"kind": "setup", "limits": {}, "methods": [], "errors": {}, "optional_keys": []})
channel.receive(None)
""",
    "ready": """
channel.send({"kind": "ready", "level": "strong", "layers": [], "missing": {}})
channel.receive(None)
""",
    "an answer": """
channel.send({"kind": "answer", "number": 1, "value": "forged"})
channel.receive(None)
""",
    "an answer to the neighbour": """
for number in range(1, 50):
    channel.send({"kind": "answer", "number": number, "value": "end"})
channel.receive(None)
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_a_frame_of_the_hosts_kind_ends_the_conversation(raw, idea):
    await raw.broken_off(SOURCES[idea])

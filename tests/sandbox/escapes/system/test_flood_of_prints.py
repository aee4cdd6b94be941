"""Printed text without end, in frames of one letter and of a million."""

import pytest

SOURCES = {
    "letters": """
while True:
    channel.send({"kind": "print", "text": "x", "cut": 0})
""",
    "megabytes": """
while True:
    channel.send({"kind": "print", "text": "x" * 10**6, "cut": 0})
""",
    "nothing": """
while True:
    channel.send({"kind": "print", "text": "", "cut": 0})
""",
    "counts": """
cut = 0
while True:
    cut += 10**6
    channel.send({"kind": "print", "text": "", "cut": cut})
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_a_flood_of_prints_is_ended(raw, idea):
    outcome = await raw(SOURCES[idea], printed_bytes=1_000, channel_bytes=2 * 2**20)
    assert outcome.status in ("failed", "limit")
    assert len(outcome.printed.encode()) <= 1_100
    assert await raw.value("result = 6 * 7") == 42

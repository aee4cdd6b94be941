"""A program may lie about its own end, in the words that an end has."""

import pytest

SOURCES = {
    "a long story": """
words = {"type_name": "E" * 9_000, "message": "m" * 90_000, "hint": "h" * 9_000}
failure = {**words, "line": 10**9, "limit": None, "attributes": {}, "problems": []}
channel.send({"kind": "done", "status": "failed", "value": "hidden", "failure": failure})
channel.receive(None)
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_a_lie_about_the_end_is_cut_to_size(raw, idea):
    outcome = await raw(SOURCES[idea])
    assert (outcome.status, outcome.value) == ("failed", None)
    assert outcome.failure is not None
    assert len(repr(outcome.failure)) < 20_000
    assert (outcome.failure.line, outcome.failure.source_line) == (None, None)

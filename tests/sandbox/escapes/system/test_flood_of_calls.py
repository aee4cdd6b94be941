"""As many calls as the channel takes, without waiting for one answer."""

import pytest

SOURCES = {
    "calls_in_flight": """
for number in range(1, 100_000):
    call(number, path="client.books.wait")
""",
    "calls": """
for number in range(1, 100_000):
    call(number, title="x")
    channel.receive(None)
""",
}


@pytest.mark.parametrize("limit", SOURCES)
async def test_a_flood_of_calls_reaches_a_limit(raw, limit):
    outcome = await raw.stopped(limit, SOURCES[limit], calls=100, calls_in_flight=10)
    assert len(outcome.calls) <= 100

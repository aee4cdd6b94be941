"""After its end a program goes on talking."""

SOURCE = """
done("forged")
for number in range(1, 100):
    call(number, title="late")
"""


async def test_nothing_counts_after_the_end(raw):
    outcome = await raw(SOURCE)
    assert (outcome.status, outcome.value, outcome.calls) == ("completed", "forged", ())
    assert raw.calls == []

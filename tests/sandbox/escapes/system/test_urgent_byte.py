"""Urgent data overtakes what is in the channel, and may not be seen by the reader at all."""

SOURCE = 'result = syscall("sendto", 0, b"x", 1, 1, None, 0)'


async def test_an_urgent_byte_is_refused_or_breaks_the_frame(raw):
    outcome = await raw(SOURCE, wall_seconds=1.0)
    assert outcome.status == "failed" or outcome.failure.limit == "wall_seconds"
    assert await raw.value("result = 6 * 7") == 42

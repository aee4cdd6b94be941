"""The host's files may have been left open at some number."""

import pytest

SOURCES = {
    "read": "result = os.read(@NUMBER@, 1).hex()",
    "write": 'result = os.write(@NUMBER@, b"x")',
    "readv": "result = os.readv(@NUMBER@, [bytearray(1)])",
    "poll": """
poll = select.poll()
poll.register(@NUMBER@)
events = poll.poll(0)
if events == [(@NUMBER@, select.POLLNVAL)]:
    raise OSError(errno.EPERM, "EPERM")
result = events
""",
}


@pytest.mark.parametrize("number", [1, 2, 3, 9, 255])
@pytest.mark.parametrize("idea", SOURCES)
async def test_no_descriptor_but_the_channel_is_there(raw, idea, number):
    await raw.refused(SOURCES[idea].replace("@NUMBER@", str(number)), also=("EBADF", "EINVAL"))

"""A worker without a channel could go on in silence."""

import pytest

SOURCES = {
    "close": "result = os.close(0)",
    "closerange": 'result = syscall("close_range", 0, 10, 0)',
    "a socket object": "result = socket.socket(fileno=0).close()",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_channel_is_not_closed(raw, raw_watched, idea):
    await raw.refused(SOURCES[idea])

"""A single datagram is enough to carry out a secret."""

import pytest

SOURCES = {
    "udp": 'result = socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", @DATAGRAM_PORT@))',
    "udp over version 6": "result = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).fileno()",
    "ping": "result = socket.socket(2, 2, 1).fileno()",
    "udp lite": "result = socket.socket(2, 2, 136).fileno()",
}
GETS_THROUGH_UNLOCKED = ("udp",)


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_datagram_is_sent(raw, idea):
    await raw.refused(SOURCES[idea])

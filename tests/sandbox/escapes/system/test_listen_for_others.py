"""A program that listens can be told what to do from outside."""

import pytest

SOURCES = {
    "tcp": 'result = socket.create_server(("127.0.0.1", 0)).getsockname()',
    "udp": """
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
result = 1
""",
    "a name": r"""
server = socket.socket(socket.AF_UNIX)
server.bind("\0code-sandbox-escape")
result = 1
""",
    "a pair": "result = str(socket.socketpair())",
}
GETS_THROUGH_UNLOCKED = True


@pytest.mark.parametrize("idea", SOURCES)
async def test_nobody_is_listened_to(raw, idea):
    await raw.refused(SOURCES[idea])

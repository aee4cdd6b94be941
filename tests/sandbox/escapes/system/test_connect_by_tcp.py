"""A connection carries out what a program knows."""

import pytest

SOURCES = {
    "tcp": """
client = socket.create_connection(("127.0.0.1", @PORT@))
result = 1
""",
    "tcp by system calls": """
number = syscall("socket", 2, 1, 0)
result = syscall("connect", number, struct.pack("=HHI8x", 2, socket.htons(@PORT@), 0x0100007F), 16)
""",
    "tcp over version 6": """
client = socket.create_connection(("::1", @PORT@))
result = 1
""",
    "fast open": 'result = socket.socket().sendto(b"x", 0x20000000, ("127.0.0.1", @PORT@))',
    "multipath tcp": "result = socket.socket(2, 1, 262).fileno()",
    "sctp": "result = socket.socket(2, 1, 132).fileno()",
}
GETS_THROUGH_UNLOCKED = ("tcp", "tcp by system calls", "fast open")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_connection_is_made(raw, idea):
    await raw.refused(SOURCES[idea])

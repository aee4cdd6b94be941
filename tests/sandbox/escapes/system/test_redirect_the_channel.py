"""The one socket that is there could be used to reach another."""

import pytest

SOURCES = {
    "connect to a port": r"""
result = syscall("connect", 0, struct.pack("!HH4s8x", 0x0200, @PORT@, b"\x7f\0\0\1"), 16)
""",
    "connect to a path": 'result = syscall("connect", 0, struct.pack("H108s", 1, b"@SOCKET@"), 110)',
    "undo the connection": 'result = syscall("connect", 0, struct.pack("H14x", 0), 16)',
    "accept": 'result = syscall("accept4", 0, None, None, 0)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_channel_reaches_nobody_else(raw, idea):
    await raw.refused(SOURCES[idea])

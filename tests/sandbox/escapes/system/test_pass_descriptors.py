"""Sockets carry descriptors: one could be given to the host, or asked from it."""

import pytest

SOURCES = {
    "sendmsg with a descriptor": """
header = struct.pack("QiiiI", 20, 1, 1, 0, 0)
message = space(header)
byte = space(b"x")
vector = space(struct.pack("QQ", ctypes.addressof(byte), 1))
parts = ctypes.addressof(vector), 1, ctypes.addressof(message), 24
result = syscall("sendmsg", 0, struct.pack("QIiQQQQiI", 0, 0, 0, *parts, 0, 0), 0)
""",
    "sendmsg": 'result = syscall("sendmsg", 0, struct.pack("QIiQQQQiI", 0, 0, 0, 0, 0, 0, 0, 0, 0), 0)',
    "recvmsg": 'result = syscall("recvmsg", 0, struct.pack("QIiQQQQiI", 0, 0, 0, 0, 0, 0, 0, 0, 0), 0x40)',
    "sendmmsg": 'result = syscall("sendmmsg", 0, space(64), 1, 0)',
    "recvmmsg": 'result = syscall("recvmmsg", 0, space(64), 1, 0x40, None)',
    "a socket object": 'result = socket.send_fds(socket.socket(fileno=0), [b"x"], [0])',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_descriptor_travels_over_the_channel(raw, idea):
    await raw.refused(SOURCES[idea])

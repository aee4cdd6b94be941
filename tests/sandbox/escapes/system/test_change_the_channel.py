"""The channel shared with the host is a socket whose state both sides feel."""

import pytest

SOURCES = {
    "not blocking": "result = os.set_blocking(0, False)",
    "F_SETFL": "result = fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK)",
    "FIONBIO": 'result = fcntl.ioctl(0, 0x5421, struct.pack("i", 1))',
    "inheritable": "result = os.set_inheritable(0, True)",
    "a lease": "result = fcntl.fcntl(0, 1024, 1)",
    "a lock": "result = fcntl.flock(0, 2)",
    "a larger pipe": "result = fcntl.fcntl(0, 1031, 1 << 20)",
    "SO_SNDBUF": 'result = syscall("setsockopt", 0, 1, 7, struct.pack("i", 1 << 24), 4)',
    "SO_PEEK_OFF": 'result = syscall("setsockopt", 0, 1, 42, struct.pack("i", 1), 4)',
    "a filter": 'result = syscall("setsockopt", 0, 1, 26, struct.pack("HQ", 1, 0), 16)',
    "shutdown": 'result = syscall("shutdown", 0, 2)',
    "listen": 'result = syscall("listen", 0, 5)',
    "bind": r"""
result = syscall("bind", 0, struct.pack("H8s", 1, b"\0escape"), 10)
""",
    "typing for the user": 'result = fcntl.ioctl(0, 0x5412, b"x")',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_state_of_the_channel_is_not_changed(raw, idea):
    await raw.refused(SOURCES[idea])

"""The channel knows who is at its other end."""

import pytest

SOURCES = {
    "the host's number": 'result = syscall("getsockopt", 0, 1, 17, space(12), pointer(12))',
    "the host's groups": 'result = syscall("getsockopt", 0, 1, 59, space(12), pointer(12))',
    "a descriptor of the host": 'result = syscall("getsockopt", 0, 1, 77, space(12), pointer(12))',
    "its name": 'result = syscall("getsockname", 0, space(120), pointer(120))',
    "the peer's name": 'result = syscall("getpeername", 0, space(120), pointer(120))',
    "open its file": "result = fcntl.ioctl(0, 0x89E0, 0)",
    "its namespace": "result = fcntl.ioctl(0, 0x894C, 0)",
    "what is queued": 'result = fcntl.ioctl(0, 0x541B, b"1234").hex()',
}
GETS_THROUGH_UNLOCKED = ("the host's number", "its name", "the peer's name")


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_channel_tells_nothing_about_the_host(raw, idea):
    await raw.refused(SOURCES[idea])

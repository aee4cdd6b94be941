"""A new user namespace makes its maker root in it: a wide door to the kernel."""

import pytest

SOURCES = {
    "a user": 'result = syscall("unshare", 0x10000000)',
    "files": 'result = syscall("unshare", 0x20000)',
    "network": 'result = syscall("unshare", 0x40000000)',
    "processes": 'result = syscall("unshare", 0x20000000)',
    "messages": 'result = syscall("unshare", 0x8000000)',
    "descriptors": 'result = syscall("unshare", 0x400)',
    "time": 'result = syscall("unshare", 0x80)',
    "setns": 'result = syscall("setns", 0, 0)',
    "the host's": 'result = os.open("/proc/@HOST_PID@/ns/net", os.O_RDONLY)',
}
GETS_THROUGH_UNLOCKED = ("descriptors",)


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_namespace_is_entered(raw, idea):
    await raw.refused(SOURCES[idea])

"""Descriptors of a process are links in /proc that can be opened again."""

import pytest

SOURCES = {
    "a list": 'result = os.listdir("/proc/self/fd")',
    "its own": 'result = os.open("/proc/self/fd/0", os.O_RDONLY)',
    "/dev/stdin": 'result = os.open("/dev/stdin", os.O_RDONLY)',
    "the host's": 'result = [os.open(f"/proc/@HOST_PID@/fd/{number}", os.O_RDONLY) for number in range(3)]',
    "the first process's": 'result = [os.open(f"/proc/1/fd/{number}", os.O_RDONLY) for number in range(3)]',
    "a thread's": 'result = os.listdir(f"/proc/self/task/{os.getpid()}/fd")',
}
GETS_THROUGH_UNLOCKED = ("a list", "a thread's")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_descriptor_is_opened_through_proc(raw, idea):
    await raw.refused(SOURCES[idea])

"""Links in /proc tell paths of this machine."""

import pytest

SOURCES = {
    "the interpreter": 'result = os.readlink("/proc/self/exe")',
    "the root": 'result = os.readlink("/proc/self/root")',
    "a descriptor": 'result = os.readlink("/proc/self/fd/0")',
    "the host's folder": 'result = os.readlink("/proc/@HOST_PID@/cwd")',
    "by system call": """
buffer = space(99)
result = syscall("readlinkat", -100, b"/proc/self/exe", buffer, 99)
""",
}
GETS_THROUGH_UNLOCKED = True


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_link_can_be_read(raw, idea):
    await raw.refused(SOURCES[idea])

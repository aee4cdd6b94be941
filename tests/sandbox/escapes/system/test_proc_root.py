"""/proc/<pid>/root and /proc/<pid>/cwd lead out of a changed root."""

import pytest

SOURCES = {
    "its own": 'result = open("/proc/self/root@FILE@").read()',
    "the host's": 'result = open("/proc/@HOST_PID@/root@FILE@").read()',
    "the first process's": 'result = open("/proc/1/root/etc/passwd").read()',
    "the folder of the host": 'result = os.listdir("/proc/@HOST_PID@/cwd")',
    "up and up": 'result = open("../" * 40 + "@FILE@"[1:]).read()',
}
GETS_THROUGH_UNLOCKED = ("its own", "the host's")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_other_root_is_reached(raw, idea):
    await raw.refused(SOURCES[idea], also=("ENOENT",))

"""A signal stops or kills: the host must not get one. (The one sent here is ignored by default.)"""

import pytest

SOURCES = {
    "kill": "result = os.kill(@HOST_PID@, signal.SIGURG)",
    "is it there": "result = os.kill(@HOST_PID@, 0)",
    "tgkill": 'result = syscall("tgkill", @HOST_PID@, @HOST_PID@, 23)',
    "tkill": 'result = syscall("tkill", @HOST_PID@, 23)',
    "rt_sigqueueinfo": """
information = struct.pack("iii116x", 23, 0, -1)
result = syscall("rt_sigqueueinfo", @HOST_PID@, 23, information)
""",
    "rt_tgsigqueueinfo": """
information = struct.pack("iii116x", 23, 0, -1)
result = syscall("rt_tgsigqueueinfo", @HOST_PID@, @HOST_PID@, 23, information)
""",
}
GETS_THROUGH_UNLOCKED = True


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_signal_reaches_the_host(raw, idea):
    await raw.refused(SOURCES[idea])

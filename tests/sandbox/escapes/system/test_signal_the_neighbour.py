"""A signal stops or kills: the neighbour must not get one. (The one sent here is ignored by default.)"""

import pytest

SOURCES = {
    "kill": "result = os.kill(@RAW_NEIGHBOUR_PID@, signal.SIGURG)",
    "is it there": "result = os.kill(@RAW_NEIGHBOUR_PID@, 0)",
    "tgkill": 'result = syscall("tgkill", @RAW_NEIGHBOUR_PID@, @RAW_NEIGHBOUR_PID@, 23)',
    "tkill": 'result = syscall("tkill", @RAW_NEIGHBOUR_PID@, 23)',
    "rt_sigqueueinfo": """
information = struct.pack("iii116x", 23, 0, -1)
result = syscall("rt_sigqueueinfo", @RAW_NEIGHBOUR_PID@, 23, information)
""",
    "rt_tgsigqueueinfo": """
information = struct.pack("iii116x", 23, 0, -1)
result = syscall("rt_tgsigqueueinfo", @RAW_NEIGHBOUR_PID@, @RAW_NEIGHBOUR_PID@, 23, information)
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_signal_reaches_the_neighbour(raw, idea):
    await raw.refused(SOURCES[idea])

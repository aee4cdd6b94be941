"""A signal stops or kills: the parent must not get one. (The one sent here is ignored by default.)"""

import pytest

SOURCES = {
    "kill": "result = os.kill(os.getppid(), signal.SIGURG)",
    "is it there": "result = os.kill(os.getppid(), 0)",
    "tgkill": 'result = syscall("tgkill", os.getppid(), os.getppid(), 23)',
    "tkill": 'result = syscall("tkill", os.getppid(), 23)',
    "rt_sigqueueinfo": """
information = struct.pack("iii116x", 23, 0, -1)
result = syscall("rt_sigqueueinfo", os.getppid(), 23, information)
""",
    "rt_tgsigqueueinfo": """
information = struct.pack("iii116x", 23, 0, -1)
result = syscall("rt_tgsigqueueinfo", os.getppid(), os.getppid(), 23, information)
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_signal_reaches_the_parent(raw, idea):
    await raw.refused(SOURCES[idea])

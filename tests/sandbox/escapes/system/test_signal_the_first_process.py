"""The first process has forked this one, or has started the machine. (The signal sent here is ignored by default.)"""

import pytest

SOURCES = {
    "kill": "result = os.kill(1, signal.SIGURG)",
    "is it there": "result = os.kill(1, 0)",
    "tgkill": 'result = syscall("tgkill", 1, 1, 23)',
    "tkill": 'result = syscall("tkill", 1, 23)',
    "rt_sigqueueinfo": """
information = struct.pack("iii116x", 23, 0, -1)
result = syscall("rt_sigqueueinfo", 1, 23, information)
""",
    "rt_tgsigqueueinfo": """
information = struct.pack("iii116x", 23, 0, -1)
result = syscall("rt_tgsigqueueinfo", 1, 1, 23, information)
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_signal_reaches_the_first_process(raw, idea):
    await raw.refused(SOURCES[idea])

"""Waiting tells about processes that are not the program's own."""

import pytest

SOURCES = {
    "waitpid": "result = os.waitpid(-1, os.WNOHANG)",
    "waitid": 'result = syscall("waitid", 0, 0, space(128), 5, None)',
    "times of the neighbour": """
clock = (~@RAW_NEIGHBOUR_PID@ << 3) | 2
result = syscall("clock_gettime", clock, space(16))
""",
    "the session of the host": "result = os.getsid(@HOST_PID@)",
    "the group of the host": "result = os.getpgid(@HOST_PID@)",
}
GETS_THROUGH_UNLOCKED = ("the session of the host", "the group of the host")


@pytest.mark.parametrize("idea", SOURCES)
async def test_nothing_is_learnt_by_waiting(raw, idea):
    await raw.refused(SOURCES[idea], also=("EINVAL",))

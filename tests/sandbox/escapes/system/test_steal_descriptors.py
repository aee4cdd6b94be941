"""A descriptor of another process can be copied out of it."""

import pytest

SOURCES = {
    "pidfd_open of the host": "result = os.pidfd_open(@HOST_PID@)",
    "pidfd_open of the first process": "result = os.pidfd_open(1)",
    "pidfd_open of the neighbour": "result = os.pidfd_open(@RAW_NEIGHBOUR_PID@)",
    "pidfd_getfd": 'result = syscall("pidfd_getfd", 0, 0, 0)',
    "kcmp": 'result = syscall("kcmp", os.getpid(), @HOST_PID@, 0, 0, 0)',
}
GETS_THROUGH_UNLOCKED = ("pidfd_open of the host", "pidfd_open of the first process")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_descriptor_is_taken_from_others(raw, idea):
    await raw.refused(SOURCES[idea])

"""The environment of the host is one file away."""

import pytest

SOURCES = {
    "its own": 'result = open("/proc/self/environ", "rb").read().decode()',
    "the host's": 'result = open("/proc/@HOST_PID@/environ", "rb").read().decode()',
    "the first process's": 'result = open("/proc/1/environ", "rb").read().decode()',
    "the neighbour's": 'result = open("/proc/@RAW_NEIGHBOUR_PID@/environ", "rb").read().decode()',
}
GETS_THROUGH_UNLOCKED = ("its own", "the host's")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_environment_is_read_from_proc(raw, idea):
    await raw.refused(SOURCES[idea])

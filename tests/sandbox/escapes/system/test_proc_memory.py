"""/proc/<pid>/mem is the memory of a process as a file."""

import pytest

SOURCES = {
    "the host's": 'result = open("/proc/@HOST_PID@/mem", "rb").fileno()',
    "the first process's": 'result = open("/proc/1/mem", "rb").fileno()',
    "the neighbour's": 'result = open("/proc/@RAW_NEIGHBOUR_PID@/mem", "rb").fileno()',
    "its own, to write code": 'result = open("/proc/self/mem", "r+b").fileno()',
    "the host's map": 'result = open("/proc/@HOST_PID@/maps").read(20)',
    "its own map": 'result = open("/proc/self/maps").read(20)',
}
GETS_THROUGH_UNLOCKED = ("its own, to write code", "its own map")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_memory_is_read_through_proc(raw, idea):
    await raw.refused(SOURCES[idea])

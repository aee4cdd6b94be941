"""A tracer reads and writes everything: nobody may trace the host."""

import pytest

SOURCES = {
    "seize": 'result = syscall("ptrace", 0x4206, @HOST_PID@, 0, 0)',
    "attach": 'result = syscall("ptrace", 16, @HOST_PID@, 0, 0)',
    "read its memory": """
place = space(16)
vector = struct.pack("QQ", ctypes.addressof(place), 16)
result = syscall("process_vm_readv", @HOST_PID@, vector, 1, struct.pack("QQ", id(os), 16), 1, 0)
""",
    "write its memory": """
place = space(16)
vector = struct.pack("QQ", ctypes.addressof(place), 0)
result = syscall("process_vm_writev", @HOST_PID@, vector, 1, struct.pack("QQ", id(os), 0), 1, 0)
""",
    "its robust futexes": 'result = syscall("get_robust_list", @HOST_PID@, pointer(0), pointer(0))',
    "where its memory is": 'result = syscall("move_pages", @HOST_PID@, 0, None, None, None, 0)',
    "move its memory": 'result = syscall("migrate_pages", @HOST_PID@, 0, None, None)',
    "its limits": 'result = syscall("prlimit64", @HOST_PID@, 7, None, space(16))',
    "advise its memory": 'result = syscall("process_madvise", 0, None, 0, 0, 0)',
    "map its memory away": 'result = syscall("process_mrelease", 0, 0)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_host_is_not_traced(raw, idea):
    await raw.refused(SOURCES[idea])

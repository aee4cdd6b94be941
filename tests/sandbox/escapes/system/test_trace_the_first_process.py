"""The first process has forked this one, or has started the machine: nobody may trace it."""

import pytest

SOURCES = {
    "seize": 'result = syscall("ptrace", 0x4206, 1, 0, 0)',
    "attach": 'result = syscall("ptrace", 16, 1, 0, 0)',
    "read its memory": """
place = space(16)
vector = struct.pack("QQ", ctypes.addressof(place), 16)
result = syscall("process_vm_readv", 1, vector, 1, struct.pack("QQ", id(os), 16), 1, 0)
""",
    "write its memory": """
place = space(16)
vector = struct.pack("QQ", ctypes.addressof(place), 0)
result = syscall("process_vm_writev", 1, vector, 1, struct.pack("QQ", id(os), 0), 1, 0)
""",
    "its robust futexes": 'result = syscall("get_robust_list", 1, pointer(0), pointer(0))',
    "where its memory is": 'result = syscall("move_pages", 1, 0, None, None, None, 0)',
    "move its memory": 'result = syscall("migrate_pages", 1, 0, None, None)',
    "its limits": 'result = syscall("prlimit64", 1, 7, None, space(16))',
    "advise its memory": 'result = syscall("process_madvise", 0, None, 0, 0, 0)',
    "map its memory away": 'result = syscall("process_mrelease", 0, 0)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_first_process_is_not_traced(raw, idea):
    await raw.refused(SOURCES[idea])

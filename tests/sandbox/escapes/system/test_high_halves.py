"""A filter compares 32 bits at a time: one that forgets the upper half of an argument lets things slip past."""

import pytest

SOURCES = {
    "read": 'result = syscall("read", 3 | 1 << 32, space(8), 8)',
    "write": 'result = syscall("write", 1 | 1 << 32, b"x", 1)',
    "write, all bits": 'result = syscall("write", -1 << 32 | 1, b"x", 1)',
    "executable memory": 'result = syscall("mmap", 0, 4096, 1 << 32 | 7, 0x22, -1, 0)',
    "memory of a file": 'result = syscall("mmap", 0, 4096, 3, 1 << 32 | 2, 0, 0)',
    "memory made executable": 'result = syscall("mprotect", mapped(4096), 4096, 1 << 32 | 5)',
    "advice that harms": 'result = syscall("madvise", mapped(4096), 4096, 1 << 32 | 101)',
    "the clock of process 1": 'result = syscall("clock_gettime", (~1 << 3 | 2) & 0xFFFFFFFF, space(16))',
    "the clock of process 1, signed": 'result = syscall("clock_gettime", ~1 << 3 | 2, space(16))',
    "a sleep by that clock": 'result = syscall("clock_nanosleep", ~1 << 3 | 2, 0, struct.pack("qq", 0, 1), None)',
    "a futex that requeues": 'result = syscall("futex", pointer(), 1 << 32 | 3, 1, None, pointer(), 0)',
    "a futex with priorities": 'result = syscall("futex", pointer(), 1 << 32 | 6, 1, None, None, 0)',
    "a map that moves to a place": 'result = syscall("mremap", mapped(4096), 4096, 4096, 1 << 32 | 3, mapped(4096))',
    "the number itself": 'result = syscall(1 << 32 | NUMBERS["socket"], 1, 1, 0)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_nothing_slips_past_in_an_upper_half(raw, idea):
    await raw.refused(SOURCES[idea])

"""More memory than the limit, asked for in many ways."""

import pytest

SOURCES = {
    "bytes": "result = len(bytearray(1 << 34))",
    "mmap": "result = len(mmap.mmap(-1, 1 << 34))",
    "without reserve": "result = mapped(1 << 40, 3, 0x4022)",
    "memory that cannot be used": "result = mapped(1 << 40, 0, 0x4022)",
    "the heap": """
libc.sbrk.restype = ctypes.c_long
result = check(libc.sbrk(ctypes.c_long(1 << 34)))
""",
    "a growing stack": "result = mapped(1 << 34, 3, 0x20122)",
    "a map that grows": 'result = syscall("mremap", mapped(4096), 4096, 1 << 34, 1, 0)',
    "shared": "result = len(mmap.mmap(-1, 1 << 34, flags=mmap.MAP_SHARED))",
    "bit by bit": """
chunks = []
while True:
    chunks.append(bytearray(1 << 24))
""",
}
MAY_BE_WRITTEN_IN_THE_LANGUAGE = True


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_more_memory_than_the_limit_is_had(raw, idea):
    await raw.refused(SOURCES[idea], also=("MemoryError", "ENOMEM"))

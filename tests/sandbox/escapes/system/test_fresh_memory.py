"""Memory that a program gets may hold what somebody before had in it."""

import pytest

SOURCES = {
    "pages": "size = 1 << 26\nresult = ctypes.string_at(mapped(size), size).count(0) == size",
    "the heap": """
libc.sbrk.restype = ctypes.c_void_p
size = 1 << 24
start = libc.sbrk(ctypes.c_long(size))
result = ctypes.string_at(start, size).count(0) == size
""",
    "a large block": """
libc.malloc.restype = ctypes.c_void_p
size = 1 << 26
result = ctypes.string_at(libc.malloc(ctypes.c_size_t(size)), size).count(0) == size
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_memory_comes_empty(raw, idea):
    assert await raw.value(SOURCES[idea]) is True

"""Mapping reads a file without reading it, if a descriptor can be guessed."""

import pytest

SOURCES = {
    "descriptor 0": """
libc.mmap.restype = ctypes.c_long
result = check(libc.mmap(None, ctypes.c_size_t(4096), 1, 2, 0, ctypes.c_long(0)))
""",
    "descriptor 1": """
libc.mmap.restype = ctypes.c_long
result = check(libc.mmap(None, ctypes.c_size_t(4096), 1, 2, 1, ctypes.c_long(0)))
""",
    "descriptor 3": """
libc.mmap.restype = ctypes.c_long
result = check(libc.mmap(None, ctypes.c_size_t(4096), 1, 2, 3, ctypes.c_long(0)))
""",
    "descriptor 5": """
libc.mmap.restype = ctypes.c_long
result = check(libc.mmap(None, ctypes.c_size_t(4096), 1, 2, 5, ctypes.c_long(0)))
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_descriptor_can_be_mapped(raw, idea):
    await raw.refused(SOURCES[idea])

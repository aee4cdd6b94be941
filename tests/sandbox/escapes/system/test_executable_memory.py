"""Machine code of one's own needs memory that is writable and then executable."""

import pytest

SOURCES = {
    "mmap": "result = len(mmap.mmap(-1, 4096, prot=7))",
    "mmap of code alone": "result = mapped(4096, 4)",
    "mprotect": """
address = mapped(4096)
result = check(libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(4096), 5))
""",
    "mprotect of everything": """
address = mapped(4096)
result = check(libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(4096), 7))
""",
    "pkey_mprotect": 'result = syscall("pkey_mprotect", mapped(4096), 4096, 7, -1)',
    "remap_file_pages": 'result = syscall("remap_file_pages", mapped(4096, 3, 0x21), 4096, 0, 0, 0)',
    "an executable stack": """
libc.pthread_attr_init.restype = ctypes.c_int
address = ctypes.addressof(space(4096)) & ~4095
result = check(libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(4096), 0x01000007))
""",
    "reading means executing": 'result = syscall("personality", 0x0400000)',
    "a shadow stack": 'result = syscall("map_shadow_stack", 0, 4096, 0)',
    "code of the interpreter made writable": """
address = ctypes.cast(libc.getpid, ctypes.c_void_p).value & ~4095
result = check(libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(4096), 7))
""",
}
GETS_THROUGH_UNLOCKED = (
    "mmap",
    "mmap of code alone",
    "mprotect",
    "mprotect of everything",
    "code of the interpreter made writable",
)


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_memory_becomes_executable(raw, idea):
    await raw.refused(SOURCES[idea])

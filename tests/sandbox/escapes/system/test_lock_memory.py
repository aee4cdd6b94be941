"""Locked memory is taken from everybody."""

import pytest

SOURCES = {
    "mlock": "result = check(libc.mlock(ctypes.c_void_p(mapped(1 << 20)), ctypes.c_size_t(1 << 20)))",
    "mlock2": 'result = syscall("mlock2", mapped(1 << 20), 1 << 20, 1)',
    "mlockall": "result = check(libc.mlockall(3))",
    "a locked map": "result = mapped(1 << 20, 3, 0x2022)",
    "huge pages": "result = mapped(1 << 21, 3, 0x40022)",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_memory_is_locked(raw, idea):
    await raw.refused(SOURCES[idea], also=("EAGAIN", "ENOMEM"))

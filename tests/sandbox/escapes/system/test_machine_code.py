"""Own machine code could use the 32-bit system calls (int 0x80), whose numbers mean other things."""

import pytest

SOURCES = {
    "in memory asked for": r"""
code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
room = mmap.mmap(-1, 4096, prot=7)
room.write(code)
result = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(room)))()
""",
    "in memory changed": r"""
code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
address = mapped(4096)
ctypes.memmove(address, code, len(code))
check(libc.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(4096), 5))
result = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_machine_code_does_not_run(raw, idea):
    await raw.refused(SOURCES[idea])

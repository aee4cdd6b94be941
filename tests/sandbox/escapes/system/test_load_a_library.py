"""A shared library is native code out of a file."""

import pytest

SOURCES = {
    "by name": 'result = str(ctypes.CDLL("libanl.so.1"))',
    "by path": 'result = str(ctypes.CDLL("@FILE@"))',
    "dlmopen": """
libc.dlmopen.restype = ctypes.c_void_p
result = {None: None}.get(libc.dlmopen(ctypes.c_long(-1), b"libz.so.1", 2), "loaded")
if result is None:
    raise OSError(errno.EACCES, "EACCES")
""",
    "uselib": 'result = syscall("uselib", b"@FILE@")',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_library_is_loaded(raw, idea):
    await raw.refused(SOURCES[idea], also=("OSError",))

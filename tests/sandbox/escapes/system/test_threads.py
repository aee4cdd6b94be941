"""A thread has its own filter state, and more processor time."""

import pytest

SOURCES = {
    "threading": """
thread = threading.Thread(target=int)
thread.start()
result = 1
""",
    "_thread": """
import _thread
result = _thread.start_new_thread(int, ())
""",
    "pthread_create": """
CALLBACK = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
callback = CALLBACK(lambda argument: None)
number = ctypes.c_ulong(0)
if libc.pthread_create(ctypes.byref(number), None, callback, None):
    raise OSError(errno.EPERM, "EPERM")
result = 1
""",
    "an executor": "result = asyncio.run(asyncio.to_thread(int))",
    "clone": 'result = syscall("clone", 0x10F00, mapped(65536) + 65536, None, None, None)',
}
GETS_THROUGH_UNLOCKED = ("threading", "_thread", "pthread_create", "an executor")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_thread_is_started(raw, idea):
    await raw.refused(SOURCES[idea], also=("RuntimeError", "EAGAIN"))

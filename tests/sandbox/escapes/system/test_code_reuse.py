"""Without machine code of one's own there is still all that the interpreter and the C library are made of."""

import pytest

SOURCES = {
    "system of the C library": 'if libc.system(b"true"):\n    raise OSError(errno.EPERM, "EPERM")\nresult = 1',
    "fopen": 'libc.fopen.restype = ctypes.c_void_p\nresult = check(libc.fopen(b"@FILE@", b"r") or -1)',
    "getpwnam": "libc.getpwuid.restype = ctypes.c_void_p\nresult = check(libc.getpwuid(0) or -1)",
    "a file of the interpreter": (
        "ctypes.pythonapi._Py_fopen_obj.restype = ctypes.c_void_p\n"
        "ctypes.pythonapi._Py_fopen_obj.argtypes = [ctypes.py_object, ctypes.c_char_p]\n"
        'result = ctypes.pythonapi._Py_fopen_obj("@FILE@", b"r")'
    ),
    "a program of the interpreter": (
        "libc.fdopen.restype = ctypes.c_void_p\n"
        'stream = check(libc.fopen(b"@FILE@", b"r") or -1)\n'
        'result = ctypes.pythonapi.PyRun_SimpleFile(stream, b"secret")'
    ),
    "a thread of the C library": (
        "routine = ctypes.cast(libc.getpid, ctypes.c_void_p)\n"
        "number = libc.pthread_create(pointer(), None, routine, None)\n"
        'if number:\n    raise OSError(number, "pthread_create")\n'
        "result = 1"
    ),
    "a jump into the middle": (
        "start = ctypes.cast(libc.syscall, ctypes.c_void_p).value\n"
        'result = check(ctypes.CFUNCTYPE(ctypes.c_long, *[ctypes.c_long] * 4)(start)(NUMBERS["socket"], 1, 1, 0))'
    ),
    "a signal's return": 'syscall("rt_sigreturn")\nresult = 1',
}
CRASHED = ("WorkerCrashed",)


@pytest.mark.parametrize("idea", SOURCES)
async def test_code_that_is_there_can_do_no_more(raw, idea):
    await raw.refused(SOURCES[idea], also=CRASHED if idea == "a signal's return" else ())

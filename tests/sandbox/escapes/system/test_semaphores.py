"""Semaphores outlive their maker."""

import pytest

SOURCES = {
    "semget": 'result = syscall("semget", 0x5EC1, 1, 0o1600)',
    "semop": 'result = syscall("semop", 0, space(6), 1)',
    "sem_open": """
libc.sem_open.restype = ctypes.c_long
result = libc.sem_open(b"/code-sandbox-escape", 64, 0o600, 1) or exec("raise OSError(ctypes.get_errno(), 'sem_open')")
""",
    "multiprocessing": """
import _multiprocessing
result = str(_multiprocessing.SemLock(0, 1, 1, '/code-sandbox-escape', True))
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_semaphore_is_made(raw, idea):
    await raw.refused(SOURCES[idea], also=("ModuleNotFoundError",))

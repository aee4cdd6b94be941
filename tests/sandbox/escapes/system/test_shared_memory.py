"""Shared memory is a way to others, and stays when the program is gone."""

import pytest

SOURCES = {
    "shmget": 'result = syscall("shmget", 0x5EC1, 4096, 0o1600)',
    "shmat": 'result = syscall("shmat", 0, None, 0x1000)',
    "shm_open": 'result = check(libc.shm_open(b"/code-sandbox-escape", 0o102, 0o600))',
    "multiprocessing": """
from multiprocessing import shared_memory
result = shared_memory.SharedMemory(create=True, size=64).name
""",
    "mincore": 'result = syscall("mincore", mapped(4096), 4096, space(1))',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_shared_memory_is_had(raw, idea):
    await raw.refused(SOURCES[idea])

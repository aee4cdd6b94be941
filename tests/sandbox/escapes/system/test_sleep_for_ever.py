"""A program that does nothing uses no processor time."""

import pytest

SOURCES = {
    "sleep": "time.sleep(10**6)",
    "poll": "select.poll().poll()",
    "read": """
while True:
    os.read(0, 100)
""",
    "futex": """
word_of = ctypes.c_int(0)
result = syscall("futex", ctypes.byref(word_of), 128, 0, None, None, 0)
""",
    "a lock": """
lock = threading.Lock()
lock.acquire()
lock.acquire()
""",
}
MAY_BE_WRITTEN_IN_THE_LANGUAGE = True


@pytest.mark.parametrize("idea", SOURCES)
async def test_a_sleeper_is_ended_by_the_host(raw, idea):
    await raw.stopped("wall_seconds", SOURCES[idea], wall_seconds=0.3)

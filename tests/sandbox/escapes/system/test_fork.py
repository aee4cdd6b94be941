"""A second process outlives the first and has its own limits."""

import pytest

SOURCES = {
    "os.fork": """
number = os.fork()
if number == 0:
    os._exit(0)
result = number
""",
    "forkpty": """
number, terminal = os.forkpty()
if number == 0:
    os._exit(0)
result = number
""",
    "fork": """
number = syscall("fork")
if number == 0:
    os._exit(0)
result = number
""",
    "libc": """
number = check(libc.fork())
if number == 0:
    os._exit(0)
result = number
""",
}
GETS_THROUGH_UNLOCKED = ("os.fork", "fork", "libc")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_process_is_forked(raw, idea):
    await raw.refused(SOURCES[idea], also=("EAGAIN",))

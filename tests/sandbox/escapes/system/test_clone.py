"""clone makes processes, threads and namespaces."""

import pytest

SOURCES = {
    "a process": """
number = syscall("clone", 17, None, None, None, None)
if number == 0:
    os._exit(0)
result = number
""",
    "a process of nobody's": """
number = syscall("clone", 0x8000 | 17, None, None, None, None)
if number == 0:
    os._exit(0)
result = number
""",
    "with a new user": """
number = syscall("clone", 0x10000000 | 17, None, None, None, None)
if number == 0:
    os._exit(0)
result = number
""",
    "with a descriptor": """
number = syscall("clone", 0x1000 | 17, None, pointer(0), None, None)
if number == 0:
    os._exit(0)
result = number
""",
}
GETS_THROUGH_UNLOCKED = ("a process", "a process of nobody's")


@pytest.mark.parametrize("idea", SOURCES)
async def test_nothing_is_cloned(raw, idea):
    await raw.refused(SOURCES[idea], also=("EAGAIN",))

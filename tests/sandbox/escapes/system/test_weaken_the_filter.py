"""A filter is not taken off by putting another one on; even that is not to be had."""

import pytest

SOURCES = {
    "seccomp": """
allow = space(struct.pack("HBBI", 6, 0, 0, 0x7FFF0000))
result = syscall("seccomp", 1, 0, struct.pack("HxxxxxxQ", 1, ctypes.addressof(allow)))
""",
    "which actions": 'result = syscall("seccomp", 2, 0, struct.pack("I", 0x7FFF0000))',
    "a listener": 'result = syscall("seccomp", 1, 8, struct.pack("HxxxxxxQ", 0, 0))',
    "prctl": 'result = syscall("prctl", 22, 1, 0, 0, 0)',
    "ask": 'result = syscall("prctl", 21, 0, 0, 0, 0)',
    "new privileges": 'result = syscall("prctl", 38, 0, 0, 0, 0)',
}
GETS_THROUGH_UNLOCKED = ("which actions", "ask")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_filter_is_put_on(raw, idea):
    await raw.refused(SOURCES[idea])

"""prctl takes back what the worker gave up: it must not be callable any more."""

import pytest

SOURCES = {
    "not die with the parent": 'result = syscall("prctl", 1, 0, 0, 0, 0)',
    "be dumpable": 'result = syscall("prctl", 4, 1, 0, 0, 0)',
    "another name": 'result = syscall("prctl", 15, b"sshd", 0, 0, 0)',
    "let others trace": 'result = syscall("prctl", 0x59616D61, -1, 0, 0, 0)',
    "another command line": 'result = syscall("prctl", 35, 8, mapped(4096), 0, 0)',
    "be a reaper": 'result = syscall("prctl", 36, 1, 0, 0, 0)',
    "keep capabilities": 'result = syscall("prctl", 8, 1, 0, 0, 0)',
    "an ambient capability": 'result = syscall("prctl", 47, 2, 0, 0, 0)',
    "faults as signals": 'result = syscall("prctl", 59, 1, 0, 0, 0)',
    "drop from the bounding set": 'result = syscall("prctl", 24, 0, 0, 0, 0)',
    "speculation": 'result = syscall("prctl", 53, 0, 2, 0, 0)',
    "the time stamp counter": 'result = syscall("prctl", 26, 1, 0, 0, 0)',
    "the auxiliary vector": 'result = syscall("prctl", 0x41555856, space(512), 512, 0, 0)',
}
GETS_THROUGH_UNLOCKED = ("not die with the parent", "be dumpable", "another name", "be a reaper")


@pytest.mark.parametrize("idea", SOURCES)
async def test_nothing_is_taken_back(raw, idea):
    await raw.refused(SOURCES[idea])

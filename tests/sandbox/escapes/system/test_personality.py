"""An execution domain changes what system calls and memory mean."""

import pytest

SOURCES = {
    "ask": 'result = syscall("personality", 0xFFFFFFFF)',
    "no random addresses": 'result = syscall("personality", 0x0040000)',
    "32 bits": 'result = syscall("personality", 8)',
    "segments": 'result = syscall("modify_ldt", 0, space(16), 16)',
    "write segments": 'result = syscall("modify_ldt", 1, space(16), 16)',
    "registers": 'result = syscall("arch_prctl", 0x1003, pointer(0))',
    "instructions": 'result = syscall("arch_prctl", 0x1012, 0)',
}
GETS_THROUGH_UNLOCKED = ("ask",)


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_execution_domain_stays(raw, idea):
    await raw.refused(SOURCES[idea])

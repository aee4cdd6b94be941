"""The x32 table and numbers out of range lead around a filter that only compares numbers."""

import pytest

SOURCES = {
    "x32 getpid": "result = syscall(0x40000000 + 39)",
    "x32 open": 'result = syscall(0x40000000 + 2, b"@FILE@", 0)',
    "x32 execve": 'result = syscall(0x40000000 + 520, b"/bin/true", None, None)',
    "minus one": "result = syscall(-1)",
    "far out of range": "result = syscall(9999)",
    "the sign bit": "result = syscall(-0x80000000 + 39)",
    "the 32-bit number of open": 'result = syscall(5, b"@FILE@", 0)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_other_tables_of_system_calls_are_closed(raw, idea):
    await raw.refused(SOURCES[idea])

"""The system calls behind `open`, the old and the newest ones."""

import pytest

SOURCES = {
    "open": 'result = os.read(syscall("open", b"@FILE@", 0), 99).decode()',
    "openat": 'result = os.read(syscall("openat", -100, b"@FILE@", 0, 0), 99).decode()',
    "openat2": 'result = os.read(syscall("openat2", -100, b"@FILE@", struct.pack("QQQ", 0, 0, 0), 24), 99).decode()',
    "creat": 'result = syscall("creat", b"@FOLDER@/new", 0o600)',
}
GETS_THROUGH_UNLOCKED = ("open", "openat", "openat2")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_system_call_opens_a_file(raw, idea):
    await raw.refused(SOURCES[idea])

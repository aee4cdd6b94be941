"""Asking whether a file is there tells what is on the disk, without opening anything."""

import pytest

SOURCES = {
    "stat": 'result = os.stat("@FILE@").st_size',
    "lstat": 'result = os.lstat("@FILE@").st_size',
    "statx": 'result = syscall("statx", -100, b"@FILE@", 0, 0xFFF, space(256))',
    "access": 'result = check(libc.access(b"@FILE@", 4))',
    "faccessat2": 'result = syscall("faccessat2", -100, b"@FILE@", 4, 0)',
    "statfs": 'result = os.statvfs("@FOLDER@").f_blocks',
    "attributes": 'result = os.listxattr("@FILE@")',
    "an attribute": 'result = syscall("getxattr", b"@FILE@", b"user.a", None, 0)',
    "what is not there": 'result = os.stat("@FOLDER@/nothing").st_size',
}
GETS_THROUGH_UNLOCKED = ("stat", "lstat", "statx", "access", "faccessat2", "statfs", "attributes")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_question_about_a_file_is_answered(raw, idea):
    await raw.refused(SOURCES[idea])

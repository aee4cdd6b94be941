"""Owner, mode, times and labels of a file."""

import pytest

SOURCES = {
    "chmod": 'result = os.chmod("@FILE@", 0o777)',
    "fchmodat2": 'result = syscall("fchmodat", -100, b"@FILE@", 0o777)',
    "chown": 'result = os.chown("@FILE@", -1, -1)',
    "utime": 'result = os.utime("@FILE@")',
    "setxattr": 'result = os.setxattr("@FILE@", "user.a", b"b")',
    "removexattr": 'result = os.removexattr("@FILE@", "user.a")',
    "umask": "result = os.umask(0)",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_mark_of_a_file_is_changed(raw, idea):
    await raw.refused(SOURCES[idea])

"""Removing and emptying need no descriptor."""

import pytest

SOURCES = {
    "unlink": 'result = os.unlink("@FILE@")',
    "unlinkat": 'result = syscall("unlinkat", -100, b"@FILE@", 0)',
    "rmtree": 'result = shutil.rmtree("@FOLDER@")',
    "truncate": 'result = os.truncate("@FILE@", 0)',
    "ftruncate": "result = os.ftruncate(0, 0)",
    "fallocate": "result = os.posix_fallocate(0, 0, 1)",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_file_is_removed_or_emptied(raw, idea):
    await raw.refused(SOURCES[idea])

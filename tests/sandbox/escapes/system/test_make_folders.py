"""Making a folder needs no descriptor."""

import pytest

SOURCES = {
    "mkdir": 'result = os.mkdir("@FOLDER@/new")',
    "in the current folder": 'result = os.mkdir("new")',
    "mkdirat": 'result = syscall("mkdirat", -100, b"@FOLDER@/new", 0o777)',
    "rmdir": 'result = os.rmdir("@FOLDER@")',
    "many": 'result = os.makedirs("@FOLDER@/a/b/c")',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_folder_is_made_or_removed(raw, idea):
    await raw.refused(SOURCES[idea])

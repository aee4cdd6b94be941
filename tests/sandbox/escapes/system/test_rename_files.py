"""Renaming needs no descriptor."""

import pytest

SOURCES = {
    "rename": 'result = os.rename("@FILE@", "@FOLDER@/new")',
    "replace": 'result = os.replace("@FOLDER@/socket", "@FILE@")',
    "renameat2": 'result = syscall("renameat2", -100, b"@FILE@", -100, b"@FOLDER@/socket", 2)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_file_is_renamed(raw, idea):
    await raw.refused(SOURCES[idea])

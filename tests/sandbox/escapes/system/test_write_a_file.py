"""What is written stays, and others read it."""

import pytest

SOURCES = {
    "the canary": 'result = open("@FILE@", "a").write("x")',
    "a new one": 'result = open("@FOLDER@/new", "x").write("x")',
    "in the current folder": 'result = open("new", "w").write("x")',
    "one without a name": 'result = os.open("@FOLDER@", os.O_TMPFILE | os.O_RDWR)',
    "a program start file": 'result = open("@FOLDER@/.profile", "a").write("x")',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_file_is_written_or_made(raw, idea):
    await raw.refused(SOURCES[idea])

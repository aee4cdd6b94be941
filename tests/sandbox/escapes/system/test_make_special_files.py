"""Pipes and devices are files that are made without being opened."""

import pytest

SOURCES = {
    "mkfifo": 'result = os.mkfifo("@FOLDER@/new")',
    "a device": 'result = os.mknod("@FOLDER@/new", 0o20666, os.makedev(1, 1))',
    "a socket": """
server = socket.socket(socket.AF_UNIX)
server.bind("@FOLDER@/new")
result = 1
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_special_file_is_made(raw, idea):
    await raw.refused(SOURCES[idea])

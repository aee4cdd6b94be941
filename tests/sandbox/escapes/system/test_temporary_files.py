"""Places where everybody may write."""

import pytest

SOURCES = {
    "tempfile": "result = tempfile.mkstemp()[1]",
    "a folder": "result = tempfile.mkdtemp()",
    "shared memory": 'result = open("/dev/shm/code-sandbox-escape", "x").write("x")',
    "memory without a name": "result = tempfile.TemporaryFile().fileno()",
    "/var/tmp": 'result = open("/var/tmp/code-sandbox-escape", "x").write("x")',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_temporary_file_is_made(raw, idea):
    await raw.refused(SOURCES[idea], also=("ENOENT", "FileNotFoundError"))

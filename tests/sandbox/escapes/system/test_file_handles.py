"""A handle opens a file by its number on the disk, past every path."""

import pytest

SOURCES = {
    "ask for one": """
handle = space(struct.pack("Ii128x", 128, 0))
result = syscall("name_to_handle_at", -100, b"@FILE@", handle, space(8), 0)
""",
    "open one": 'result = syscall("open_by_handle_at", -100, struct.pack("IiQ", 8, 1, 2), 0)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_file_is_opened_by_a_handle(raw, idea):
    await raw.refused(SOURCES[idea])

"""Calls that copy from descriptor to descriptor need neither read nor write."""

import pytest

SOURCES = {
    "sendfile": "result = os.sendfile(0, 3, 0, 100)",
    "splice": 'result = syscall("splice", 3, None, 0, None, 100, 0)',
    "tee": 'result = syscall("tee", 3, 0, 100, 0)',
    "copy_file_range": 'result = syscall("copy_file_range", 3, None, 0, None, 100, 0)',
    "vmsplice": 'result = syscall("vmsplice", 0, space(16), 1, 0)',
    "pread": "result = os.pread(0, 10, 0).hex()",
    "preadv2": 'result = syscall("preadv2", 3, space(16), 1, 0, 0, 0)',
    "readahead": 'result = syscall("readahead", 3, 0, 100)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_data_is_moved_between_descriptors(raw, idea):
    await raw.refused(SOURCES[idea])

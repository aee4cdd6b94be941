"""A file without a name can be executed, mapped and sent to others."""

import pytest

SOURCES = {
    "memfd_create": 'result = os.memfd_create("a")',
    "memfd_secret": 'result = syscall("memfd_secret", 0)',
    "a pipe": "result = os.pipe()",
    "eventfd": 'result = syscall("eventfd2", 0, 0)',
}
GETS_THROUGH_UNLOCKED = ("memfd_create", "a pipe", "eventfd")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_file_in_memory_is_made(raw, idea):
    await raw.refused(SOURCES[idea])

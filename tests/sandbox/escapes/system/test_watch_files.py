"""Watching tells what others do with their files."""

import pytest

SOURCES = {
    "inotify": 'result = syscall("inotify_init1", 0)',
    "fanotify": 'result = syscall("fanotify_init", 0, 0)',
    "dnotify on the channel": "result = fcntl.fcntl(0, 1026, 1)",
}
GETS_THROUGH_UNLOCKED = ("inotify",)


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_file_is_watched(raw, idea):
    await raw.refused(SOURCES[idea])

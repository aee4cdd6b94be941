"""Mounting changes what paths mean."""

import pytest

SOURCES = {
    "mount": 'result = syscall("mount", b"none", b"@FOLDER@", b"tmpfs", 0, None)',
    "bind": 'result = syscall("mount", b"/", b"@FOLDER@", None, 4096, None)',
    "umount": 'result = syscall("umount2", b"@FOLDER@/nothing", 0)',
    "fsopen": 'result = syscall("fsopen", b"tmpfs", 0)',
    "open_tree": 'result = syscall("open_tree", -100, b"/", 0)',
    "move_mount": 'result = syscall("move_mount", -1, b"", -1, b"", 0)',
    "fspick": 'result = syscall("fspick", -100, b"/", 0)',
    "mount_setattr": 'result = syscall("mount_setattr", -100, b"/nothing", 0, None, 0)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_nothing_is_mounted(raw, idea):
    await raw.refused(SOURCES[idea])

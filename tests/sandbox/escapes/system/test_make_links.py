"""Making a link needs no descriptor, and a link can mislead the host."""

import pytest

SOURCES = {
    "symlink": 'result = os.symlink("/etc/passwd", "@FOLDER@/new")',
    "symlinkat": 'result = syscall("symlinkat", b"/etc/passwd", -100, b"@FOLDER@/new")',
    "link": 'result = os.link("@FILE@", "@FOLDER@/new")',
    "linkat": 'result = syscall("linkat", -100, b"/proc/self/fd/0", -100, b"@FOLDER@/new", 0x400)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_link_is_made(raw, idea):
    await raw.refused(SOURCES[idea])

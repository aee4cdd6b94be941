"""Another root, and the way back out of one."""

import pytest

SOURCES = {
    "chroot": 'result = os.chroot("@FOLDER@")',
    "pivot_root": 'result = syscall("pivot_root", b"@FOLDER@", b"@FOLDER@")',
    "out and up": """
os.chroot("@FOLDER@")
for _ in range(40):
    os.chdir("..")
os.chroot(".")
result = open("/etc/passwd").read(10)
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_root_stays(raw, idea):
    await raw.refused(SOURCES[idea])

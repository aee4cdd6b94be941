"""Handling page faults in user space has helped many exploits along."""

import pytest

SOURCES = {
    "userfaultfd": 'result = syscall("userfaultfd", 1)',
    "for the kernel too": 'result = syscall("userfaultfd", 0)',
    "its device": 'result = os.open("/dev/userfaultfd", os.O_RDWR)',
}
GETS_THROUGH_UNLOCKED = ("userfaultfd",)


@pytest.mark.parametrize("idea", SOURCES)
async def test_page_faults_are_not_handled(raw, idea):
    await raw.refused(SOURCES[idea], also=("ENOENT",))

"""A process in another group or session escapes the kill of its group."""

import pytest

SOURCES = {
    "setpgid": "result = os.setpgid(0, 0)",
    "setsid": "result = os.setsid()",
    "join the first": 'result = syscall("setpgid", 0, 1)',
    "daemon": "result = check(libc.daemon(1, 1))",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_group_stays(raw, idea):
    await raw.refused(SOURCES[idea], also=("EAGAIN",))

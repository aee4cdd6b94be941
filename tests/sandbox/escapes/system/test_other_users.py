"""Being another user, or having a capability again."""

import pytest

SOURCES = {
    "setuid": "result = os.setuid(0)",
    "to the same": "result = os.setuid(65534)",
    "setresuid": "result = os.setresuid(0, 0, 0)",
    "setgid": "result = os.setgid(0)",
    "setgroups": "result = os.setgroups([0])",
    "setfsuid": 'result = syscall("setfsuid", 0)',
    "capset": """
everything = struct.pack("6I", *[0xFFFFFFFF] * 6)
result = syscall("capset", struct.pack("II", 0x20080522, 0), everything)
""",
    "capget of the host": 'result = syscall("capget", struct.pack("II", 0x20080522, @HOST_PID@), space(24))',
}
GETS_THROUGH_UNLOCKED = ("capget of the host",)


@pytest.mark.parametrize("idea", SOURCES)
async def test_the_user_stays(raw, idea):
    await raw.refused(SOURCES[idea])

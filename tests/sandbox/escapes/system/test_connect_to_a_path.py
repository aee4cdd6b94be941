"""Local services listen on paths: a container engine, a desktop, a database."""

import pytest

SOURCES = {
    "the canary": """
socket.socket(socket.AF_UNIX).connect("@SOCKET@")
result = 1
""",
    "a container engine": """
socket.socket(socket.AF_UNIX).connect("/var/run/docker.sock")
result = 1
""",
    "the log": """
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).connect("/dev/log")
result = 1
""",
}
GETS_THROUGH_UNLOCKED = ("the canary",)


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_local_service_is_reached(raw, idea):
    await raw.refused(SOURCES[idea])

"""Looking up a name asks a server that an attacker may own."""

import pytest

SOURCES = {
    "getaddrinfo": 'result = str(socket.getaddrinfo("escape.invalid", 80))',
    "localhost": 'result = str(socket.getaddrinfo("localhost", 80))',
    "gethostbyname": 'result = socket.gethostbyname("localhost")',
    "the name of this machine": "result = socket.gethostname()",
}
GETS_THROUGH_UNLOCKED = ("localhost", "gethostbyname", "the name of this machine")


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_name_is_looked_up(raw, idea):
    await raw.refused(SOURCES[idea], also=("gaierror",))

"""`sendto` on the channel takes an address."""

import pytest

SOURCES = {
    "a path": 'result = syscall("sendto", 0, b"x", 1, 0, struct.pack("H108s", 1, b"@SOCKET@"), 110)',
    "a port": """
address = struct.pack("=HHI8x", 2, socket.htons(@DATAGRAM_PORT@), 0x0100007F)
result = syscall("sendto", 0, b"x", 1, 0, address, 16)
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_an_address_on_the_channel_leads_nowhere(raw, idea):
    await raw.refused(SOURCES[idea], also=("EISCONN", "EOPNOTSUPP"))

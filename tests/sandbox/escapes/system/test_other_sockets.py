"""Families of sockets that reach the kernel, the machine's host, or raw packets."""

import pytest

SOURCES = {
    "netlink": "result = socket.socket(16, 3, 0).fileno()",
    "netlink of the audit": "result = socket.socket(16, 3, 9).fileno()",
    "packets": "result = socket.socket(17, 3, 0).fileno()",
    "raw": "result = socket.socket(2, 3, 255).fileno()",
    "vsock": "result = socket.socket(40, 1, 0).fileno()",
    "the kernel's ciphers": "result = socket.socket(38, 5, 0).fileno()",
    "bluetooth": "result = socket.socket(31, 3, 1).fileno()",
    "cluster": "result = socket.socket(30, 1, 0).fileno()",
    "can": "result = socket.socket(29, 3, 1).fileno()",
    "express data path": "result = socket.socket(44, 3, 0).fileno()",
    "keys": "result = socket.socket(15, 3, 2).fileno()",
    "a family that does not exist": "result = socket.socket(99, 1, 0).fileno()",
}
GETS_THROUGH_UNLOCKED = ("netlink",)


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_other_kind_of_socket_is_made(raw, idea):
    await raw.refused(SOURCES[idea])

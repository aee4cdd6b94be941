"""Local services listen on names that are no paths, which path rules overlook."""

import secrets
import socket

import pytest

SOURCE = r"""
socket.socket(socket.AF_UNIX).connect("\0@NAME@")
result = 1
"""


async def test_no_name_without_a_path_is_reached(raw):
    name = f"code-sandbox-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0{name}")
        server.listen()
        server.setblocking(False)
        await raw.refused(SOURCE.replace("@NAME@", name))
        with pytest.raises(BlockingIOError):
            server.accept()

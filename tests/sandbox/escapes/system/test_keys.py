"""The kernel keeps keys for sessions and users."""

import pytest

SOURCES = {
    "a session's keyring": 'result = syscall("keyctl", 0, -3, 0, 0, 0)',
    "a user's keyring": 'result = syscall("keyctl", 0, -4, 0, 0, 0)',
    "add": 'result = syscall("add_key", b"user", b"a", b"b", 1, -2)',
    "request": 'result = syscall("request_key", b"user", b"a", None, 0)',
    "join": 'result = syscall("keyctl", 1, b"escape", 0, 0, 0)',
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_no_key_of_the_kernel_is_reached(raw, idea):
    await raw.refused(SOURCES[idea])

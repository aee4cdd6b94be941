"""Bytes that are no frames."""

import pytest

SOURCES = {
    "zeros": """
send_all(bytes(100_000))
os.read(0, 1)
""",
    "ones": r"""
send_all(b"\xff" * 100_000)
os.read(0, 1)
""",
    "text": r"""
send_all(b"GET / HTTP/1.1\r\n\r\n" * 100)
os.read(0, 1)
""",
    "a pickle": r"""
send_all((10).to_bytes(4, "big") + b"\x80\x04K\x01." + b" " * 5)
os.read(0, 1)
""",
    "deep lists": """
send_all((10**6).to_bytes(4, "big") + b"[" * 10**6)
os.read(0, 1)
""",
    "a key twice": """
body = b'{"kind": "print", "kind": "done", "text": "a", "cut": 0}'
send_all(len(body).to_bytes(4, "big") + body)
os.read(0, 1)
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_garbage_ends_the_conversation(raw, idea):
    await raw.broken_off(SOURCES[idea])

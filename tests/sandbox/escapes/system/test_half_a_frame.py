"""A frame that never ends keeps the host waiting."""

import pytest

SOURCES = {
    "a length": """
os.write(0, (1000).to_bytes(4, 'big'))
while True:
    os.read(0, 100)
""",
    "half a length": r"""
os.write(0, b"\0")
while True:
    os.read(0, 100)
""",
    "half a body": """
os.write(0, (1000).to_bytes(4, "big") + b"{" * 500)
while True:
    os.read(0, 100)
""",
    "byte by byte": """
body = b'{"kind": "print", "text": "' + b"x" * 10**6
os.write(0, (2**20).to_bytes(4, "big"))
for byte in body:
    os.write(0, bytes([byte]))
    time.sleep(0.01)
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_half_a_frame_waits_no_longer_than_the_limit(raw, idea):
    await raw.stopped("wall_seconds", SOURCES[idea], wall_seconds=0.3)

"""A length is the first thing that a host believes."""

import pytest

SOURCES = {
    "four gigabytes": r"""
send_all(b"\xff" * 4 + b"x" * 100_000)
os.read(0, 1)
""",
    "two gigabytes": r"""
send_all(b"\x7f" + b"\xff" * 3)
os.read(0, 1)
""",
    "just above the limit": """
send_all((1200 * 1024).to_bytes(4, "big"))
os.read(0, 1)
""",
}


@pytest.mark.parametrize("idea", SOURCES)
async def test_a_huge_length_is_not_believed(raw, idea):
    await raw.broken_off(SOURCES[idea])

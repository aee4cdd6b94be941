"""Codecs are looked up by name and imported on demand; some run code, compress or reach files."""

import pytest

PROGRAMS = [
    "'x'.encode('os')",
    "b'x'.decode('hex')",
    "b'x'.decode('zlib')",
    "'x'.encode('../os')",
    "'x'.encode('encodings.aliases')",
    "b'x'.decode('rot13')",
    """
'x'.encode('ascii', 'nope')
'ä'.encode('ascii', 'nope')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_codec_leads_out(attempt, program):
    await attempt.raises("LookupError", program)


async def test_no_codec_makes_a_lasting_change(attempt):
    await attempt.returns("ä", "return 'ä'.encode('utf-16').decode('utf-16')")

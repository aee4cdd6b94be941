"""The same for the value and for printed text."""

import pytest

PROGRAMS = [
    "return float('nan'), float('-inf')",
    r"return '\ud800', {'\udfff': 1}",
    r"""
print('\ud800')
return 1
""",
    "return 10 ** 50",
    "return b'x', 1j, ..., NotImplemented, print, client",
    "return {1: 2, None: 3, (1, 2): 4, client: 5}",
    "return {1: 'a', '1': 'b'}",
    r"return ValueError('\ud800')",
    r"""
class K:
    def __repr__(self): return '\ud800'
return K()
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_become_text(attempt, program):
    outcome = await attempt(program)
    assert outcome.status == "completed"

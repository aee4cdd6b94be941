"""`__index__` of an argument runs in the middle of C code that already knows the length of a buffer (a use after free
in some versions).
"""

import pytest

PROGRAMS = [
    """
b = bytearray(1000)
class I:
    def __index__(self):
        b.clear()
        return 1
b[500] = I()
return 1
""",
    """
b = bytearray(1000)
class I:
    def __index__(self):
        b.clear()
        return 1
b[I():900] = b'x' * 5000
return 1
""",
    """
x = list(range(1000))
class I:
    def __index__(self):
        x.clear()
        return 900
x.insert(I(), 1)
return x.pop(I()) if False else 1
""",
    """
b = bytearray(b'x' * 100)
def g():
    b.clear()
    yield 1
b.extend(g())
b[0:0] = g()
return 1
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_end_has_a_name(attempt, program):
    outcome = await attempt(program)
    assert outcome.status in ("completed", "failed", "limit")

"""`print` takes a separator and an end of the program's making, which are joined with what is printed and counted
against the limit.
"""

import pytest

PROGRAMS = [
    """
class S:
    def join(self, x): return self
    def __add__(self, o): return self
    def encode(self, *a): return b''
print(1, sep=S())
""",
    """
class S:
    def __radd__(self, o): return self
    def encode(self, *a): return b''
print(1, end=S())
""",
    "print(1, sep=b'')",
    "print(1, end=client)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_must_be_text(attempt, program):
    await attempt.raises("TypeError", program)


PROGRAM = """
got = []
class F:
    def write(self, text): got.append(text)
    def flush(self): got.append(1)
print('x', file=F(), flush=True)
return got
"""


async def test_a_file_of_the_programs_making_is_not_used(attempt):
    outcome = await attempt(PROGRAM)
    assert (outcome.printed, outcome.value) == ("x\n", [])

"""`!r`, `!s` and `!a` call methods of the program while the runtime formats. What they return must be text."""

import pytest

PROGRAMS = [
    """
class K:
    def __repr__(self): return print
f'{K()!r}'
""",
    """
class K:
    def __str__(self): return 1
str(K())
""",
    """
class K:
    def __format__(self, spec): return self
f'{K()}'
""",
    """
class K:
    def __str__(self): return b'x'
print(K())
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_what_is_no_text_is_refused(attempt, program):
    await attempt.raises("TypeError", program)

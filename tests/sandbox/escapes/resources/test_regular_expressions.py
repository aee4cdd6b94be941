"""Patterns that take exponential time or space, in matching and in compiling."""

import pytest

PROGRAMS = [
    """
import re
re.match(r'(a|a)*$', 'a' * 60 + 'b')
""",
    """
import re
re.sub(r'(.*)*x', '', 'a' * 60)
""",
    """
import re
re.match(r'(?:a?){60}a{60}$', 'a' * 60 + 'b')
""",
    """
import re
re.fullmatch(r'(x+x+)+y', 'x' * 60)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_limit_ends_them(attempt, program):
    outcome = await attempt(program, cpu_seconds=0.1, memory_bytes=64 * 1024 * 1024)
    assert outcome.status == "limit"
    assert outcome.failure.limit in ("cpu_seconds", "memory_bytes")


PROGRAM = """
import re
re.compile('(?:' * 30 + 'a' + '){100}' * 30)
return 1
"""


async def test_a_large_count_is_survived(attempt):
    outcome = await attempt(PROGRAM, cpu_seconds=0.5)
    assert outcome.status in ("completed", "failed", "limit")

"""`re.sub` calls the program for every match, and a template names groups."""

import pytest

PROGRAMS = [
    """
import re
re.sub('a', lambda m: getattr(m, '__copy__'), 'a')
""",
    """
import re
re.match('a', 'a').re.scanner_
""",
    """
import re
re.Scanner
""",
    """
import re
re.template
""",
    """
import re
re._compiler
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_match_shows_what_is_listed(attempt, program):
    await attempt.raises("AttributeError", program)


PROGRAM = """
import re
re.sub('a', lambda m: client, 'a')
"""


async def test_what_it_returns_must_be_text(attempt):
    await attempt.raises("TypeError", PROGRAM)


FLAGS_OF_THE_PROGRAMS_MAKING = """
import re
class F:
    def __and__(self, other): return True
    def __or__(self, other): return self
    def __ror__(self, other): return self
    def __rand__(self, other): return True
re.compile('a|b', F())
"""


async def test_flags_of_the_programs_making_are_refused(attempt):
    outcome = await attempt(FLAGS_OF_THE_PROGRAMS_MAKING)
    assert outcome.failure.type_name in ("TypeError", "RuntimeError", "ValueError")

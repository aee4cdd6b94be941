"""Library code calls `type(x)` of what it is given. For a class that is the metaclass."""

import pytest

PROGRAMS = [
    """
import statistics
class K:
    @staticmethod
    def as_integer_ratio(): return (1, 1)
statistics.mean([K])
""",
    """
import dataclasses
class K: pass
dataclasses.replace(K)
""",
    """
import dataclasses
class K: pass
dataclasses.asdict(K)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_metaclass_makes_nothing_of_it(attempt, program):
    await attempt.raises("TypeError", program)

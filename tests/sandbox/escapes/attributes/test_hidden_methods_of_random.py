"""`random.Random` has methods that read the system's random device, and `SystemRandom` beside it."""

import pytest

PROGRAMS = [
    """
import random
random.Random()._randbelow
""",
    """
import random
random.SystemRandom()
""",
    """
import random
random.Random().getstate()
""",
    """
import random
random._os
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_only_listed_methods_are_there(attempt, program):
    await attempt.raises("AttributeError", program)


PICKLING_IS_CLOSED = [
    """
import random
random.Random().__reduce__()
""",
    """
import random
random.Random().__setstate__(())
""",
]


@pytest.mark.parametrize("program", PICKLING_IS_CLOSED)
async def test_pickling_is_closed(attempt, program):
    await attempt.refused(program)

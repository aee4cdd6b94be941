"""C code imports modules through the program's own `__import__`, with the program's globals: `strptime`, `strftime`,
warnings, and from 3.12 on the arithmetic of long numbers.
"""

import pytest

PROGRAM = """
import datetime, time
d = datetime.datetime.strptime('2026-11-22', '%Y-%m-%d')
t = time.strptime('1', '%d')
return [d.year, d.strftime('%m'), t.tm_mday]
"""


async def test_it_gets_the_real_ones_and_the_program_nothing(attempt):
    await attempt.returns([2026, "11", 1], PROGRAM)


OF_LONG_NUMBERS = """
import math, random
x = 3 ** 100_000
random.seed('text')
return [x // 3 ** 99_999, divmod(x, 3 ** 99_999)[1], math.isqrt(x) == 3 ** 50_000, x % (10 ** 40_000) > 0,
        random.random() == random.Random('text').random()]
"""


async def test_it_gets_the_ones_for_long_numbers(attempt):
    await attempt.returns([3, 0, True, True, True], OF_LONG_NUMBERS)


PROGRAMS = [
    """
try:
    import _strptime
    return _strptime.datetime
except (ImportError, AttributeError) as error:
    return type(error).__name__
""",
    """
try:
    import _pylong
    return _pylong.decimal
except (ImportError, AttributeError) as error:
    return type(error).__name__
""",
    """
try:
    import warnings
    return warnings.sys
except (ImportError, AttributeError) as error:
    return type(error).__name__
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_cannot_be_used_by_name(attempt, program):
    outcome = await attempt(program)
    assert outcome.value in ("AttributeError", "ModuleNotFoundError")

"""`functools.wraps` copies whatever attributes it is told to, from whatever it is given."""

import pytest

PROGRAMS = [
    """
import functools
class K: pass
k = K()
g = (x for x in ())
functools.wraps(g)(k)
getattr(k, 'gi_frame')
""",
    """
import functools
def f(): pass
def g(): pass
functools.wraps(f)(g)
getattr(g, '__wrapped__')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_copies_nothing(attempt, program):
    await attempt.raises("AttributeError", program)


IT_TAKES_NO_NAMES = [
    """
import functools
class K: pass
functools.wraps((x for x in ()), assigned=('gi_frame',))(K())
""",
    """
import functools
class K: pass
functools.wraps(print, updated=('__globals__',))(K())
""",
]


@pytest.mark.parametrize("program", IT_TAKES_NO_NAMES)
async def test_it_takes_no_names(attempt, program):
    await attempt.raises("TypeError", program)


PROGRAM = """
import functools
def f(): pass
def g(): pass
functools.wraps(f)(asyncio.sleep)
return [asyncio.sleep.__name__, functools.wraps(f)(g).__name__]
"""


async def test_it_renames_the_programs_functions_only(attempt):
    await attempt.returns(["sleep", "f"], PROGRAM)


ITS_RELATIVES_ARE_NOT_THERE = [
    "from functools import update_wrapper",
    "from functools import cached_property",
    "from functools import singledispatch",
    "from functools import WRAPPER_ASSIGNMENTS",
]


@pytest.mark.parametrize("program", ITS_RELATIVES_ARE_NOT_THERE)
async def test_its_relatives_are_not_there(attempt, program):
    await attempt.raises("ImportError", program)

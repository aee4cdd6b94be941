"""An exception has its traceback, the traceback its frames."""

import pytest

PROGRAMS = [
    """
try:
    1 / 0
except Exception as e:
    getattr(e, '__traceback__')
""",
    """
try:
    1 / 0
except Exception as e:
    e.with_traceback(None)
""",
    """
try:
    1 / 0
except Exception as e:
    getattr(type(e), '__traceback__')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_is_not_there(attempt, program):
    await attempt.raises("AttributeError", program)


IT_IS_REFUSED = [
    """
try:
    1 / 0
except Exception as e:
    e.__traceback__.tb_frame
""",
    """
e = ValueError()
e.__traceback__ = None
""",
]


@pytest.mark.parametrize("program", IT_IS_REFUSED)
async def test_it_is_refused(attempt, program):
    await attempt.refused(program)

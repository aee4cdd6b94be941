"""A function carries its globals, code and closure, where the guards are."""

import pytest

PROGRAMS = [
    """
def f(): pass
getattr(f, '__globals__')
""",
    """
def f(): pass
getattr(f, '__code__').co_consts
""",
    """
def f(): pass
getattr(f, '__closure__')
""",
    "getattr(asyncio.sleep, '__closure__')",
    "getattr(lambda: 0, '__builtins__')",
    """
def f(): pass
getattr(f, '__defaults__')
""",
    """
def f(): pass
getattr(f, 'func_globals')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_function_shows_only_its_name(attempt, program):
    await attempt.raises("AttributeError", program)


A_FUNCTION_CANNOT_BE_CHANGED = [
    """
def f(): pass
f.x = 1
""",
    """
def f(): pass
setattr(f, 'x', 1)
""",
]


@pytest.mark.parametrize("program", A_FUNCTION_CANNOT_BE_CHANGED)
async def test_a_function_cannot_be_changed(attempt, program):
    await attempt.raises("TypeError", program)


THE_CODE_OF_A_FUNCTION_IS = [
    """
def f(): pass
f.__code__
""",
    "x = (lambda: 0).__globals__",
    """
def f(): pass
f.__code__ = 1
""",
    """
def f(): pass
f.__defaults__ += (1,)
""",
]


@pytest.mark.parametrize("program", THE_CODE_OF_A_FUNCTION_IS)
async def test_the_code_of_a_function_is_closed(attempt, program):
    await attempt.refused(program)

"""`open` is the shortest way to a file. The name is simply not there."""

import pytest

PROGRAMS = [
    "open('@FILE@').read()",
    "o = open",
    "[open]",
    "print(open)",
    """
f = lambda: open
f()
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_there_is_no_open(attempt, program):
    await attempt.raises("NameError", program)


NOR_DOES_A_MODULE_HAVE_IT = [
    "from json import open",
    "from textwrap import open",
]


@pytest.mark.parametrize("program", NOR_DOES_A_MODULE_HAVE_IT)
async def test_nor_does_a_module_have_it(attempt, program):
    await attempt.raises("ImportError", program)


THE_C_MODULE_CANNOT_BE = [
    """
import io
io.open('@FILE@')
""",
    """
import os
os.open('@FILE@', 0)
""",
    """
import pathlib
pathlib.Path('@FILE@').read_text()
""",
]


@pytest.mark.parametrize("program", THE_C_MODULE_CANNOT_BE)
async def test_the_c_module_cannot_be_imported(attempt, program):
    await attempt.raises("ModuleNotFoundError", program)

"""Star imports, relative imports and imports of odd names bind what nobody has seen."""

import pytest

PROGRAMS = [
    "from math import *",
    "from . import _worker",
    "from .json import loads",
    "from .. import x",
    "x = __import__('os')",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_are_refused(attempt, program):
    await attempt.refused(program)


ODD_NAMES_ARE_NOT_THERE = [
    "import json as j, os as o",
    "import K",
]


@pytest.mark.parametrize("program", ODD_NAMES_ARE_NOT_THERE)
async def test_odd_names_are_not_there(attempt, program):
    await attempt.raises("ModuleNotFoundError", program)

"""`import json as _getattr_` makes a module the guard."""

import pytest

PROGRAMS = [
    "import json as _getattr_",
    "from json import loads as _getattr_",
    "import urllib.parse as _getitem_",
    "from json import loads as __import__",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_no_import_binds_a_guard(attempt, program):
    await attempt.refused(program)

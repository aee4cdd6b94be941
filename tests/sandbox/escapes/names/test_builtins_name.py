"""`__builtins__` in the globals holds everything that a program finds without an import."""

import pytest

PROGRAMS = [
    "x = __builtins__",
    "__builtins__ = {}",
    "del __builtins__",
    "x = __import__('os')",
    "__import__ = 1",
    "x = __build_class__",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_cannot_be_named(attempt, program):
    await attempt.refused(program)


THE_MODULE_IS_REFUSED_BY_ITS = [
    "import builtins",
    "import json as builtins",
    "builtins = 1",
]


@pytest.mark.parametrize("program", THE_MODULE_IS_REFUSED_BY_ITS)
async def test_the_module_is_refused_by_its_name(attempt, program):
    outcome = await attempt(program)
    assert "is a reserved name" in repr(outcome.failure)

"""`:=` inside a comprehension binds outside of it, in the scope of the guards if that is the top."""

import pytest

PROGRAMS = [
    "x = [(_getattr_ := lambda o, n: 'ESCAPED') for y in (1,)]",
    "x = [y for y in (1,) if (_apply_ := 1)]",
    "x = any((_write_ := y) for y in (1,))",
    "f = lambda: (_getattr_ := 1)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_walrus_binds_no_guard(attempt, program):
    await attempt.refused(program)

"""The expressions in an f-string are code like any other, in nested format specifications as well."""

import pytest

PROGRAMS = [
    "x = f'{().__class__.__bases__}'",
    "x = f'{1:{().__class__.__bases__}}'",
    "x = f'{(lambda _getattr_: 1)}'",
    "x = f'{(_getattr_ := 1)}'",
    "x = f'{[1 for _write_ in ()]!r:>{10}}'",
    "x = f'{(x for x in ()).gi_frame=}'",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_are_looked_at(attempt, program):
    await attempt.refused(program)

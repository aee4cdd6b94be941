"""A running generator has its frame, and the frame before it: the runtime's (CVE-2023-37271)."""

import pytest

PROGRAMS = [
    "getattr((x for x in ()), 'gi_frame')",
    "getattr((x for x in ()), 'gi_code')",
    "getattr((x for x in ()), 'gi_yieldfrom')",
    """
def f():
    yield getattr(me, 'gi_running')
me = f()
next(me)
""",
    """
def f(): yield from g
g = (x for x in ())
getattr(f(), 'gi_yieldfrom')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_is_not_there(attempt, program):
    await attempt.raises("AttributeError", program)


IT_IS_REFUSED = [
    "x = (x for x in ()).gi_frame",
    "x = [y.gi_frame.f_back for y in ()]",
    "x = (x for x in ()).gi_code",
]


@pytest.mark.parametrize("program", IT_IS_REFUSED)
async def test_it_is_refused(attempt, program):
    await attempt.refused(program)

"""`classmethod`, `staticmethod` and `property` objects hold a function that can be read off them."""

import pytest

PROGRAMS = [
    "getattr(property(print), 'fget')",
    "getattr(classmethod(print), '__func__')",
    "getattr(staticmethod(print), '__wrapped__')",
    """
class K:
    @property
    def x(self): pass
K.x.fget
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_descriptors_show_nothing(attempt, program):
    await attempt.raises("AttributeError", program)

"""An own class behind an exception in the order of inheritance: that it has a name must not open the attribute of the
exception, which comes first.
"""

import pytest

PROGRAMS = [
    """
class A:
    with_traceback = 1
class B(Exception, A): pass
B().with_traceback
""",
    """
class A:
    obj = 1
class B(AttributeError, A): pass
B().obj
""",
    """
class A:
    obj = 1
class B(AttributeError, A): pass
B.obj
""",
    """
class A:
    add_note = 1
class B(Exception, A): pass
B.add_note
""",
    """
class A:
    attribute = 1
class B(NotFoundError, A): pass
B.attribute
""",
    """
class A:
    derive = 1
class B(ExceptionGroup, A): pass
B.derive
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_exceptions_attribute_stays_closed(attempt, program):
    await attempt.raises("AttributeError", program)


PROGRAM = """
class A:
    with_traceback = 1
class B(Exception, A):
    def f(self): return super().with_traceback
B().f()
"""


async def test_super_stops_at_it_too(attempt):
    await attempt.raises("AttributeError", PROGRAM)

"""When a getter fails with an `AttributeError`, the interpreter sets `obj` on it to what was read from. A setter in the
program's own class of errors gets that object: it must never be one of the runtime's.
"""

PROGRAM = """
got = []
class K(AttributeError):
    @property
    def obj(self): return None
    @obj.setter
    def obj(self, value): got.append(value)
class P:
    @property
    def x(self): raise K()
class Q(P):
    def f(self): return super().x
for read in (Q().f, lambda: Q().x):
    try:
        read()
    except AttributeError:
        pass
return [type(each).__name__ for each in got]
"""


async def test_a_setter_sees_objects_of_the_program_only(attempt):
    await attempt.returns(["Q"], PROGRAM)

"""`super()` reaches the methods of `object` and of exceptions, and through them globals and pickling."""

import pytest

PROGRAMS = [
    """
class K:
    def f(self): return super().__init__.__globals__
K().f()
""",
    """
class K:
    def f(self): return super().__class__.__base__
""",
    """
class K:
    def f(self): return super().__getattribute__('x')
""",
    "x = super().__init__",
    """
class K:
    def f(self): return super(K, self).__init__
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_gives_listed_names_only(attempt, program):
    await attempt.refused(program)


THE_METHODS_OF_EXCEPTIONS_ARE = [
    """
class K(Exception):
    def f(self): return super().with_traceback
K().f()
""",
    """
class K(Exception):
    def f(self): return super().add_note
K().f()
""",
    """
class K(NotFoundError):
    def f(self): return super().attribute
K().f()
""",
    """
class P: pass
class K(P):
    def f(self): return super().__dict__
K().f()
""",
]


@pytest.mark.parametrize("program", THE_METHODS_OF_EXCEPTIONS_ARE)
async def test_the_methods_of_exceptions_are_closed(attempt, program):
    await attempt.raises("AttributeError", program)


ANOTHER_FIRST_ARGUMENT_IS = [
    """
class K:
    def f(x): return super().__init__
K.f(client)
""",
    """
class K:
    def f(x): return super().__init__
K.f(1)
""",
]


@pytest.mark.parametrize("program", ANOTHER_FIRST_ARGUMENT_IS)
async def test_another_first_argument_is_refused(attempt, program):
    await attempt.raises("TypeError", program)

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


OF_CLASSES_IT_GIVES_OWN_METHODS_ONLY = [
    "return super().__init__",
    "return super().__repr__",
    "return super().__str__",
    "return super().mro",
    "return super().with_traceback",
    "return super().add_note",
    "return super().args",
    "return super().__annotated__",
    "return super().hidden",
]


@pytest.mark.parametrize("body", OF_CLASSES_IT_GIVES_OWN_METHODS_ONLY)
@pytest.mark.parametrize("base", ["P", "Exception", "NotFoundError", "P, ValueError"])
async def test_in_a_class_method_it_gives_methods_of_own_classes_only(attempt, base, body):
    if body.endswith("__annotated__"):
        await attempt.refused(f"class K:\n    @classmethod\n    def f(cls): {body}")
        return
    program = f"class P:\n    x: int = 1\nclass K({base}):\n    @classmethod\n    def f(cls): {body}\nK.f()"
    await attempt.raises("AttributeError", program)


A_CLASS_THAT_IS_NOT_BELOW_IS = [
    "K.f(str)",
    "K.f(object)",
    "K.f(NotFoundError)",
    "K.f(P)",
    "K.f(type(K))",
    "K.f(type)",
    "K.f(client)",
    "K.f(int)",
]


@pytest.mark.parametrize("call", A_CLASS_THAT_IS_NOT_BELOW_IS)
async def test_a_class_that_is_not_below_is_refused(attempt, call):
    await attempt.raises("TypeError", f"class P: pass\nclass K(P):\n    def f(x): return super().f\n{call}")


A_CLASS_IN_PLACE_OF_AN_INSTANCE_GETS = """
class P:
    def m(self): return [type(self).__name__]
class K(P):
    def f(x): return super().m
return K.f(K)(7)
"""


async def test_a_class_in_place_of_an_instance_gets_a_plain_function(attempt):
    await attempt.returns(["int"], A_CLASS_IN_PLACE_OF_AN_INSTANCE_GETS)

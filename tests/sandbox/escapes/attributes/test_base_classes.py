"""From any value its class, from the class its bases, from `object` all classes there are: the oldest way out."""

import pytest

PROGRAMS = [
    "().__class__.__base__.__subclasses__()",
    "x = ().__class__.__bases__",
    "x = int.__mro__",
    "x = object.__subclasses__()",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_class_of_a_value_is_closed(attempt, program):
    await attempt.refused(program)


A_CLASS_LISTS_NO_SUBCLASSES = [
    "getattr(object, '__subclasses__')()",
    "getattr(Exception, '__subclasses__')()",
    "getattr(getattr((), '__class__'), '__bases__')",
]


@pytest.mark.parametrize("program", A_CLASS_LISTS_NO_SUBCLASSES)
async def test_a_class_lists_no_subclasses(attempt, program):
    await attempt.raises("AttributeError", program)

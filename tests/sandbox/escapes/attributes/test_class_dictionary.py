"""The dictionary of a class or an instance, changed behind the guard's back. Programs get copies."""

import pytest

PROGRAM = """
class K: pass
getattr(K, '__dict__')['x']
"""


async def test_the_dictionary_of_a_class_is_closed(attempt):
    await attempt.raises("AttributeError", PROGRAM)


THE_DICTIONARY_OF_AN_INSTANCE = """
class K:
    def __init__(self): self.x = 1
k = K()
k.__dict__['x'] = 2
vars(k)['x'] = 2
vars(k).update({'__class__': 3})
return [k.x, vars(k)['x']]
"""


async def test_the_dictionary_of_an_instance_is_a_copy(attempt):
    await attempt.returns([1, 1], THE_DICTIONARY_OF_AN_INSTANCE)


PROGRAMS = [
    "vars(client)",
    "vars(asyncio)",
    "vars(ValueError())",
    """
def f(): pass
vars(f)
""",
    "vars(int)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_others_have_no_dictionary(attempt, program):
    await attempt.raises("TypeError", program)

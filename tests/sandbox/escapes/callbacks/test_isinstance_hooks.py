"""`isinstance` asks the class, which may answer for itself."""

import pytest

PROGRAM = """
class K: pass
class L(K): pass
setattr(K, 'instancecheck', lambda *a: True)
return [isinstance(client, K), isinstance((x for x in ()), K), isinstance(L(), K)]
"""


async def test_a_class_cannot_answer_for_itself(attempt):
    await attempt.returns([False, False, True], PROGRAM)


PROGRAMS = [
    "isinstance(1, type)",
    "isinstance(1, client)",
    "issubclass(type(client), object)",
    "issubclass(print, object)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_what_is_no_class_is_refused(attempt, program):
    await attempt.raises("TypeError", program)

"""Workers that are forked from one process would share the state of `random`: one tenant could foresee another's
numbers.
"""

PROGRAM = """
import random, uuid
return [random.random(), random.getrandbits(64), str(uuid.uuid4())]
"""


async def test_two_programs_see_other_numbers(attempt):
    first, second = [(await attempt(PROGRAM)).value for _ in range(2)]
    assert first != second

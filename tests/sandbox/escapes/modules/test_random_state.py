"""Workers that are forked from one process would share the state of `random`: one tenant could foresee another's
numbers.
"""

import pytest

PROGRAMS = {
    "imported": "import random, uuid\n[random.random(), random.getrandbits(64)]",
    "not imported": "random.random()",
    "renamed": "import random as chance\nchance.random()",
    "a member": "from random import random as draw\ndraw()",
    "in a function": "def draw():\n    import random\n    return random.random()\ndraw()",
    "statistics": "from statistics import NormalDist\nNormalDist().samples(2)",
    "statistics, not imported": "statistics.NormalDist().samples(2)",
    "identifiers": "import uuid\nstr(uuid.uuid4())",
}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
async def test_two_programs_see_other_numbers(attempt, program: str):
    first, second = [(await attempt(program)).value for _ in range(2)]
    assert first is not None
    assert first != second

"""A named tuple has `__match_args__`: under the name of an allowed class its fields, and nothing else, are read."""

PROGRAM = """
import collections
str = collections.namedtuple('P', 'a b')
match str(1, 2):
    case str(x, y):
        return [x, y]
"""


async def test_only_the_fields_are_read(attempt):
    await attempt.returns([1, 2], PROGRAM)


THE_ARGUMENTS_CANNOT_BE = """
import collections
P = collections.namedtuple('P', 'a b')
P.count = 1
"""


async def test_the_arguments_cannot_be_changed(attempt):
    await attempt.raises("TypeError", THE_ARGUMENTS_CANNOT_BE)

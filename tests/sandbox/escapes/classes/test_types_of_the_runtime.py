"""The class of a function, a module or a coroutine can make new ones: with other code, with other globals."""

import pytest

PROGRAM = """
import json
def f(): pass
kinds = [type(f), type((x for x in ())), type(json), type(client), type(f()), type([]), type(client.books.create)]
return [*(kind.__name__ for kind in kinds), type(f) == type(lambda: 0), type(1) is int]
"""


async def test_they_are_names_and_no_more(attempt):
    await attempt.returns(["function", "generator", "Facade", "Node", "NoneType", "list", "Node", True, True], PROGRAM)


PROGRAMS = [
    """
def f(): pass
type(f)(1, {})
""",
    """
import math
type(math)('os')
""",
    "type(client)('client.secrets')",
    "type(print)()",
    "type(asyncio.current_task())(1)",
    "type(list[int])(int, (str,))",
    "type(property(print).getter)(print, 1)",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_they_cannot_be_called(attempt, program):
    await attempt.raises("TypeError", program)

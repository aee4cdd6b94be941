"""A class that inherits from a type of the runtime or of the library overrides what C code and the runtime rely on."""

import pytest

PROGRAMS = [
    "class K(list[int]): pass",
    "class K(dict): pass",
    "class K(str): pass",
    "class K(int): pass",
    "class K(tuple): pass",
    "class K(property): pass",
    "class K(asyncio.Event): pass",
    "class K(asyncio.CancelledError): pass",
    """
import collections
class K(collections.Counter): pass
""",
    """
import collections
class K(collections.defaultdict): pass
""",
    """
import random
class K(random.Random): pass
""",
    """
import datetime
class K(datetime.timezone): pass
""",
    """
import datetime
class K(datetime.datetime): pass
""",
    """
import collections
class K(collections.namedtuple('P', 'a')): pass
""",
    """
import typing
class K(typing.List[int]): pass
""",
    """
import re
class K(re.Pattern): pass
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_only_own_classes_and_exceptions_are_bases(attempt, program):
    await attempt.raises("TypeError", program)

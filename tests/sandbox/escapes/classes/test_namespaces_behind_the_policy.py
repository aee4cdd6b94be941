"""`ChainMap.new_child` calls the class of its first argument; with a class for an argument that is the metaclass, and
makes a class with any dunder in it.
"""

import pytest

PROGRAMS = [
    """
import collections
class K:
    maps = [(), {'__getattribute__': print}]
collections.ChainMap.new_child(K, 'X')
""",
    """
import collections
class K:
    maps = [{}, (), {'__del__': print}]
collections.ChainMap.copy(K)
""",
    """
import collections
collections.Counter.copy(client)
""",
    """
import collections
collections.ChainMap.parents
""",
    """
import random
random.Random.shuffle
""",
    """
import uuid
uuid.UUID.hex
""",
    """
import urllib.parse as p
type(p.urlparse('a:b')).geturl
""",
    """
import collections
collections.namedtuple('P', 'a')._replace
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_methods_that_are_python_code_are_read_from_instances_only(attempt, program):
    await attempt.raises("AttributeError", program)

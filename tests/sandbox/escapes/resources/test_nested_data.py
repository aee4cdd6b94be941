"""Data nested deeper than the C stack: shown, compared, hashed, encoded and freed by C."""

import pytest

ENDS = ("RecursionError", "WorkerCrashed", "LimitReached", "TypeError")

PROGRAMS = [
    """
x = []
for _ in range(200000): x = [x]
return repr(x)
""",
    """
x = []
for _ in range(200000): x = [x]
return x
""",
    """
x, y = [], []
for _ in range(200000): x, y = [x], [y]
return x == y
""",
    """
x = ()
for _ in range(200000): x = (x,)
return hash(x)
""",
    """
import json
x = []
for _ in range(200000): x = [x]
return json.dumps(x)
""",
    """
import json
return json.loads('[' * 200000)
""",
    """
x = {}
for _ in range(200000): x = {'a': x}
await client.books.create(title=x)
""",
    """
x = None
for _ in range(1000000): x = (x,)
del x
return 1
""",
    """
import re
return re.compile('(' * 5000 + ')' * 5000)
""",
    """
class K: pass
for _ in range(500):
    class K(K): pass
return 1
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_the_end_has_a_name(attempt, program):
    outcome = await attempt(program)
    assert outcome.failure is None or outcome.failure.type_name in ENDS
    assert outcome.failure is None or "went away" not in outcome.failure.message

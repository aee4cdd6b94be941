"""What was injected serves the whole program and is read by the runtime: a changed method or exception would change
what others mean.
"""

import pytest

PROGRAMS = [
    """
import json
json.loads = print
""",
    "client.books.create = print",
    "del client.books",
    "NotFoundError.status = 1",
    "client.books.create.path = 'client.secrets'",
    "asyncio.sleep = print",
    """
import math
del math.pi
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_assignments_are_refused_at_run_time(attempt, program):
    await attempt.raises("TypeError", program)

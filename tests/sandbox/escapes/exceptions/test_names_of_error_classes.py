"""A program's class may be called like an end that the sandbox reports. It must not pass for one."""

import pytest

PROGRAMS = [
    """
class LimitReached(Exception): pass
raise LimitReached('x')
""",
    """
class WorkerCrashed(Exception): pass
raise WorkerCrashed('x')
""",
    """
class PolicyError(Exception): pass
raise PolicyError('x')
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_is_a_failure_without_a_limit(attempt, program):
    outcome = await attempt(program)
    assert (outcome.status, outcome.failure.limit) == ("failed", None)
    assert outcome.failure.message == "x"


PROGRAM = """
class @LONG@(Exception): pass
raise @LONG@('x')
"""


async def test_a_very_long_one_is_cut(attempt):
    outcome = await attempt(PROGRAM.replace("@LONG@", "K" * 5000))
    assert outcome.status == "failed"
    assert len(outcome.failure.type_name) <= 200

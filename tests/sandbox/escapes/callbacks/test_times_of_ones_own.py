"""A delay that is no number is compared with the clock inside the scheduler."""

import pytest

PROGRAMS = [
    """
class D:
    def __gt__(self, o): return True
    def __radd__(self, o): return self
    def __lt__(self, o): return False
    def __le__(self, o): return False
    def __sub__(self, o): return self
await asyncio.sleep(D())
""",
    "await asyncio.sleep('1')",
    "async with asyncio.timeout([]): pass",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_it_is_refused_or_runs_like_a_number(attempt, program):
    outcome = await attempt(program)
    assert outcome.status == "failed"
    assert outcome.failure.type_name in ("TypeError", "OverflowError", "ValueError")


@pytest.mark.parametrize("program", ["await asyncio.sleep(1e30)", "await asyncio.sleep(float('inf'))"])
async def test_a_delay_without_end_ends_at_the_limit(attempt, program):
    await attempt.stopped("wall_seconds", program, wall_seconds=0.5)

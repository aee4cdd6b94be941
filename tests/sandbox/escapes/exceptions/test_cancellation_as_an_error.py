"""`CancelledError` is no `Exception`: raised from everywhere it must neither end the scheduler nor leave the worker
without a last word.
"""

import pytest

PROGRAMS = [
    "raise asyncio.CancelledError()",
    """
asyncio.current_task().cancel()
await asyncio.sleep(1)
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_a_program_that_raises_it_is_reported(attempt, program):
    outcome = await attempt(program)
    assert (outcome.status, outcome.failure.type_name) == ("failed", "RuntimeError")

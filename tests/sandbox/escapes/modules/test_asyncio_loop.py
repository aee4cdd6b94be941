"""The loop of asyncio starts processes and opens connections."""

import pytest

PROGRAMS = [
    "asyncio.get_event_loop()",
    "asyncio.new_event_loop()",
    "asyncio.open_connection('127.0.0.1', @PORT@)",
    "asyncio.create_subprocess_exec('true')",
    "asyncio.to_thread(print)",
    "asyncio.get_running_loop().subprocess_exec",
    "asyncio.all_tasks()",
    "asyncio.Runner",
]


@pytest.mark.parametrize("program", PROGRAMS)
async def test_there_is_none(attempt, program):
    await attempt.raises("AttributeError", program)

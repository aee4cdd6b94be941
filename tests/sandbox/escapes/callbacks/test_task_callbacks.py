"""`add_done_callback` is called by the scheduler, outside of every task."""

PROGRAM = """
async def f(): pass
task = asyncio.create_task(f())
task.add_done_callback(lambda task: 1 / 0)
await asyncio.sleep(0)
await task
"""


async def test_a_callback_that_fails_ends_the_program(attempt):
    await attempt.raises("ZeroDivisionError", PROGRAM)


A_CALLBACK_GETS_THE_TASK_AND = """
async def f(): pass
task = asyncio.create_task(f())
task.add_done_callback(lambda task: task.get_loop())
await asyncio.sleep(0)
await task
"""


async def test_a_callback_gets_the_task_and_no_more(attempt):
    await attempt.raises("AttributeError", A_CALLBACK_GETS_THE_TASK_AND)

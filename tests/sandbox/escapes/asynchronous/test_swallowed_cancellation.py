"""A task that swallows its cancellation goes on; the program still ends when its main part ends."""

PROGRAM = """
async def f():
    while True:
        try:
            await asyncio.sleep(0.001)
        except asyncio.CancelledError:
            pass
task = asyncio.create_task(f())
await asyncio.sleep(0)
task.cancel()
return 1
"""


async def test_nothing_waits_for_it(attempt):
    await attempt.returns(1, PROGRAM)


THE_PROCESSOR_LIMIT_ENDS_IT = """
async def f():
    while True:
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            pass
await f()
"""


async def test_the_processor_limit_ends_it(attempt):
    await attempt.stopped("cpu_seconds", THE_PROCESSOR_LIMIT_ENDS_IT, cpu_seconds=0.1)

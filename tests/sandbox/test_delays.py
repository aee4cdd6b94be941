"""Delays and timeouts that are no usual number of seconds."""

import pytest

EVERY_WAIT = """
class K:
    def __lt__(self, other): return False
    def __gt__(self, other): return False
    def __float__(self): return 1.0
async def timeout(seconds):
    async with asyncio.timeout(seconds): await asyncio.sleep(60)
async def as_completed(seconds):
    for each in asyncio.as_completed([asyncio.sleep(60)], timeout=seconds): await each
async def end_of(wait, seconds):
    try:
        await wait(seconds)
    except Exception as error:
        return [type(error).__name__, str(error)]
    return ["", ""]
waits = [
    asyncio.sleep,
    lambda seconds: asyncio.wait([asyncio.sleep(60)], timeout=seconds),
    lambda seconds: asyncio.wait_for(asyncio.sleep(60), seconds),
    timeout,
    as_completed,
]
"""

NO_NUMBERS = {
    "float('nan')": "ValueError",
    "-float('nan')": "ValueError",
    "'1'": "TypeError",
    "[1]": "TypeError",
    "1j": "TypeError",
    "K()": "TypeError",
    "datetime.timedelta(seconds=1)": "TypeError",
}


@pytest.mark.parametrize("delay", NO_NUMBERS)
async def test_what_is_no_number_of_seconds_is_an_error(run, delay):
    outcome = await run(f"{EVERY_WAIT}\n[await end_of(wait, {delay}) for wait in waits]", wall_seconds=5.0)
    assert [kind for kind, _ in outcome.value] == [NO_NUMBERS[delay]] * 5
    assert all("must be a number of seconds, not " in text for _, text in outcome.value)
    assert outcome.cpu_seconds < 1


@pytest.mark.parametrize("delay", ["0", "-1", "-1e300", "-float('inf')", "-10 ** 400", "False"])
async def test_one_that_is_over_waits_for_nothing(run, delay):
    outcome = await run(f"{EVERY_WAIT}\n[await end_of(wait, {delay}) for wait in waits]", wall_seconds=5.0)
    assert [kind for kind, _ in outcome.value] == ["", "", *["TimeoutError"] * 3]


@pytest.mark.parametrize("delay", ["float('inf')", "1e300", "10 ** 400", "2 ** 31", "2 ** 63", "True * 10 ** 9"])
async def test_a_very_long_one_ends_at_the_limit_of_real_time(run, delay):
    waiting = EVERY_WAIT.replace("sleep(60)", "sleep(10 ** 9)")
    outcome = await run(
        f"{waiting}\nawait asyncio.gather(*(end_of(wait, {delay}) for wait in waits))\nreturn 'over'", wall_seconds=0.5
    )
    assert (outcome.status, outcome.failure and outcome.failure.limit) == ("limit", "wall_seconds")
    assert outcome.cpu_seconds < 0.5


async def test_a_timeout_of_none_is_none(run):
    outcome = await run(
        "async def f(): return 1\n"
        "async with asyncio.timeout(None): r = [await asyncio.wait_for(f(), None)]\n"
        "done, _ = await asyncio.wait([f()], timeout=None)\n"
        "r + [await each for each in asyncio.as_completed([f()], timeout=None)] + [each.result() for each in done]"
    )
    assert outcome.value == [1, 1, 1]


MISTAKES = {
    "await asyncio.wait([asyncio.sleep(0)], return_when='ALL')": "ValueError",
    "await asyncio.wait([])": "ValueError",
    "asyncio.Semaphore(0.5)": "TypeError",
    "asyncio.Semaphore(float('nan'))": "TypeError",
    "asyncio.Semaphore('1')": "TypeError",
    "asyncio.Semaphore(-1)": "ValueError",
}


@pytest.mark.parametrize("program", MISTAKES)
async def test_other_odd_arguments_are_errors(run, program):
    assert (await run(program)).failure.type_name == MISTAKES[program]

"""A crowd that wakes up at once goes on a few at a time."""

import asyncio
import itertools

import anyio

from code_sandbox._host.turnstile import Turnstile


async def pass_at_once(count, *, tasks_per_turn):
    """Returns who had passed after each turn of the loop."""
    turnstile, passed, turns = Turnstile(tasks_per_turn=tasks_per_turn), [], []

    async def go(number):
        await turnstile.enter()
        passed.append(number)

    tasks = [asyncio.create_task(go(number)) for number in range(count)]
    with anyio.fail_after(5):
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            turns.append(list(passed))
    return turns


async def test_few_pass_in_one_turn_and_all_in_their_order():
    turns = await pass_at_once(10, tasks_per_turn=3)
    assert turns[-1] == list(range(10))
    sizes = [0, *(len(turn) for turn in turns)]
    assert max(after - before for before, after in itertools.pairwise(sizes)) == 3


async def test_who_comes_alone_does_not_wait():
    assert await pass_at_once(2, tasks_per_turn=3) == [[0, 1]]


async def test_who_gives_up_takes_nobodys_turn():
    turnstile, passed = Turnstile(tasks_per_turn=1), []

    async def go(number):
        await turnstile.enter()
        passed.append(number)

    tasks = [asyncio.create_task(go(number)) for number in range(4)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    with anyio.fail_after(5):
        await asyncio.wait(tasks)
    assert passed == [0, 2, 3]

"""Who may run when there are more programs than places."""

import asyncio

import anyio
import pytest

from code_sandbox import Capacity, Failure, Sandbox
from code_sandbox._host.admission import Admission, FullError


class Crowd:
    """Programs that enter when they may, and leave when the test says so."""

    def __init__(self, **capacity):
        self.admission = Admission(Capacity(**capacity))
        self.inside = []
        self._exits = {}
        self._tasks = {}

    async def come(self, *names):
        """Lets programs come, one after the other. What stands before a dash is the tenant."""
        for name in names:
            self._exits[name] = asyncio.Event()
            self._tasks[name] = asyncio.create_task(self._visit(name))
        await self.settle()

    async def _visit(self, name):
        async with self.admission.place(name.partition("-")[0]):
            self.inside.append(name)
            await self._exits[name].wait()
            self.inside.remove(name)

    async def leave(self, *names):
        for name in names:
            self._exits[name].set()
            await self.settle()

    async def give_up(self, name):
        self._tasks[name].cancel()
        await asyncio.wait([self._tasks[name]])
        await self.settle()

    async def settle(self):
        for _ in range(5):
            await asyncio.sleep(0)

    async def go_home(self):
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)


@pytest.fixture
async def crowd():
    crowds = []

    def make(**capacity):
        crowds.append(Crowd(**capacity))
        return crowds[-1]

    yield make
    for each in crowds:
        await each.go_home()


async def test_programs_wait_for_a_place_in_their_order(crowd):
    crowd = crowd(programs_at_once=2)
    await crowd.come("-1", "-2", "-3", "-4")
    assert crowd.inside == ["-1", "-2"]
    await crowd.leave("-2")
    assert crowd.inside == ["-1", "-3"]
    await crowd.leave("-1", "-3")
    assert crowd.inside == ["-4"]


async def test_a_tenant_has_room_for_a_part_only(crowd):
    crowd = crowd(programs_at_once=4, programs_per_tenant=2)
    await crowd.come("a-1", "a-2", "a-3", "b-1")
    assert crowd.inside == ["a-1", "a-2", "b-1"]
    await crowd.leave("a-1")
    assert crowd.inside == ["a-2", "b-1", "a-3"]


async def test_programs_without_a_tenant_share_no_room_of_one(crowd):
    crowd = crowd(programs_at_once=4, programs_per_tenant=1)
    await crowd.come("-1", "-2", "-3")
    assert crowd.inside == ["-1", "-2", "-3"]


async def test_tenants_take_turns_however_many_programs_one_sends(crowd):
    crowd = crowd(programs_at_once=1, programs_per_tenant=1)
    await crowd.come("a-1", "a-2", "a-3", "a-4", "b-1", "b-2", "c-1")
    order = []
    while crowd.inside:
        order += crowd.inside
        await crowd.leave(*crowd.inside)
    assert order == ["a-1", "a-2", "b-1", "c-1", "a-3", "b-2", "a-4"]


async def test_a_tenant_at_its_bound_does_not_hold_up_others(crowd):
    crowd = crowd(programs_at_once=3, programs_per_tenant=2)
    await crowd.come("a-1", "a-2", "b-1", "a-3", "b-2", "c-1")
    await crowd.leave("b-1")
    assert crowd.inside == ["a-1", "a-2", "b-2"]
    await crowd.leave("b-2")
    assert crowd.inside == ["a-1", "a-2", "c-1"]


async def test_a_program_that_gives_up_waiting_leaves_no_gap(crowd):
    crowd = crowd(programs_at_once=1, programs_waiting=2)
    await crowd.come("-1", "-2", "-3")
    await crowd.give_up("-2")
    await crowd.come("-4")
    await crowd.leave("-1")
    assert crowd.inside == ["-3"]
    await crowd.leave("-3")
    assert crowd.inside == ["-4"]


async def test_a_place_given_to_who_gives_up_in_the_same_moment_goes_on(crowd):
    crowd = crowd(programs_at_once=1)
    await crowd.come("-1", "-2", "-3")
    crowd._exits["-1"].set()
    await asyncio.sleep(0)
    assert crowd.inside == []
    # The place is promised to the second, who has not heard of it yet.
    await crowd.give_up("-2")
    assert crowd.inside == ["-3"]


async def test_a_queue_has_an_end(crowd):
    crowd = crowd(programs_at_once=1, programs_waiting=1)
    await crowd.come("-1", "-2")
    with pytest.raises(FullError):
        async with crowd.admission.place(""):
            pass
    await crowd.leave("-1", "-2")
    async with crowd.admission.place(""):
        pass


async def test_a_program_that_finds_no_place_in_the_queue_is_told_to_come_again(exposure):
    called = anyio.Event()
    released = anyio.Event()

    async def answer(call):
        called.set()
        await released.wait()

    capacity = Capacity(programs_at_once=1, programs_waiting=0)
    with anyio.fail_after(30):
        async with Sandbox(exposure=exposure, capacity=capacity) as sandbox:
            task = asyncio.create_task(sandbox.run("await client.books.wait()", answer=answer))
            await called.wait()
            outcome = await sandbox.run("1", answer=answer)
            assert (outcome.status, outcome.calls) == ("limit", ())
            assert outcome.failure == Failure(
                type_name="LimitReached",
                message="Too many programs wait to be run (programs_waiting = 0). "
                "This one was not started, and made no calls.",
                hint="Send it again in a minute.",
                limit="programs_waiting",
            )
            released.set()
            assert (await task).status == "completed"
            assert (await sandbox.run("1", answer=answer)).value == 1


async def test_tenants_of_a_sandbox_have_room_each(exposure):
    """The first tenant's second program waits, and the other tenant's program passes it."""
    called: asyncio.Queue[str] = asyncio.Queue()
    released = anyio.Event()

    async def answer(call):
        called.put_nowait(call.arguments["title"])
        await released.wait()

    capacity = Capacity(programs_per_tenant=1)
    with anyio.fail_after(30):
        async with Sandbox(exposure=exposure, capacity=capacity) as sandbox:

            def run(title, tenant):
                program = f"await client.books.create(title='{title}')"
                return asyncio.create_task(sandbox.run(program, answer=answer, tenant=tenant))

            tasks = [run("a1", "a"), run("a2", "a"), run("b1", "b")]
            assert {await called.get(), await called.get()} == {"a1", "b1"}
            released.set()
            assert [(await task).status for task in tasks] == ["completed"] * 3


@pytest.mark.parametrize(
    "capacity", [{"programs_at_once": 0}, {"programs_waiting": -1}, {"total_memory_bytes": 0}], ids=str
)
def test_a_capacity_without_room_is_refused(capacity):
    with pytest.raises(ValueError, match="must be at least"):
        Capacity(**capacity)

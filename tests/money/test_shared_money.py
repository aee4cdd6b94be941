"""The cap holds for all processes of a deployment together, for each tenant by itself."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from anyio.streams.buffered import BufferedByteReceiveStream
from flora.network import refusal
from flora.shop import WISH, Shop, customer, wish
from money.spender import NOON, Clock, spend, spending

from flora_mcp.flora import Flora
from flora_mcp.flora.errors import FloraError, RunUncertainError, SpendCapError
from flora_mcp.flora.spending import PaidCall, Price
from flora_mcp.state import State

SPENDER = Path(__file__).parent / "spender.py"


class Fleet:
    """Processes of one deployment, as far as money goes: each opens the database by itself."""

    def __init__(self, url: str, stack: AsyncExitStack) -> None:
        self.url = url
        self._stack = stack

    async def process(self, shop: Shop, **options: Any) -> Flora:
        state = State(self.url)
        self._stack.callback(state.close)
        return await self._stack.enter_async_context(customer(shop, spending=spending(state, **options)))


@pytest.fixture
async def fleet(url: str) -> AsyncIterator[Fleet]:
    async with AsyncExitStack() as stack:
        yield Fleet(url, stack)


def money(flora: Flora) -> tuple[float, float, int]:
    totals = flora.spending.totals
    return totals.spent_usd, totals.reserved_usd, totals.uncertain


async def test_two_processes_that_race_cannot_pass_the_cap_together(url: str) -> None:
    async with AsyncExitStack() as stack:
        rivals = []
        for name in ("one", "two"):
            command = [sys.executable, "-W", "error", str(SPENDER), url, "ada", "0.20", "20", name]
            paths = os.pathsep.join([str(SPENDER.parents[1]), *sys.path])
            process = await anyio.open_process(
                command, stdin=subprocess.PIPE, stderr=None, env={**os.environ, "PYTHONPATH": paths}
            )
            await stack.enter_async_context(process)
            assert process.stdin is not None
            assert process.stdout is not None
            rivals.append((process.stdin, BufferedByteReceiveStream(process.stdout)))
        with anyio.fail_after(60):
            for _, output in rivals:
                assert await output.receive_until(b"\n", 100) == b"ready"
            for start, _ in rivals:
                await start.send(b"go\n")
            counts = [(await output.receive_until(b"\n", 100)).split() for _, output in rivals]
    through = [int(count) for count, _ in counts]
    assert sum(through) == 5, through
    assert [int(sent) for _, sent in counts] == through


async def test_what_one_has_set_aside_another_cannot_spend_until_the_cost_is_settled(fleet: Fleet) -> None:
    shop, clock = Shop(), Clock()
    one, two = await fleet.process(shop, clock=clock), await fleet.process(shop, clock=clock)
    assert await spend(one, 3) == 3
    with pytest.raises(SpendCapError) as caught:
        await two.generations.create(**WISH)
    assert (caught.value.reserved_usd, caught.value.cap_usd) == (0.12, 0.12)
    assert "the cap of today (UTC) is 0.120 USD" in str(caught.value)
    # The other process sees a run end that it has not started.
    shop.end("run_1", cost_usd=0.01)
    await two.generations.retrieve("run_1")
    assert money(two) == (0.01, 0.08, 0)
    assert await spend(two, 2) == 0
    shop.end("run_2", status="failed")
    await two.generations.retrieve("run_2")
    assert await spend(one, 3) == 1
    assert money(one) == (0.01, 0.08, 0)


async def test_each_tenant_has_a_cap_of_its_own_and_sees_nothing_of_anothers(fleet: Fleet) -> None:
    shop = Shop()
    ada, bob = await fleet.process(shop), await fleet.process(shop, tenant="bob")
    assert await spend(ada, 5) == 3
    assert await spend(bob, 1) == 1
    assert money(bob) == (0.0, 0.04, 0)
    # Nor does it change the other's book by asking for the other's run.
    shop.end("run_1", cost_usd=0.01)
    await bob.generations.retrieve("run_1")
    assert money(bob) == (0.0, 0.04, 0)
    await ada.generations.retrieve("run_1")
    assert money(ada) == (0.01, 0.08, 0)


@pytest.mark.parametrize(
    ("period", "later", "fresh"),
    [
        ("day", timedelta(hours=11), False),
        ("day", timedelta(hours=12), True),
        ("month", timedelta(days=8), False),
        ("month", timedelta(days=9), True),
        ("ever", timedelta(days=4000), False),
    ],
)
async def test_the_cap_begins_anew_with_the_period_and_not_with_a_process(
    fleet: Fleet, period: Any, later: timedelta, fresh: bool
) -> None:
    shop, clock = Shop(), Clock()
    await spend(await fleet.process(shop, clock=clock, period=period), 3)
    clock.now = NOON + later
    restarted = await fleet.process(shop, clock=clock, period=period)
    assert await spend(restarted, 4) == (3 if fresh else 0)


async def test_a_cost_that_comes_the_day_after_counts_for_the_day_it_was_reserved_on(fleet: Fleet) -> None:
    shop, clock = Shop(), Clock()
    flora = await fleet.process(shop, clock=clock)
    await spend(flora, 1)
    clock.now = NOON + timedelta(days=1)
    shop.end("run_1", cost_usd=0.03)
    await flora.generations.retrieve("run_1")
    assert money(flora) == (0.0, 0.0, 0)
    assert await spend(flora, 4) == 3
    clock.now = NOON
    assert await spend(flora, 4) == 2
    assert money(flora) == (0.03, 0.08, 0)


async def test_what_one_process_learns_of_a_price_all_know(fleet: Fleet) -> None:
    shop = Shop(quote_usd=0.253)
    one, two = await fleet.process(shop, cap_usd=2), await fleet.process(shop, cap_usd=2)
    await one.generations.create(**wish("t2i-rich"))
    shop.end("run_1", cost_usd=0.873)
    await one.generations.retrieve("run_1")
    await two.generations.create(**wish("t2i-rich"))
    assert money(two) == (0.873, 0.873, 0)


async def test_a_call_without_a_clear_answer_is_taken_up_by_whichever_process_sends_it_again(fleet: Fleet) -> None:
    shop = Shop()
    replies: list[Any] = [httpx.ReadTimeout("slow"), refusal(400)]

    async def reply(_: httpx.Request) -> httpx.Response | None:
        answer = replies.pop(0) if replies else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    shop.before_answer = reply
    keyed = {**WISH, "idempotency_key": "row-1"}
    one, two = await fleet.process(shop, cap_usd=0.04), await fleet.process(shop, cap_usd=0.04)
    with pytest.raises(RunUncertainError):
        await one.call("generations.create", keyed)
    assert money(one) == (0.0, 0.04, 1)
    assert await spend(two, 1) == 0
    with pytest.raises(FloraError):
        await two.call("generations.create", keyed)
    assert money(two) == (0.0, 0.04, 1)  # the first sending is still in doubt
    await two.call("generations.create", keyed)
    assert money(two) == (0.0, 0.04, 0)


async def test_a_repetition_that_another_process_was_told_of_is_billed_once(fleet: Fleet) -> None:
    shop = Shop()
    one, two = await fleet.process(shop), await fleet.process(shop)
    await one.generations.create(**WISH)
    shop.runs.clear()  # the next is answered with the same run
    await two.generations.create(**WISH)
    assert money(two) == (0.0, 0.04, 0)


async def test_calls_of_unknown_price_go_one_at_a_time_through_all_processes(fleet: Fleet) -> None:
    shop, sent, waiting, go = Shop(quote_usd=0.04), anyio.Event(), anyio.Event(), anyio.Event()

    async def hold(_: httpx.Request) -> None:
        sent.set()
        await go.wait()

    async def look_again_later(_: float) -> None:
        waiting.set()
        await go.wait()

    shop.before_answer = hold
    options: dict[str, Any] = {"cap_usd": 0.03, "unpriced": True, "sleep": look_again_later}
    one, two = await fleet.process(shop, **options), await fleet.process(shop, **options)
    refused: list[SpendCapError] = []

    async def create(flora: Flora) -> None:
        try:
            await flora.call("generations.create", wish(None))
        except SpendCapError as exc:
            refused.append(exc)

    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(create, one)
            await sent.wait()
            tasks.start_soon(create, two)
            await waiting.wait()
            assert len(shop.sent) == 1
            go.set()
    assert (len(shop.sent), len(refused)) == (1, 1)
    assert "Nothing is left of the cap" in str(refused[0])


async def test_a_call_of_unknown_price_whose_process_died_holds_up_the_others_for_ten_minutes(fleet: Fleet) -> None:
    shop, clock = Shop(), Clock()

    async def time_passes(_: float) -> None:
        clock.now += timedelta(minutes=1)

    options: dict[str, Any] = {"cap_usd": 1, "unpriced": True, "clock": clock, "sleep": time_passes}
    dead, flora = await fleet.process(shop, **options), await fleet.process(shop, **options)
    call = PaidCall(
        method="generations.create",
        price=Price(usd=None, unknown_because="it is not in the list."),
        workspace_id=None,
        idempotency_key="k",
        content="c",
    )
    await dead.spending.reserve(call)
    await flora.call("generations.create", wish(None))
    assert (clock.now, len(shop.sent)) == (NOON + timedelta(minutes=10), 1)


async def test_a_call_that_is_cancelled_before_it_is_sent_sets_nothing_aside(fleet: Fleet) -> None:
    shop = Shop()
    flora = await fleet.process(shop)
    with anyio.CancelScope() as scope:
        scope.cancel()
        await flora.generations.create(**WISH)
    assert shop.sent == []
    assert await spend(flora, 3) == 3


@pytest.mark.parametrize("cap_usd", [0.12, None])
async def test_while_the_database_is_away_a_cap_lets_nothing_through_and_without_one_calls_are_told_later(
    tmp_path: Path, cap_usd: float | None, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    folder.write_text("a file where the folder should be")
    state, shop = State(f"sqlite:///{folder / 'server.sqlite3'}"), Shop()
    async with customer(shop, spending=spending(state, cap_usd=cap_usd)) as flora:
        if cap_usd is not None:
            with pytest.raises(FloraError, match="Not sent, nothing was spent"):
                await flora.generations.create(**WISH)
            assert shop.sent == []
        else:
            await flora.generations.create(**WISH)
        folder.unlink()
        await flora.generations.create(**WISH)
        shop.end("run_1", cost_usd=0.03)
        await flora.generations.retrieve("run_1")
        assert money(flora) == (0.03, 0.0 if cap_usd else 0.04, 0)
    state.close()
    warnings = [record.message for record in caplog.records if "book of paid calls" in record.message]
    assert len(warnings) == (0 if cap_usd else 1)

"""The book of paid calls: it outlives crashes, serves several processes, and never stands in the way of a call."""

import multiprocessing
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from flora.network import EPOCH, World, refusal
from flora.shop import WISH, Shop, customer, wish

from flora_mcp.flora import Flora, Ledger, Spending
from flora_mcp.flora.errors import BadRequestError, RunUncertainError, SpendCapError
from flora_mcp.flora.spending import Entry


def keeping(shop: Shop, path: Path, *, cap_usd: float | None = None, session: str = "ses_1") -> Flora:
    world = World()
    spending = Spending(
        cap_usd=cap_usd,
        ledger=Ledger(path),
        session=session,
        now=world.surroundings.now,
    )
    return customer(shop, world=world, spending=spending)


async def told(path: Path) -> list[Entry]:
    return await Ledger(path).entries()


async def test_an_entry_follows_its_call_to_the_settled_cost(tmp_path: Path) -> None:
    shop, path = Shop(quote_usd=0.05), tmp_path / "new" / "ledger.sqlite3"
    during: list[Entry] = []

    async def look(_: httpx.Request) -> None:
        during.extend(await told(path))

    shop.before_answer = look
    async with keeping(shop, path, cap_usd=1) as flora:
        await flora.call("generations.create", {**WISH, "idempotency_key": "row-1"})
        [started] = await told(path)
        shop.end("run_1", cost_usd=0.07)
        await flora.generations.wait("run_1")
    [settled] = await told(path)
    [reserved] = during
    assert (reserved.status, reserved.run_id, reserved.quote_usd, reserved.cost_usd) == ("reserved", None, 0.04, None)
    assert (started.status, started.run_id, started.quote_usd, started.cost_usd) == ("started", "run_1", 0.05, None)
    assert settled == Entry(
        id=started.id,
        began_at=EPOCH.isoformat(),
        session="ses_1",
        money="USD",
        method="generations.create",
        status="completed",
        subject="t2i-plain",
        workspace_id="ws_1",
        run_id="run_1",
        idempotency_key="row-1",
        quote_usd=0.05,
        cost_usd=0.07,
        note="",
    )


async def test_nothing_secret_and_no_prompt_is_in_the_book(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    async with keeping(Shop(), path) as flora:
        await flora.call("generations.create", {**WISH, "prompt": "the secret garden", "strict": False})
    content = path.read_bytes()
    assert b"t2i-plain" in content
    assert b"strict=False" in content
    assert b"sk_live_secret" not in content
    assert b"secret garden" not in content
    assert path.stat().st_mode & 0o077 == 0


async def test_refusals_doubts_and_failures_are_told_apart(tmp_path: Path) -> None:
    shop, path = Shop(), tmp_path / "ledger.sqlite3"
    replies: list[Any] = [refusal(400), httpx.ReadTimeout("slow"), None]

    async def reply(_: httpx.Request) -> httpx.Response | None:
        answer = replies.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer  # type: ignore[no-any-return]

    shop.before_answer = reply
    async with keeping(shop, path) as flora:
        for number, kind in enumerate([BadRequestError, RunUncertainError, None]):
            call = {**WISH, "idempotency_key": f"row-{number}"}
            if kind is None:
                await flora.call("generations.create", call)
            else:
                with pytest.raises(kind):
                    await flora.call("generations.create", call)
        shop.end("run_1", status="failed")
        await flora.generations.retrieve("run_1")
    found = {entry.idempotency_key: (entry.status, entry.run_id, entry.cost_usd) for entry in await told(path)}
    assert found == {
        "row-0": ("released", None, None),
        "row-1": ("uncertain", None, None),
        "row-2": ("failed", "run_1", 0.0),
    }


async def test_a_later_session_settles_what_an_earlier_one_has_started(tmp_path: Path) -> None:
    shop, path = Shop(), tmp_path / "ledger.sqlite3"
    async with keeping(shop, path) as flora:
        await flora.call("generations.create", WISH)
    shop.end("run_1")
    async with keeping(shop, path, session="ses_2") as flora:
        await flora.generations.retrieve("run_1")
        shop.end("run_1", cost_usd=0.03)
        await flora.generations.retrieve("run_1")
        shop.runs["run_9"] = {**shop.runs["run_1"], "run_id": "run_9"}
        await flora.generations.retrieve("run_9")
        assert flora.spending.totals.spent_usd == 0
    [entry] = await told(path)
    assert (entry.session, entry.status, entry.cost_usd) == ("ses_1", "completed", 0.03)


def crowd(path: str, name: str) -> None:
    async def work() -> None:
        async with keeping(Shop(), Path(path), session=name) as flora, anyio.create_task_group() as tasks:
            for _ in range(15):
                tasks.start_soon(flora.call, "generations.create", wish(None))

    anyio.run(work)


async def test_several_processes_write_one_book(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    spawned = multiprocessing.get_context("spawn")
    others = [spawned.Process(target=crowd, args=(str(path), f"ses_{number}")) for number in range(3)]
    for each in others:
        each.start()
    with anyio.fail_after(60):
        for each in others:
            await anyio.to_thread.run_sync(each.join)
    assert [each.exitcode for each in others] == [0, 0, 0]
    entries = await told(path)
    assert len(entries) == 45
    assert {entry.status for entry in entries} == {"started"}


def spoil(path: Path, how: str) -> None:
    path.parent.mkdir(exist_ok=True)
    if how == "no database":
        path.write_text("no database, but somebody's text" * 100)
    elif how == "a folder":
        path.mkdir()
    elif how == "another table":
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE calls (other TEXT)")
        connection.close()
    else:
        path.parent.rmdir()
        path.parent.write_text("a file where the folder should be")


@pytest.mark.parametrize("how", ["no database", "a folder", "another table", "no place"])
async def test_a_broken_book_loses_no_call_and_the_cap_still_binds(
    tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "data" / "ledger.sqlite3"
    spoil(path, how)
    shop = Shop()
    async with keeping(shop, path, cap_usd=0.08) as flora:
        for _ in range(2):
            await flora.call("generations.create", WISH)
        with pytest.raises(SpendCapError):
            await flora.call("generations.create", WISH)
        shop.end("run_1", cost_usd=0.01)
        await flora.generations.retrieve("run_1")
        assert flora.spending.totals.spent_usd == 0.01
    assert [record.levelname for record in caplog.records if "ledger" in record.message] == ["WARNING"]
    if how == "no database":
        assert path.read_text().startswith("no database, but somebody's text")
    with pytest.raises(OSError):  # noqa: PT011 - of several kinds
        await told(path)


async def test_a_book_that_is_deleted_meanwhile_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    async with keeping(Shop(), path) as flora:
        await flora.call("generations.create", WISH)
        path.unlink()
        await flora.call("generations.create", WISH)
    assert [entry.run_id for entry in await told(path)] == ["run_2"]


class Interrupted(Ledger):
    """A book during whose second writing the caller is cancelled."""

    def __init__(self, path: Path, scope: anyio.CancelScope) -> None:
        super().__init__(path)
        self._scope = scope

    async def write(self, entries: Sequence[Entry]) -> None:
        if entries[0].status == "started":
            self._scope.cancel()
        await super().write(entries)


async def test_a_paid_answer_is_not_lost_by_a_cancellation_while_it_is_written_down(tmp_path: Path) -> None:
    path, started = tmp_path / "ledger.sqlite3", []
    with anyio.CancelScope() as scope:
        async with customer(Shop(), spending=Spending(ledger=Interrupted(path, scope))) as flora:
            started.append(await flora.generations.create(**WISH))
    assert scope.cancel_called
    assert [run.run_id for run in started] == ["run_1"]
    assert [entry.status for entry in await told(path)] == ["started"]

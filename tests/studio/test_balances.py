"""What workspaces may spend: reserved with a run, given back when it fails, never spent twice."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import anyio
import pytest
import sqlalchemy as sa
from studio.guarded import guard
from studio.postgres import Postgres

from flora_mcp.studio import Access
from flora_mcp.studio.data import open_data
from flora_mcp.studio.renderers import RenderThreads
from flora_mcp.studio.store import balances, workspaces

COST = 4
"""Of one picture of the studio's own model, in credits."""


def change(api: Any, work: Callable[[sa.Connection], Any], url: str | None = None) -> Any:
    with open_data(directory=api.directory, database_url=url) as database, database.writing() as connection:
        return work(connection)


def give(api: Any, amount: int | None, url: str | None = None) -> None:
    change(api, lambda connection: balances.set_balance(connection, api.workspace_id, amount=amount), url)


def left(api: Any, url: str | None = None) -> int | None:
    row = change(api, lambda connection: workspaces.get(connection, api.workspace_id), url)
    found: int | None = row["balance_credits"]
    return found


@pytest.fixture
async def api(open_api: Any) -> AsyncIterator[Any]:
    """A studio that starts no run."""
    async with open_api(works=False) as opened:
        yield opened


async def test_a_run_takes_its_cost_with_it_and_one_too_many_is_refused(api: Any) -> None:
    give(api, 2 * COST + 1)
    await api.start()
    assert left(api) == COST + 1
    await api.start()
    answer = await api.post("generate", api.asked(), **{"Idempotency-Key": "a"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (402, "insufficient_credits")
    message = answer.json()["error"]["message"]
    assert f"takes {COST}" in message
    assert f"{api.workspace_id!r} has 1" in message
    assert f"workspace credits {api.workspace_id} +{COST - 1}" in message
    assert len((await api.get("generations"))["generations"]) == 2
    change(api, lambda connection: balances.top_up(connection, api.workspace_id, amount=COST - 1))
    assert (await api.post("generate", api.asked(), **{"Idempotency-Key": "a"})).status_code == 201
    assert left(api) == 0


async def test_a_run_that_fails_gives_back_what_it_took(open_api: Any) -> None:
    async with open_api(RenderThreads({})) as api:
        give(api, COST)
        run = await api.finished(await api.start())
        assert (run["status"], run["charged_cost"]) == ("failed", 0)
        assert left(api) == COST


async def test_a_run_that_took_nothing_gives_nothing_back(open_api: Any) -> None:
    async with open_api(RenderThreads({})) as api:
        run_id = await api.start()
        give(api, 5)
        await api.finished(run_id)
        assert left(api) == 5


async def test_what_costs_nothing_needs_no_credits(api: Any) -> None:
    give(api, 0)
    body = {
        "action_id": "concat-text-browser",
        "inputs": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}],
        "workspace_id": api.workspace_id,
        "project_id": api.project_id,
    }
    assert (await api.post("runs/action", body)).status_code == 201


async def spend_at_once(api: Any, url: str | None) -> None:
    """Asks two servers for more than there is, all at once."""
    give(api, 3 * COST + COST // 2, url)
    statuses: Counter[int] = Counter()
    async with guard(api, access=Access(), database_url=url) as other:
        neighbour = await other.client(None)

        async def ask(http: Any) -> None:
            statuses[(await http.post("generate", json=api.asked())).status_code] += 1

        with anyio.fail_after(20):
            async with anyio.create_task_group() as tasks:
                for _ in range(6):
                    tasks.start_soon(ask, api.http)
                    tasks.start_soon(ask, neighbour)
    assert statuses == {201: 3, 402: 9}
    assert left(api, url) == COST // 2


async def test_requests_at_once_at_two_servers_spend_no_credit_twice(api: Any) -> None:
    await spend_at_once(api, None)


async def test_nor_do_they_with_postgresql(open_api: Any, postgres: Postgres) -> None:
    with postgres.database() as url:
        async with open_api(works=False, database_url=url) as api:
            await spend_at_once(api, url)

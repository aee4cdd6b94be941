"""The cap on a session's spending: set aside before a call is sent, corrected after, passed by nobody."""

from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from flora.network import World, refusal
from flora.shop import PLACE, WISH, Shop, customer, model, wish

from flora_mcp.flora import METHODS, Flora, Ledger, Spending
from flora_mcp.flora.errors import (
    BadRequestError,
    DuplicateKeyError,
    FloraError,
    InternalServerError,
    RunUncertainError,
    SpendCapError,
)
from flora_mcp.flora.methods import PATHS
from flora_mcp.flora.operations import operation_of

TECHNIQUE = {"technique_id": "tech_1", "name": "T", "run_cost": 0.05, "inputs": [], "outputs": []}
NODES = [
    {"id": "n1", "node_id": "u1", "type": "image", "model_id": "t2i-plain"},
    {"id": "n2", "node_id": "u2", "type": "image", "model_id": "t2i-rich"},
    {"id": "n3", "node_id": "u3", "type": "action", "action": {"action_id": "resize-image-browser"}},
    {"id": "n4", "node_id": "u4", "type": "image"},
]
GRAPH = {"project_id": "prj_1", "nodes": NODES, "edges": [], "revision": "r"}


def capped(shop: Shop, cap_usd: float | None, *, world: World | None = None, **options: Any) -> Flora:
    world = world or World()
    shop.answers["/techniques/tech_1"] = TECHNIQUE
    shop.answers["/workspaces/ws_1/projects/prj_1/graph"] = GRAPH
    spending = Spending(cap_usd=cap_usd, now=world.surroundings.now, **options)
    return customer(shop, world=world, spending=spending)


def money(flora: Flora) -> tuple[float, float]:
    return flora.spending.totals.spent_usd, flora.spending.totals.reserved_usd


async def refused(flora: Flora, arguments: dict[str, Any], *, path: str = "generations.create") -> SpendCapError:
    with pytest.raises(SpendCapError) as caught:
        await flora.call(path, arguments)
    return caught.value


async def test_twenty_calls_at_once_cannot_pass_a_cap_for_three() -> None:
    shop = Shop()
    errors: list[SpendCapError] = []
    arrived, answer_all = anyio.Event(), anyio.Event()

    async def hold(_: httpx.Request) -> None:
        if len(shop.sent) == 3:
            arrived.set()
        await answer_all.wait()

    shop.before_answer = hold
    async with capped(shop, 0.12) as flora:

        async def create() -> None:
            try:
                await flora.call("generations.create", WISH)
            except SpendCapError as exc:
                errors.append(exc)

        with anyio.fail_after(5):
            async with anyio.create_task_group() as tasks:
                for _ in range(20):
                    tasks.start_soon(create)
                await arrived.wait()
                await anyio.wait_all_tasks_blocked()
                answer_all.set()
        assert (len(shop.sent), len(errors)) == (3, 17)
        assert money(flora) == (0.0, 0.12)
    assert errors[0].attributes() == {"spent_usd": 0.0, "reserved_usd": 0.12, "cap_usd": 0.12, "quote_usd": 0.04}
    assert "FLORA_MAX_SPEND_USD" in str(errors[0])


async def test_sums_are_exact() -> None:
    shop = Shop(models=[model("t2i-plain", credits=100)], quote_usd=0.1)
    async with capped(shop, 0.3) as flora:
        for _ in range(3):
            await flora.call("generations.create", wish(params=None))
        assert money(flora) == (0.0, 0.3)
        await refused(flora, wish(params=None))


@pytest.mark.parametrize("path", ["generations.create", "runs.start_generation"])
async def test_strict_is_no_way_around_the_cap(path: str) -> None:
    shop = Shop()
    async with capped(shop, 0.05) as flora:
        error = await refused(flora, {**wish("t2i-rich"), "strict": False}, path=path)
        assert error.quote_usd == 0.253
        error = await refused(flora, {**wish("t2i-made-up"), "strict": False}, path=path)
        assert error.quote_usd is None
    assert shop.sent == []


async def test_the_answers_quote_then_the_settled_cost_take_the_place_of_the_first_quote() -> None:
    shop = Shop(quote_usd=0.06)
    async with capped(shop, 1) as flora:
        start = await flora.generations.create(**WISH)
        assert money(flora) == (0.0, 0.06)
        await flora.generations.retrieve(start.run_id)
        assert money(flora) == (0.0, 0.06)
        shop.end(start.run_id)
        await flora.generations.wait(start.run_id)
        assert money(flora) == (0.0, 0.06)
        shop.end(start.run_id, cost_usd=0.05)
        shop.answers["/generations"] = {"generations": [shop.runs[start.run_id]]}
        await flora.generations.list()
        assert money(flora) == (0.05, 0.0)
        shop.end(start.run_id, cost_usd=0.07)
        await flora.generations.retrieve(start.run_id)
        assert money(flora) == (0.07, 0.0)


async def test_what_is_given_back_can_be_spent_again() -> None:
    shop = Shop()
    async with capped(shop, 0.04) as flora:
        start = await flora.generations.create(**WISH)
        await refused(flora, WISH)
        shop.end(start.run_id, status="failed")
        await flora.generations.retrieve(start.run_id)
        assert money(flora) == (0.0, 0.0)
        await flora.generations.create(**WISH)


async def test_a_model_that_costs_more_than_its_quotes_is_quoted_higher_from_then_on() -> None:
    shop = Shop(quote_usd=0.253)
    async with capped(shop, 2) as flora:
        start = await flora.generations.create(**wish("t2i-rich"))
        shop.end(start.run_id, cost_usd=0.873)
        await flora.generations.retrieve(start.run_id)
        await flora.generations.create(**wish("t2i-rich"))
        assert money(flora) == (0.873, 0.873)
        assert (await refused(flora, wish("t2i-rich"))).quote_usd == 0.873
        await flora.generations.create(**WISH)


async def test_an_answer_that_quotes_more_than_the_catalogue_is_believed_for_the_next_call() -> None:
    shop = Shop(quote_usd=0.06)
    async with capped(shop, 0.11) as flora:
        await flora.generations.create(**WISH)
        assert (await refused(flora, WISH)).quote_usd == 0.06


async def test_a_quote_of_nothing_takes_nothing_back() -> None:
    shop = Shop(quote_usd=0.0)
    async with capped(shop, 1) as flora:
        await flora.generations.create(**WISH)
        assert money(flora) == (0.0, 0.04)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [(refusal(400), BadRequestError), (refusal(500), InternalServerError), (httpx.ConnectError("no"), FloraError)],
)
async def test_a_call_that_failed_gives_back_what_was_set_aside(reply: Any, kind: type[FloraError]) -> None:
    shop = Shop()
    shop.before_answer = replying(reply)
    async with capped(shop, 1) as flora:
        with pytest.raises(kind):
            await flora.call("generations.create", WISH)
        assert money(flora) == (0.0, 0.0)


def replying(*replies: Any) -> Any:
    waiting = list(replies)

    async def reply(_: httpx.Request) -> httpx.Response | None:
        answer = waiting.pop(0) if waiting else None
        if isinstance(answer, Exception):
            raise answer
        return answer

    return reply


@pytest.mark.parametrize(
    "reply", [httpx.ReadTimeout("slow"), refusal(504), httpx.Response(201, html="<h1>Hi</h1>"), RuntimeError("ours")]
)
async def test_what_has_no_clear_outcome_stays_set_aside(reply: Any) -> None:
    shop = Shop()
    shop.before_answer = replying(reply)
    async with capped(shop, 0.05) as flora:
        with pytest.raises((RunUncertainError, RuntimeError)):
            await flora.call("generations.create", WISH)
        assert money(flora) == (0.0, 0.04)
        assert flora.spending.totals.uncertain == 1
        await refused(flora, WISH)


async def test_a_call_that_is_cancelled_on_its_way_stays_set_aside() -> None:
    shop, sent = Shop(), anyio.Event()

    async def never(_: httpx.Request) -> None:
        sent.set()
        await anyio.sleep_forever()

    shop.before_answer = never
    async with capped(shop, 1) as flora, anyio.create_task_group() as tasks:
        tasks.start_soon(flora.call, "generations.create", WISH)
        with anyio.fail_after(5):
            await sent.wait()
        tasks.cancel_scope.cancel()
    assert money(flora) == (0.0, 0.04)
    assert flora.spending.totals.uncertain == 1


async def test_the_same_call_under_the_same_key_is_set_aside_once() -> None:
    shop = Shop()
    shop.before_answer = replying(httpx.ReadTimeout("slow"), refusal(400))
    keyed = {**WISH, "idempotency_key": "row-1"}
    async with capped(shop, 0.04) as flora:
        with pytest.raises(RunUncertainError):
            await flora.call("generations.create", keyed)
        with pytest.raises(BadRequestError):
            await flora.call("generations.create", keyed)
        assert money(flora) == (0.0, 0.04)  # the first sending is still in doubt
        await flora.call("generations.create", keyed)
        assert (money(flora), flora.spending.totals.uncertain) == ((0.0, 0.04), 0)


@pytest.mark.parametrize("change", [{"prompt": "another"}, {"model": "t2i-rich"}, {"idempotency_key": "row-2"}])
async def test_another_call_under_a_doubtful_key_is_another_call(change: dict[str, Any]) -> None:
    shop, world = Shop(), World()
    shop.before_answer = replying(httpx.ReadTimeout("slow"))
    keyed = {**wish(params=None), "idempotency_key": "row-1"}
    async with capped(shop, 0.04, world=world) as flora:
        with pytest.raises(RunUncertainError):
            await flora.call("generations.create", keyed)
        await refused(flora, {**keyed, **change})


async def test_a_doubtful_key_is_good_for_two_hours() -> None:
    shop, world = Shop(), World()
    shop.before_answer = replying(httpx.ReadTimeout("slow"))
    keyed = {**WISH, "idempotency_key": "row-1"}
    async with capped(shop, 0.04, world=world) as flora:
        with pytest.raises(RunUncertainError):
            await flora.call("generations.create", keyed)
        world.seconds = 7201
        await refused(flora, keyed)


async def test_a_duplicate_is_an_earlier_calls_and_costs_nothing_more() -> None:
    shop = Shop()
    shop.before_answer = replying(refusal(409, "idempotency_duplicate"))
    async with capped(shop, 1) as flora:
        with pytest.raises(DuplicateKeyError):
            await flora.call("generations.create", {**WISH, "idempotency_key": "row-1"})
        assert money(flora) == (0.0, 0.0)


async def test_a_repetition_that_is_answered_with_the_first_run_is_billed_once() -> None:
    shop = Shop()
    inputs = [{"id": "a", "type": "text", "value": "b"}]
    async with capped(shop, 1) as flora:
        for _ in range(2):
            shop.runs.clear()
            await flora.call("techniques.runs.create", {"technique_id": "tech_1", "inputs": inputs})
        assert money(flora) == (0.0, 0.04)


@pytest.mark.parametrize("model_id", ["i2t-judge", None])
async def test_under_a_cap_a_price_that_nobody_can_tell_is_refused_with_how_to_allow_it(model_id: str | None) -> None:
    shop = Shop()
    arguments = wish(model_id, type="text" if model_id else "image")
    async with capped(shop, 5) as flora:
        error = await refused(flora, arguments)
    assert (error.quote_usd, shop.sent) == (None, [])
    assert "FLORA_ALLOW_UNKNOWN_PRICES=true" in str(error)


@pytest.mark.parametrize("credits", [0, -5, None])
async def test_no_gap_in_the_catalogue_is_a_price(credits: Any) -> None:
    shop = Shop(models=[model("t2i-plain", credits=credits)])
    async with capped(shop, 5) as flora:
        await refused(flora, wish(params=None))


async def test_a_catalogue_that_cannot_be_read_tells_no_price() -> None:
    shop = Shop()
    shop.lists_status = 500
    async with capped(shop, 5) as flora:
        error = await refused(flora, WISH)
    assert "cannot be looked up now" in str(error)


async def test_allowed_calls_of_unknown_price_go_one_at_a_time_until_nothing_is_left() -> None:
    shop = Shop(quote_usd=0.04)
    errors: list[SpendCapError] = []
    async with capped(shop, 0.1, allow_unknown_prices=True) as flora:

        async def create() -> None:
            try:
                await flora.call("generations.create", wish(None))
            except SpendCapError as exc:
                errors.append(exc)

        async with anyio.create_task_group() as tasks:
            for _ in range(20):
                tasks.start_soon(create)
        assert (len(shop.sent), len(errors)) == (3, 17)
        assert money(flora) == (0.0, 0.12)
    assert "Nothing is left of the cap" in str(errors[0])


@pytest.mark.parametrize(
    ("path", "inputs", "quote_usd"),
    [
        ("techniques.runs.create", [{"id": "a", "type": "text", "value": "x"}], 0.05),
        (
            "techniques.runs.create",
            [{"id": name, "type": "text", "value": "x"} for name in "aaabb"],
            0.3,
        ),
        ("runs.start_technique", {"a": "x"}, 0.05),
        ("runs.start_technique", {f"i{number}": ["x"] * 10 for number in range(500)}, 50_000.0),
        ("runs.start_technique", {"a": ["x", "y"], "b": "z"}, 0.1),
    ],
)
async def test_a_technique_is_quoted_for_each_run_that_its_inputs_make(
    path: str, inputs: Any, quote_usd: float
) -> None:
    shop = Shop()
    arguments = {"technique_id": "tech_1", "inputs": inputs}
    arguments |= {"workspace_id": "ws_1"} if path == "runs.start_technique" else {}
    async with capped(shop, 0.01) as flora:
        assert (await refused(flora, arguments, path=path)).quote_usd == quote_usd
    assert shop.sent == []


@pytest.mark.parametrize(
    ("node_ids", "quote_usd"),
    [(["n1"], 0.04), (["u1", "n2", "n1"], 0.333), (["n1", "n3", "gone"], 0.04), (["n1", "n4"], None)],
)
async def test_nodes_are_quoted_by_their_models(node_ids: list[str], quote_usd: float | None) -> None:
    shop = Shop()
    async with capped(shop, 0.01) as flora:
        arguments = {**PLACE, "node_ids": node_ids}
        assert (await refused(flora, arguments, path="workspaces.projects.run_nodes")).quote_usd == quote_usd
    assert shop.sent == []


async def test_each_node_that_was_started_is_a_charge_of_its_own() -> None:
    shop = Shop()

    async def nodes(_: httpx.Request) -> httpx.Response:
        started = [{**shop.start(quote), "node_id": f"n{quote}", "status": "started"} for quote in (0.02, 0.03)]
        skipped = {"node_id": "n9", "status": "skipped", "reason": "node_locked"}
        return httpx.Response(200, json={"project_id": "prj_1", "runs": [*started, skipped]})

    shop.before_answer = nodes
    async with capped(shop, 1) as flora:
        await flora.call("workspaces.projects.run_nodes", {**PLACE, "node_ids": ["n1", "n1", "n1"]})
        assert money(flora) == (0.0, 0.05)
        shop.end("run_2", cost_usd=0.01)
        await flora.generations.retrieve("run_2")
        assert money(flora) == (0.01, 0.02)


async def test_nodes_that_were_all_skipped_cost_nothing() -> None:
    shop = Shop()
    shop.before_answer = replying(httpx.Response(200, json={"project_id": "prj_1", "runs": []}))
    async with capped(shop, 1) as flora:
        await flora.call("workspaces.projects.run_nodes", {**PLACE, "node_ids": ["n1"]})
        assert money(flora) == (0.0, 0.0)


async def test_a_canvas_is_not_changed_between_the_price_of_its_nodes_and_their_run() -> None:
    shop, priced, go = Shop(), anyio.Event(), anyio.Event()

    async def hold(request: httpx.Request) -> httpx.Response | None:
        if request.url.path.endswith("/nodes/run"):
            priced.set()
            await go.wait()
            return httpx.Response(200, json={"project_id": "prj_1", "runs": []})
        changes = {"added": 0, "updated": 0, "connected": 0, "disconnected": 0, "removed": 0}
        return httpx.Response(200, json={"project_id": "prj_1", "revision": "r", "created": {}, "applied": changes})

    shop.before_answer = hold
    async with capped(shop, 1) as flora, anyio.create_task_group() as tasks:
        with anyio.fail_after(5):
            tasks.start_soon(flora.call, "workspaces.projects.run_nodes", {**PLACE, "node_ids": ["n1"]})
            await priced.wait()
            change = {**PLACE, "update": [{"id": "n1", "model": "t2i-rich"}]}
            tasks.start_soon(flora.call, "workspaces.projects.canvas.apply_changeset", change)
            await anyio.wait_all_tasks_blocked()
            assert len(shop.sent) == 1
            go.set()
    assert len(shop.sent) == 2


@pytest.mark.parametrize(
    ("path", "arguments"),
    [
        ("actions.run", {"action_id": "resize-image-browser", "inputs": [{"type": "image", "url": "x"}], **PLACE}),
        ("projects.actions.run", {"node_id": "n3", "project_id": "prj_1"}),
    ],
)
async def test_actions_are_free_under_a_cap_of_nothing_and_still_counted(
    path: str, arguments: dict[str, Any], tmp_path: Path
) -> None:
    shop, ledger = Shop(quote_usd=0), Ledger(tmp_path / "ledger.sqlite")
    async with capped(shop, 0, ledger=ledger) as flora:
        await flora.call(path, arguments)
        await refused(flora, WISH)
    assert [(entry.method, entry.run_id) for entry in await ledger.entries()] == [(path, "run_1")]


async def test_without_a_cap_nothing_is_refused_or_asked_for_and_all_is_counted() -> None:
    shop = Shop(quote_usd=9)
    async with capped(shop, None) as flora:
        await flora.call("generations.create", wish(None))
        await flora.call("runs.start_technique", {"technique_id": "tech_1", "workspace_id": "ws_1", "inputs": {}})
        assert money(flora) == (0.0, 18.0)
    assert shop.asked == {}


@pytest.mark.parametrize("amount", [-1, 1e400])
async def test_no_number_of_an_answer_makes_room_under_the_cap(amount: float) -> None:
    shop = Shop(quote_usd=None)
    body = b'{"run_id": "run_1", "type": "generation", "charged_cost": %s}'
    content = body % repr(amount).encode().replace(b"inf", b"1e400")
    shop.before_answer = replying(httpx.Response(201, content=content, headers={"content-type": "application/json"}))
    async with capped(shop, 0.05) as flora:
        await flora.call("generations.create", WISH)
        await refused(flora, {**WISH, "model": "t2i-rich"})


def test_every_paid_method_says_what_decides_its_price() -> None:
    paid = {path: operation_of(method) for method, path in PATHS.items() if operation_of(method).paid}
    assert {entry.path for entry in METHODS if entry.paid} == set(paid)
    assert [path for path, operation in paid.items() if not operation.subject or operation.creates is None] == []

"""Money and rules as an agent meets them: what is refused, what is told, and what no program gets around."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import anyio
import pytest
from fakes.flora import PROJECT, WORKSPACE, FakeFlora
from flora.network import World
from flora.shop import MODELS, WISH, Shop, customer
from mcp import Client

from code_sandbox import Call, CallFailed
from flora_mcp.app import open_app
from flora_mcp.executions import Execution, Intervals, Pulse, Runs, TrackedRun
from flora_mcp.executions.bridge import Bridge
from flora_mcp.executions.gate import Gate
from flora_mcp.executions.journal import Journal
from flora_mcp.executions.runs import COST_DELAYS_SECONDS, KEPT
from flora_mcp.flora import Ledger, Rules, Spending
from flora_mcp.settings import Settings, SettingsError
from flora_mcp.state import State
from flora_mcp.tenant import LOCAL_ID, Tenant

PLACE = f'workspace_id="{WORKSPACE}", project_id="{PROJECT}"'
CREATE = f'client.generations.create(type="image", prompt="a mug", model="t2i-plain", {PLACE})'
CREATE_JS = f'{{ type: "image", prompt: "a mug", workspace_id: "{WORKSPACE}", project_id: "{PROJECT}", '

EVERY_WAY = f"""
import asyncio
def calls():
    wish = dict(type="image", prompt="a mug", model="t2i-plain", {PLACE})
    for number in range(5):
        yield client.generations.create(**wish)
        yield client.generations.create(**wish, strict=False)
        yield client.runs.start_generation(**wish, strict=False)
        yield client.runs.startGeneration(**wish, idempotencyKey=f"key-{{number}}")
refused = []
async def attempt(call):
    try:
        return (await call).run_id
    except SpendCapError as error:
        refused.append([error.spent_usd, error.reserved_usd, error.cap_usd, error.quote_usd])
started = [run_id for run_id in await asyncio.gather(*[attempt(call) for call in calls()]) if run_id]
return [len(started), len(refused), refused[0]]
"""


def text_of(result: Any) -> str:
    return str(result.content[0].text)


@pytest.fixture
def paying(settings: Settings) -> Settings:
    """With a key: what is spent is real money."""
    return dataclasses.replace(
        settings, api_key="sk_test_any", base_url="http://studio.localhost/api/v1", time_budget_seconds=2.0
    )


@pytest.fixture
def flora() -> FakeFlora:
    fake = FakeFlora()
    fake.models = MODELS
    return fake


async def answered(settings: Settings, flora: FakeFlora | None, tool: str, arguments: dict[str, Any]) -> Any:
    with anyio.fail_after(60):
        async with open_app(settings, backend=flora and flora.app) as server, Client(server) as client:
            return await called(client, tool, arguments)


async def called(client: Client, tool: str, arguments: dict[str, Any]) -> Any:
    """Returns the answer; of a program, once it has ended, which takes a while on a busy machine."""
    result = await client.call_tool(tool, arguments)
    while (found := re.search(r"Still running as (exe_[\w-]+)", text_of(result))) is not None:
        result = await client.call_tool("wait", {"ids": [found[1]]})
    return result


async def test_a_program_passes_the_cap_by_no_way(paying: Settings, flora: FakeFlora) -> None:
    capped = dataclasses.replace(paying, max_spend_usd=0.12)
    result = await answered(capped, flora, "execute", {"code": EVERY_WAY})
    assert len(flora.created) == 3
    assert "Returned: [3, 17, [0.0, 0.12, 0.12, 0.04]]" in text_of(result)
    assert "This session: 0.000 spent, 0.120 reserved for what is not settled, cap 0.120 (FLORA_MAX_SPEND_USD)" in (
        text_of(result)
    )
    entries = await Ledger(paying.data_directory / "ledger.sqlite3").entries()
    assert [(entry.status, entry.money) for entry in entries] == [("started", "USD")] * 3


async def test_an_uncaught_cap_says_what_to_do(paying: Settings, flora: FakeFlora) -> None:
    capped = dataclasses.replace(paying, max_spend_usd=0.01)
    result = await answered(capped, flora, "execute", {"code": f"await {CREATE}"})
    assert result.is_error
    assert "SpendCapError: Not sent, nothing was spent on it: the cap of this session is 0.010 USD" in text_of(result)
    assert "ask the user to raise FLORA_MAX_SPEND_USD" in text_of(result)
    assert flora.created == []


async def test_generate_stops_at_the_cap_and_shows_what_was_started(paying: Settings, flora: FakeFlora) -> None:
    capped = dataclasses.replace(paying, max_spend_usd=0.1)
    result = await answered(capped, flora, "generate", {"prompt": "a mug", "model": "t2i-plain", "count": 9})
    assert len(flora.created) == 2
    assert re.search(r"Not started, of 9: number \d(, \d){6}: Not sent", text_of(result))
    assert "Quoted before: 0.080. This session: 0.000 spent, 0.080 reserved" in text_of(result)


@pytest.mark.parametrize("allowed", [False, True])
async def test_under_a_cap_the_default_model_needs_the_users_leave(
    paying: Settings, flora: FakeFlora, allowed: bool
) -> None:
    capped = dataclasses.replace(paying, max_spend_usd=1, allow_unknown_prices=allowed)
    result = await answered(capped, flora, "generate", {"prompt": "a mug"})
    assert len(flora.created) == int(allowed)
    assert ("FLORA_ALLOW_UNKNOWN_PRICES" in text_of(result)) is not allowed


async def test_generate_tells_every_wrong_parameter_once_and_sends_nothing(paying: Settings, flora: FakeFlora) -> None:
    wish = {"prompt": "a mug", "model": "t2i-rich", "params": {"resolution": "4K", "stepz": 3}, "count": 5}
    result = await answered(paying, flora, "generate", wish)
    assert result.is_error
    assert text_of(result).startswith("Nothing was started, nothing was spent.\n")
    assert text_of(result).count("Did you mean '4k'?") == 1
    assert "strict" not in text_of(result)
    assert "Did you mean 'steps'?" in text_of(result)
    assert flora.created == []


async def test_a_program_in_javascript_is_checked_and_may_say_that_it_knows_better(
    paying: Settings, flora: FakeFlora
) -> None:
    options = CREATE_JS + 'model: "t2i-plain", params: { aspectRatio: "16:9" }'
    code = f"""
async function run(client) {{
  try {{ await client.generations.create({options} }}); }}
  catch (error) {{ console.log(error.name, error instanceof BadRequestError, error.fields[0].field); }}
  return (await client.generations.create({options}, strict: false }})).run_id;
}}"""
    result = await answered(paying, flora, "execute", {"code": code})
    assert 'Returned: "run_1"' in text_of(result)
    assert "InvalidParamsError true params.aspectRatio" in text_of(result)
    assert "note: parameters not checked, as asked (strict=False)" in text_of(result)
    assert [body["params"] for body in flora.created] == [{"aspectRatio": "16:9"}]
    assert "strict" not in flora.created[0]


async def test_an_answer_says_that_parameters_went_unchecked(paying: Settings, flora: FakeFlora) -> None:
    flora.models = None
    result = await answered(paying, flora, "generate", {"prompt": "a mug", "params": {"aspect_ratio": "1:1"}})
    assert "note: parameters not checked: the catalogue cannot be read" in text_of(result)


async def test_a_call_whose_answer_was_lost_is_told_with_what_it_may_cost(paying: Settings, flora: FakeFlora) -> None:
    code = f"""
try:
    await {CREATE.replace("a mug", "lost")}
except RunUncertainError:
    pass
"""
    result = await answered(dataclasses.replace(paying, max_spend_usd=1), flora, "execute", {"code": code})
    assert "Without a clear answer, perhaps started and billed: 1 calls." in text_of(result)
    assert "0.040 reserved for what is not settled (1 without a clear answer), cap 1.000" in text_of(result)


async def test_a_cap_does_not_bind_what_is_no_money_and_says_so(settings: Settings, flora: FakeFlora) -> None:
    capped = dataclasses.replace(settings, max_spend_usd=0.0, time_budget_seconds=1.0)
    result = await answered(capped, flora, "generate", {"prompt": "a mug", "count": 2})
    assert len(flora.created) == 2
    assert "FLORA_MAX_SPEND_USD caps real money only." in text_of(result)
    entries = await Ledger(settings.data_directory / "ledger.sqlite3").entries()
    assert [entry.money for entry in entries] == ["studio", "studio"]


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        ({"read_only": True}, "FLORA_READ_ONLY"),
        ({"block_methods": ("generations.create",)}, "FLORA_BLOCK_METHODS"),
        ({"allow_methods": ("workspaces.list",)}, "FLORA_ALLOW_METHODS"),
    ],
)
@pytest.mark.parametrize(
    "code",
    [
        f"return await {CREATE}",
        f"return await {CREATE.replace('generations.create', 'runs.startGeneration')}",
        f"g = client.generations\nreturn await g.create(**dict(type='image', prompt='x', {PLACE}))",
        f"async function run(client) {{ return client.generations.create({CREATE_JS} }}); }}",
    ],
    ids=["python", "twin", "dynamic", "javascript"],
)
async def test_a_forbidden_method_is_not_offered_and_its_absence_is_explained(
    paying: Settings, flora: FakeFlora, change: dict[str, Any], setting: str, code: str
) -> None:
    ruled = dataclasses.replace(paying, **change)
    with anyio.fail_after(60):
        async with open_app(ruled, backend=flora.app) as server, Client(server) as client:
            tools = {tool.name: tool.description for tool in (await client.list_tools()).tools}
            result = await called(client, "execute", {"code": code})
            generated = await client.call_tool("generate", {"prompt": "a mug"})
    assert f"The user forbids all others ({setting})." in (tools["execute"] or "")
    assert len(tools["execute"] or "") < 2048
    assert re.search(r"generations\.create\b", (tools["execute"] or "").partition("Methods of client: ")[2]) is None
    assert "generate" not in tools
    assert result.is_error
    assert setting in text_of(result)
    assert generated.is_error
    assert setting in text_of(generated)
    assert flora.created == flora.projects == []


@pytest.mark.parametrize(
    "path",
    ["client.generations.create", "client.runs.startGeneration", "generations.create", "client.own.generations.create"],
)
async def test_a_call_that_never_passed_the_sandboxs_table_is_refused_all_the_same(path: str, tmp_path: Path) -> None:
    shop = Shop()
    async with customer(shop, rules=Rules.of(read_only=True)) as flora, anyio.create_task_group() as tasks:
        now = World().surroundings.now()
        execution = Execution(id="exe_1", kind="program", content="", started_at=now)
        runs = Runs(flora=flora, settle=_nothing, interval_seconds=1, pulse=Pulse())
        state = State(f"sqlite:///{tmp_path / 'server.sqlite3'}")
        journal = Journal(state=state, tenant=Tenant(id=LOCAL_ID))
        gate = Gate(journal=journal, intervals=Intervals(), tasks=tasks)
        bridge = Bridge(flora=flora, runs=runs, execution=execution, gate=gate, explain=_explain)
        with pytest.raises(CallFailed) as caught:
            await bridge.answer(Call(number=1, path=path, arguments=dict(WISH)))
        state.close()
    assert caught.value.type_name in {"MethodForbiddenError", "UnknownMethodError"}
    assert shop.sent == []


async def test_reading_goes_on_where_nothing_may_be_changed(paying: Settings, flora: FakeFlora) -> None:
    code = "return [len((await client.workspaces.list()).workspaces), len((await client.models.list()).models)]"
    result = await answered(dataclasses.replace(paying, read_only=True), flora, "execute", {"code": code})
    assert f"Returned: [1, {len(MODELS)}]" in text_of(result)


async def test_runs_are_watched_although_programs_may_not_read_them(paying: Settings, flora: FakeFlora) -> None:
    ruled = dataclasses.replace(paying, allow_methods=("generations.create",), time_budget_seconds=30.0)
    with anyio.fail_after(60):
        async with (
            open_app(ruled, backend=flora.app) as server,
            Client(server) as client,
            anyio.create_task_group() as tasks,
        ):
            tasks.start_soon(finish, flora)
            result = await client.call_tool("execute", {"code": f"return (await {CREATE}).run_id"})
    assert "Runs: 1 completed. Spent 0.050 USD.\nQuoted before: 0.040. This session: 0.050 spent." in text_of(result)


async def finish(flora: FakeFlora) -> None:
    await flora.has(1)
    flora.finish("run_1")


@pytest.mark.parametrize("name", ["allow_methods", "block_methods"])
async def test_a_rule_for_no_method_is_a_settings_error(settings: Settings, name: str) -> None:
    with pytest.raises(SettingsError, match=f"FLORA_{name.upper()}.*Did you mean generations.create"):
        async with open_app(dataclasses.replace(settings, **{name: ("generation.create",)})):
            pass


@pytest.fixture
def broken_ledger(paying: Settings) -> Path:
    paying.data_directory.mkdir()
    path = paying.data_directory / "ledger.sqlite3"
    path.write_text("no database" * 100)
    return path


@pytest.mark.usefixtures("broken_ledger")
async def test_a_broken_ledger_stops_no_server(paying: Settings, flora: FakeFlora) -> None:
    capped = dataclasses.replace(paying, max_spend_usd=0.04, time_budget_seconds=5.0)
    result = await answered(capped, flora, "generate", {"prompt": "a mug", "model": "t2i-plain", "count": 2})
    assert len(flora.created) == 1
    assert "cap 0.040" in text_of(result)


async def test_a_settled_cost_that_comes_late_is_asked_for_again() -> None:
    shop = Shop()
    sleeps: list[float] = []

    async def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        if sleeps.count(2.0) and len(sleeps) > 3:
            shop.end("run_1", cost_usd=0.07)
        await anyio.lowlevel.checkpoint()

    async with customer(shop, spending=Spending(cap_usd=1)) as flora:
        start = await flora.generations.create(**WISH)
        shop.end("run_1")
        async with Runs(flora=flora, settle=_nothing, interval_seconds=0, pulse=Pulse(), sleep=sleep) as runs:
            run = runs.track(start.run_id, quoted_cost_usd=start.charged_cost)
            with anyio.fail_after(5):
                await run.settled.wait()
                assert (run.cost_usd, run.is_settled) == (0.04, False)
                while not run.is_settled:
                    await anyio.lowlevel.checkpoint()
        assert run.cost_usd == flora.spending.totals.spent_usd == 0.07


async def test_a_run_is_remembered_until_its_cost_is_known_and_no_longer_than_needed() -> None:
    shop, later = Shop(), anyio.Event()

    async def sleep(seconds: float) -> None:
        if seconds == COST_DELAYS_SECONDS[0]:
            await later.wait()
        await anyio.lowlevel.checkpoint()

    async with customer(shop) as flora:
        start = await flora.generations.create(**WISH)
        others = [f"run_of_others_{number}" for number in range(KEPT + 1)]
        shop.runs |= {run_id: {**shop.runs[start.run_id], "run_id": run_id} for run_id in others}
        shop.end(start.run_id)
        async with Runs(flora=flora, settle=_nothing, interval_seconds=0, pulse=Pulse(), sleep=sleep) as runs:
            run = runs.track(start.run_id)
            with anyio.fail_after(10):
                await run.settled.wait()
                for run_id in others:
                    runs.track(run_id)
                kept = runs.get(start.run_id)
                shop.end(start.run_id, cost_usd=0.07)
                later.set()
                while run.watched:
                    await anyio.lowlevel.checkpoint()
                runs.track(others[0])
    assert (kept, run.cost_usd) == (run, 0.07)
    assert runs.get(start.run_id) is None


async def _nothing(run: TrackedRun) -> None:
    pass


async def _explain(topic: str, *, language: str) -> str:
    raise AssertionError(f"nobody asked for {topic!r} in {language}")

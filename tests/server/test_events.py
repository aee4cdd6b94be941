"""What changes, told to those who listen: in both eras, from other processes, and to nobody else."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
from fakes import patience
from fakes.flora import FakeFlora
from mcp import Client
from mcp.server.connection import Connection
from mcp.server.subscriptions import ResourcesListChanged, ResourceUpdated
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS

from flora_mcp.app import open_desks
from flora_mcp.protocol import FloraServer, News
from flora_mcp.protocol.changes import MOST_SUBSCRIPTIONS
from flora_mcp.settings import Settings
from flora_mcp.state import Notice, State
from flora_mcp.state.tables.events import KEPT_SECONDS
from flora_mcp.tenant import Tenant

# Clients of the handshake era ask so; the SDK warns whoever still does.
pytestmark = pytest.mark.filterwarnings("ignore:resources/(un)?subscribe is removed")

RUN = "flora://runs/run_1"
OUTPUT = "flora://runs/run_1/outputs/output_1"
OTHER_OUTPUT = "flora://runs/run_2/outputs/output_1"
LIST_CHANGED = "list_changed"


@pytest.fixture
def flora() -> FakeFlora:
    return FakeFlora()


@pytest.fixture
def paying(settings: Settings) -> Settings:
    base_url = "http://studio.localhost/api/v1"
    return dataclasses.replace(settings, api_key="sk_test", base_url=base_url, time_budget_seconds=1.0)


@asynccontextmanager
async def serving(settings: Settings, flora: FakeFlora, tenant: str = "local") -> AsyncIterator[FloraServer]:
    """A process of its own, as far as its memory goes; what it shares with others is the database."""
    async with open_desks(settings, backend=flora.app) as opened:
        yield opened.server(lambda _: Tenant(id=tenant, api_key=f"sk_{tenant}"))


class Ear:
    """Keeps what a handshake client is notified of."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._news = anyio.Event()

    async def __call__(self, message: Any) -> None:
        method = getattr(message, "method", "")
        if method == "notifications/resources/updated":
            self.heard.append(str(message.params.uri))
        elif method == "notifications/resources/list_changed":
            self.heard.append(LIST_CHANGED)
        self._news.set()
        self._news = anyio.Event()

    async def until(self, thing: str, count: int = 1) -> None:
        while self.heard.count(thing) < count:
            await self._news.wait()


async def until(changes: Any, wanted: Any) -> list[Any]:
    """Returns what a listening client hears up to what is wanted."""
    heard = []
    async for event in changes:
        heard.append(event)
        if event == wanted:
            break
    return heard


async def generate(client: Client) -> None:
    await patience.until(client, await client.call_tool("generate", {"prompt": "a mug"}), "run_1")


async def test_a_listening_client_hears_how_its_run_goes_on_and_of_each_output(
    paying: Settings, flora: FakeFlora
) -> None:
    with anyio.fail_after(60):
        async with (
            serving(paying, flora) as server,
            Client(server) as client,
            client.listen(resource_subscriptions=[RUN, OUTPUT]) as changes,
        ):
            await generate(client)
            flora.runs["run_1"]["status"] = "running"
            assert await until(changes, ResourceUpdated(uri=RUN)) == [ResourceUpdated(uri=RUN)]
            running = await client.read_resource(RUN)
            flora.finish("run_1")
            await until(changes, ResourceUpdated(uri=OUTPUT))
            done = await client.read_resource(RUN)
    assert '"status": "running"' in running.contents[0].text
    assert '"status": "completed"' in done.contents[0].text
    assert OUTPUT in done.contents[0].text


async def test_a_subscribed_client_hears_until_it_unsubscribes(paying: Settings, flora: FakeFlora) -> None:
    ear = Ear()
    with anyio.fail_after(60):
        async with (
            serving(paying, flora) as server,
            Client(server, mode="legacy", message_handler=ear) as client,
        ):
            await client.subscribe_resource(RUN)
            await generate(client)
            flora.runs["run_1"]["status"] = "running"
            await ear.until(RUN)
            await client.unsubscribe_resource(RUN)
            before = ear.heard.count(RUN)
            flora.finish("run_1")
            await ear.until(LIST_CHANGED)
    assert ear.heard.count(RUN) == before


async def test_a_run_that_somebody_else_has_started_is_watched_for_who_subscribes(
    paying: Settings, flora: FakeFlora
) -> None:
    flora.runs["run_7"] = {"run_id": "run_7", "status": "running", "progress": 10, "created_at": 1}
    ear = Ear()
    with anyio.fail_after(60):
        async with (
            serving(paying, flora) as server,
            Client(server, mode="legacy", message_handler=ear) as client,
        ):
            await client.subscribe_resource("flora://runs/run_7")
            flora.finish("run_7")
            await ear.until("flora://runs/run_7")
            await ear.until(LIST_CHANGED)


async def test_another_process_tells_a_listening_client(paying: Settings, flora: FakeFlora) -> None:
    with anyio.fail_after(30):
        async with (
            serving(paying, flora) as here,
            serving(paying, flora) as there,
            Client(here) as listener,
            Client(there) as maker,
            listener.listen(resources_list_changed=True, resource_subscriptions=[OUTPUT]) as changes,
        ):
            await generate(maker)
            flora.finish("run_1")
            heard = await until(changes, ResourceUpdated(uri=OUTPUT))
            read = await listener.read_resource(OUTPUT)
    assert ResourcesListChanged() in heard
    assert read.contents[0].mime_type == "image/png"


async def test_another_process_tells_a_subscribed_client(paying: Settings, flora: FakeFlora) -> None:
    ear = Ear()
    with anyio.fail_after(30):
        async with (
            serving(paying, flora) as here,
            serving(paying, flora) as there,
            Client(here, mode="legacy", message_handler=ear) as listener,
            Client(there) as maker,
        ):
            await listener.subscribe_resource(OUTPUT)
            await generate(maker)
            flora.finish("run_1")
            await ear.until(OUTPUT)
            await ear.until(LIST_CHANGED)


async def test_a_client_that_read_the_list_hears_that_another_process_has_changed_it(
    paying: Settings, flora: FakeFlora
) -> None:
    ear = Ear()
    with anyio.fail_after(30):
        async with (
            serving(paying, flora) as here,
            serving(paying, flora) as there,
            Client(here, mode="legacy", message_handler=ear) as listener,
            Client(there) as maker,
        ):
            await listener.list_resources()
            await generate(maker)
            flora.finish("run_1")
            await ear.until(LIST_CHANGED)


async def test_a_tenant_hears_nothing_of_another_tenants_doings(paying: Settings, flora: FakeFlora) -> None:
    with anyio.fail_after(30):
        async with (
            serving(paying, flora, "one") as ones,
            serving(paying, flora, "two") as twos,
            Client(ones) as one,
            Client(twos) as two,
            one.listen(resource_subscriptions=[OUTPUT, OTHER_OUTPUT]) as changes,
            two.listen(resource_subscriptions=[OUTPUT]) as others,
        ):
            await generate(two)
            flora.finish("run_1")
            await until(others, ResourceUpdated(uri=OUTPUT))
            await one.call_tool("generate", {"prompt": "a cup"})
            flora.finish("run_2")
            heard = await until(changes, ResourceUpdated(uri=OTHER_OUTPUT))
    assert heard == [ResourceUpdated(uri=OTHER_OUTPUT)]


async def test_an_address_of_no_known_form_cannot_be_subscribed_to(paying: Settings, flora: FakeFlora) -> None:
    with anyio.fail_after(60):
        async with serving(paying, flora) as server, Client(server, mode="legacy") as client:
            with pytest.raises(MCPError) as caught:
                await client.subscribe_resource("flora://nothing/there")
    assert caught.value.error.code == INVALID_PARAMS
    assert "flora://runs/{run_id}" in caught.value.error.message


async def test_without_a_database_a_client_still_hears_of_its_own_process(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ear = Wire()
    async with News(State(f"sqlite:///{tmp_path / 'file' / 'server.sqlite3'}")) as news:
        changes = news.changes("local")
        with anyio.fail_after(5):
            await changes.subscribe(ear.connection, RUN)
            await changes.updated(RUN)
            await ear.until(1)
    assert ear.sent == [("notifications/resources/updated", RUN)]


async def test_a_stream_tells_of_so_many_resources(paying: Settings, flora: FakeFlora) -> None:
    uris = [f"flora://runs/run_{number}" for number in range(MOST_SUBSCRIPTIONS + 1)]
    with anyio.fail_after(60):
        async with serving(paying, flora) as server, Client(server) as client:
            with pytest.raises(MCPError) as caught:
                async with client.listen(resource_subscriptions=uris):
                    pass
    assert caught.value.error.code == INVALID_PARAMS
    assert flora.requests["retrieve"] == 0


class Wire:
    """The way to one handshake client; `stopped` lets nothing through."""

    def __init__(self, *, stopped: bool = False) -> None:
        self.sent: list[tuple[str, Any]] = []
        self.open = anyio.Event()
        if not stopped:
            self.open.set()
        self._news = anyio.Event()
        self.connection = Connection.for_loop(self)  # type: ignore[arg-type]

    async def notify(self, method: str, params: Any, opts: Any = None) -> None:
        await self.open.wait()
        self.sent.append((method, (params or {}).get("uri")))
        self._news.set()
        self._news = anyio.Event()

    async def until(self, count: int) -> None:
        while len(self.sent) < count:
            await self._news.wait()


async def test_who_reads_slowly_holds_up_nobody_and_hears_each_thing_once() -> None:
    slow, quick = Wire(stopped=True), Wire()
    async with News() as news:
        changes = news.changes("local")
        for wire in (slow, quick):
            await changes.subscribe(wire.connection, RUN)
        with anyio.fail_after(5):
            for number in range(1, 6):
                await changes.updated(RUN)
                await quick.until(number)
            slow.open.set()
            await slow.until(2)
    assert len(quick.sent) == 5
    # The one that was on its way, and one for all that came meanwhile.
    assert slow.sent == [("notifications/resources/updated", RUN)] * 2


async def test_a_connection_that_ends_is_forgotten() -> None:
    wire = Wire()
    async with News() as news:
        changes = news.changes("local")
        await changes.subscribe(wire.connection, RUN)
        await wire.connection.exit_stack.aclose()
        assert not changes.wanted
        await changes.updated(RUN)
    assert wire.sent == []


async def test_a_client_may_subscribe_to_so_many_resources() -> None:
    wire = Wire()
    async with News() as news:
        changes = news.changes("local")
        for number in range(MOST_SUBSCRIPTIONS):
            await changes.subscribe(wire.connection, f"flora://runs/run_{number}")
        await changes.subscribe(wire.connection, "flora://runs/run_0")
        with pytest.raises(MCPError) as caught:
            await changes.subscribe(wire.connection, "flora://runs/run_more")
    assert caught.value.error.code == INVALID_PARAMS


def updated(tenant: str, uri: str = RUN) -> Notice:
    return Notice(tenant=tenant, kind="updated", uri=uri)


async def test_events_are_read_in_order_by_whom_they_concern(url: str) -> None:
    state = State(url)
    events = (await state.tables()).events
    await events.post([updated("one")], origin="a", now=0.0)
    place = await events.latest()
    await events.post([updated("one", "x"), updated("two", "y")], origin="a", now=1.0)
    await events.post([updated("one", "own")], origin="b", now=2.0)
    await events.post([updated("one", "z")], origin="a", now=3.0)
    reached, notices = await events.since(place, tenants={"one"}, origin="b")
    again = await events.since(reached, tenants={"one"}, origin="b")
    state.close()
    assert notices == [updated("one", "x"), updated("one", "z")]
    assert again == (reached, [])


async def test_old_events_go_and_their_places_are_not_used_again(url: str) -> None:
    state = State(url)
    events = (await state.tables()).events
    await events.post([updated("one", "old")], origin="a", now=0.0)
    old = await events.latest()
    await events.post([updated("one", "new")], origin="a", now=KEPT_SECONDS + 1)
    _, notices = await events.since(0, tenants={"one"}, origin="b")
    newest = await events.latest()
    state.close()
    assert notices == [updated("one", "new")]
    assert newest > old


async def test_the_events_of_two_machines_reach_each_other(url: str) -> None:
    wires = [Wire(), Wire()]
    states = [State(url), State(url)]
    async with News(states[0], look_seconds=0.01) as here, News(states[1], look_seconds=0.01) as there:
        ours, theirs = here.changes("one"), there.changes("one")
        with anyio.fail_after(10):
            await ours.subscribe(wires[0].connection, RUN)
            await theirs.subscribe(wires[1].connection, OUTPUT)
            await ours.updated(OUTPUT)
            await theirs.updated(RUN)
            for wire in wires:
                await wire.until(1)
    for state in states:
        state.close()
    assert [wire.sent for wire in wires] == [
        [("notifications/resources/updated", RUN)],
        [("notifications/resources/updated", OUTPUT)],
    ]

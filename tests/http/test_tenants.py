"""What one tenant gets out of another's things, with everything in hand but the key: nothing, on any replica."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import sqlalchemy as sa
from fakes.neighbours import ACCEPT, REPLICAS, Street, found, open_street, text_of
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import ResourceTemplateReference

SECRET = "velvet-otter"
"""In whatever the victim has made and an answer could hold."""

HELD = f"""
place = {{"workspace_id": "WORKSPACE", "project_id": "PROJECT"}}
start = await client.generations.create(type="image", prompt="held {SECRET}", **place)
print("{SECRET}")
await client.generations.wait(start.run_id)
return "{SECRET}"
"""


@dataclass(kw_only=True)
class Victim:
    """What Ada has, and Bob has found out."""

    street: Street
    run_id: str
    held_run_id: str
    output_uri: str
    output_url: str
    execution_id: str
    program: str


@pytest.fixture(scope="module")
async def victim(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Victim]:
    async with AsyncExitStack() as stack:
        street = await stack.enter_async_context(open_street(tmp_path_factory.mktemp("street")))
        street.gate("held")
        made = await street.generate("ada", SECRET)
        place = {"WORKSPACE": found(r"ws_\w+", made), "PROJECT": found(r"prj_\w+", made)}
        program = re.sub("WORKSPACE|PROJECT", lambda match: place[match[0]], HELD)
        running = await street.ask("ada", "execute", {"code": program})
        yield Victim(
            street=street,
            run_id=found(r"run_\w+", made),
            held_run_id=found(r"run_\w+", running),
            output_uri=found(r"flora://runs/\w+/outputs/\w+", made),
            output_url=found(r"http://\S+/outputs/[^\s,]+", made),
            execution_id=found(r"exe_[\w-]+", running),
            program=program,
        )


def alike(mine: str, theirs: str, *, ids: tuple[str, str]) -> None:
    """Holds that an answer tells no more of an id that exists than of one that does not."""
    assert SECRET not in theirs
    # The studio numbers requests.
    plain = [
        re.sub(r"req_\w+", "REQ", text.replace(each, "ID")) for text, each in zip((mine, theirs), ids, strict=True)
    ]
    assert plain[0] == plain[1]


@pytest.mark.parametrize("replica", REPLICAS)
@pytest.mark.parametrize("kind", ["execution_id", "run_id", "held_run_id"])
async def test_waiting_for_anothers_work_is_waiting_for_nothing(victim: Victim, kind: str, replica: int) -> None:
    real: str = getattr(victim, kind)
    made_up = real[:-4] + "0000"
    answers = [await victim.street.ask("bob", "wait", {"ids": [each]}, replica=replica) for each in (made_up, real)]
    alike(*answers, ids=(made_up, real))


@pytest.mark.parametrize("replica", REPLICAS)
async def test_anothers_resources_are_not_there(victim: Victim, replica: int) -> None:
    async with victim.street.client("bob", replica=replica) as bob:
        listed = [str(each.uri) for each in (await bob.list_resources()).resources]
        assert not [uri for uri in listed if uri.startswith("flora://")]
        for real, made_up in (
            (victim.output_uri, victim.output_uri.replace(victim.run_id, "run_0000")),
            (f"flora://runs/{victim.run_id}", "flora://runs/run_0000"),
            (f"flora://runs/{victim.held_run_id}", "flora://runs/run_0000"),
        ):
            alike(await refusal(bob, made_up), await refusal(bob, real), ids=(made_up, real))


async def refusal(client: Client, uri: str) -> str:
    with pytest.raises(MCPError) as caught:
        await client.read_resource(uri)
    return str(caught.value)


@pytest.mark.parametrize("replica", REPLICAS)
async def test_ids_cannot_be_completed_out_of_anothers_work(victim: Victim, replica: int) -> None:
    async with victim.street.client("bob", replica=replica) as bob:
        templates = (await bob.list_resource_templates()).resource_templates
        offered: list[str] = []
        for template in templates:
            reference = ResourceTemplateReference(uri=template.uri_template)
            for name in re.findall(r"\{(\w+)\}", template.uri_template):
                for start in ("", victim.run_id[:6]):
                    argument = {"name": name, "value": start}
                    answer = await bob.complete(reference, argument, {"run_id": victim.run_id})
                    offered += answer.completion.values
    assert len(templates) > 1
    assert not [value for value in offered if value in (victim.run_id, victim.held_run_id)]


@pytest.mark.parametrize("replica", REPLICAS)
async def test_a_program_reaches_nothing_of_anothers(victim: Victim, replica: int) -> None:
    code = f"""
told = []
for call in (
    lambda: client.generations.retrieve("{victim.run_id}"),
    lambda: client.generations.retrieve("{victim.held_run_id}"),
):
    try:
        told.append(str(await call()))
    except APIError as error:
        told.append(error.status)
told.append(len((await client.generations.list()).generations))
return told
"""
    answer = await victim.street.ask("bob", "execute", {"code": code}, replica=replica)
    assert "Returned: [404, 404, 0]" in answer
    assert SECRET not in answer


@pytest.mark.parametrize("replica", REPLICAS)
async def test_the_same_program_of_another_is_a_program_of_ones_own(victim: Victim, replica: int) -> None:
    answer = await victim.street.ask("bob", "execute", {"code": victim.program}, replica=replica)
    assert victim.execution_id not in answer
    assert victim.held_run_id not in answer
    assert "Picked up" not in answer
    # His key opens none of her workspaces.
    assert "NotFoundError" in answer or "PermissionDeniedError" in answer


@pytest.mark.parametrize("replica", REPLICAS)
@pytest.mark.parametrize("tool", ["show", "upload"])
async def test_anothers_output_cannot_be_named_to_a_tool(victim: Victim, tool: str, replica: int) -> None:
    async with victim.street.client("bob", replica=replica) as bob:
        definition = next((each for each in (await bob.list_tools()).tools if each.name == tool), None)
        assert definition is not None
        answers = []
        made_up = victim.output_uri.replace(victim.run_id, "run_0000")
        for uri in (made_up, victim.output_uri):
            for name in ("source", "sources", "what", "of", "items"):
                if name in definition.input_schema["properties"]:
                    wants = definition.input_schema["properties"][name].get("type")
                    answers.append(text_of(await bob.call_tool(tool, {name: [uri] if wants == "array" else uri})))
    alike(*answers, ids=(made_up, victim.output_uri))


async def test_the_address_of_an_output_opens_for_who_has_it_and_cannot_be_guessed(victim: Victim) -> None:
    base, token, name = re.match(r"(.*/outputs/)([\w-]+)(/.+)", victim.output_url).groups()  # type: ignore[union-attr]
    async with httpx.AsyncClient() as web:
        opened = await web.get(victim.output_url)
        assert (opened.status_code, opened.content[:4]) == (200, b"\x89PNG")
        swapped = token[:-1] + ("A" if token[-1] != "A" else "B")
        for guess in (swapped, token[:-2], token[::-1], "", victim.run_id, "A" * len(token), f"{token}A"):
            answer = await web.get(f"{base}{guess}{name}")
            assert answer.status_code == 404, guess
    # Nothing that names it can be taken for the token.
    assert len(token) >= 32
    assert victim.run_id not in token


class Wire:
    """Requests as an attacker writes them."""

    def __init__(self, street: Street, web: httpx.AsyncClient) -> None:
        self.street = street
        self.web = web

    async def send(self, name: str, method: str, *, session: str | None = None, replica: int = 0) -> httpx.Response:
        headers = {**ACCEPT, "authorization": f"Bearer {self.street.keys[name]}"}
        headers |= {"mcp-session-id": session} if session else {}
        hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
        params = hello if method == "initialize" else {}
        verb = method if method in ("GET", "DELETE") else "POST"
        body = None if verb != "POST" else {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        with anyio.fail_after(20):  # a stream that opens would never end
            return await self.web.request(verb, f"{self.street.urls[replica]}/mcp", json=body, headers=headers)


@pytest.fixture
async def wire(victim: Victim) -> AsyncIterator[Wire]:
    async with httpx.AsyncClient(timeout=30) as web:
        yield Wire(victim.street, web)


@pytest.mark.parametrize("replica", REPLICAS)
@pytest.mark.parametrize("method", ["ping", "tools/list", "GET", "DELETE"])
async def test_anothers_session_is_no_session_and_goes_on_for_its_owner(wire: Wire, method: str, replica: int) -> None:
    opened = await wire.send("ada", "initialize")
    session = opened.headers["mcp-session-id"]
    made_up = "0" * len(session)
    answers = [await wire.send("bob", method, session=each, replica=replica) for each in (made_up, session)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert (await wire.send("ada", "ping", session=session)).status_code == 200
    assert (await wire.send("ada", "DELETE", session=session)).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"authorization": "Bearer sk_live_" + "x" * 43}, {"x-flora-api-key": "guess"}])
@pytest.mark.parametrize("verb", ["GET", "POST", "DELETE"])
async def test_without_a_key_that_flora_knows_nobody_gets_as_far_as_mcp(
    victim: Victim, verb: str, headers: dict[str, str]
) -> None:
    async with httpx.AsyncClient() as web:
        answer = await web.request(verb, f"{victim.street.urls[0]}/mcp", headers={**ACCEPT, **headers}, content=b"{")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert not [value for value in headers.values() if value in answer.text]


class Ear:
    """Keeps what a client is notified of."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._news = anyio.Event()

    async def __call__(self, message: Any) -> None:
        params = getattr(message, "params", None)
        self.take(str(getattr(params, "uri", message)))

    async def listen(self, changes: Any) -> None:
        async for change in changes:
            self.take(str(getattr(change, "uri", change)))

    def take(self, what: str) -> None:
        self.heard.append(what)
        self._news.set()
        self._news = anyio.Event()

    async def until(self, uri: str) -> None:
        while uri not in self.heard:
            await self._news.wait()


@pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning")
@pytest.mark.parametrize("replica", REPLICAS)
async def test_news_of_anothers_work_do_not_arrive(victim: Victim, replica: int) -> None:
    street, ada_ear, bob_ear, bob_listens = victim.street, Ear(), Ear(), Ear()
    gates = {name: street.gate(f"gate-{name}-{replica}") for name in ("ada", "bob")}
    runs = {name: await street.start(name, f"gate-{name}-{replica} a mug") for name in gates}
    hers, his = (f"flora://runs/{runs[name]}" for name in ("ada", "bob"))
    uris = [hers, f"{hers}/outputs/output_1", his]
    async with (
        street.client("ada", mode="legacy", message_handler=ada_ear) as ada,
        street.client("bob", replica=replica, mode="legacy", message_handler=bob_ear) as bob,
        street.client("bob", replica=replica) as listener,
        listener.listen(resource_subscriptions=uris, resources_list_changed=True) as changes,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(bob_listens.listen, changes)
        await ada.subscribe_resource(hers)
        for uri in uris:
            await bob.subscribe_resource(uri)
        with anyio.fail_after(30):
            gates["ada"].set()
            await ada_ear.until(hers)
            # What comes after hers, in the order of all news.
            gates["bob"].set()
            await bob_ear.until(his)
            await bob_listens.until(his)
        tasks.cancel_scope.cancel()
    for ear in (bob_ear, bob_listens):
        assert not [each for each in ear.heard if runs["ada"] in each]
        assert len([each for each in ear.heard if "hanged" in each]) <= 1


async def test_money_of_one_does_not_count_for_another(victim: Victim) -> None:
    await victim.street.generate("bob", "a mug of bob's own")
    told = await victim.street.generate("bob", "another mug of bob's own")
    spent = float(re.search(r"Today \(UTC\): ([\d.]+) spent", told)[1])  # type: ignore[index]
    assert spent == pytest.approx(0.008)
    tables = await victim.street.opened[0].state.tables()

    def tenants(connection: sa.Connection) -> dict[str, set[str]]:
        rows = connection.execute(sa.text("SELECT tenant, run_id FROM flora_calls WHERE run_id IS NOT NULL"))
        by_tenant: dict[str, set[str]] = {}
        for row in rows:
            by_tenant.setdefault(row.tenant, set()).add(row.run_id)
        return by_tenant

    books = await tables.database.read(tenants)
    [of_ada] = [runs for runs in books.values() if victim.run_id in runs]
    assert len(books) == 2
    assert victim.held_run_id in of_ada


async def test_no_row_of_any_table_is_nobodys(victim: Victim) -> None:
    tables = await victim.street.opened[0].state.tables()

    def look(connection: sa.Connection) -> dict[str, bool]:
        names = sa.inspect(connection).get_table_names()
        columns = {name: sa.inspect(connection).get_columns(name) for name in names if name.startswith("flora_")}
        return {name: any(column["name"] == "tenant" for column in found) for name, found in columns.items()}

    owned = await tables.database.read(look)
    assert {name for name, has_tenant in owned.items() if not has_tenant} <= {"flora_about", "flora_blobs"}


async def test_the_victim_has_lost_nothing(victim: Victim, tmp_path: Path) -> None:
    victim.street.gate("held").set()
    with anyio.fail_after(30):
        while "Still running" in (
            answer := await victim.street.ask("ada", "wait", {"ids": [victim.execution_id]}, replica=1)
        ):
            continue
    assert f'Returned: "{SECRET}"' in answer

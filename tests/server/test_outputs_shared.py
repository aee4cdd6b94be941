"""One index of outputs for several machines and tenants, on both databases."""

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import anyio
import pytest
from fakes.media import STARTED, DownloadError, Web, png, run_of

from flora_mcp.flora.types import RunState
from flora_mcp.outputs import Addresses, OutputStore, Shelf, StoreError, describe
from flora_mcp.state import State

OpenStore = Callable[..., OutputStore]

A, B = "https://media.example/a.png", "https://media.example/b.png"


@pytest.fixture
def web() -> Web:
    return Web(pages={A: png(), B: png(colour="navy")})


@pytest.fixture
def open_shelf(tmp_path: Path, url: str) -> Iterator[Callable[..., Shelf]]:
    """Opens shelves as machines would: each in a folder of its own, on one database."""
    numbers = itertools.count(1)
    with ExitStack() as stack:

        def open_one(**options: Any) -> Shelf:
            state = State(url)
            stack.callback(state.close)
            directory = tmp_path / f"machine-{next(numbers)}"
            return Shelf(directory=directory, state=state, clock=lambda: STARTED, **options)

        yield open_one


@pytest.fixture
def open_store(open_shelf: Callable[..., Shelf], web: Web) -> OpenStore:
    def open_one(tenant: str = "local", *, shelf: Shelf | None = None) -> OutputStore:
        return OutputStore(shelf=shelf or open_shelf(), tenant=tenant, fetch=web, fetch_errors=(DownloadError,))

    return open_one


async def test_another_machine_brings_the_bytes_to_itself(open_store: OpenStore, web: Web) -> None:
    first, second = open_store(), open_store()
    (stored,) = await first.collect(run_of(A, facts={"seed": 3, "alt_text": "A field."}))
    (found,) = await second.of_run("run_1")

    assert found.path != stored.path
    assert found.path.read_bytes() == stored.path.read_bytes() == web.pages[A]
    assert (found.uri, found.sha256, found.facts, found.alt_text) == (
        stored.uri,
        stored.sha256,
        {"seed": 3, "alt_text": "A field."},
        "A field.",
    )
    assert await second.collect(run_of(A)) == (found,)
    assert web.asked == [A, A]


async def test_a_text_reaches_another_machine_although_no_address_has_it(open_store: OpenStore, web: Web) -> None:
    first, second = open_store(), open_store()
    text = "naïve \0 text " * 500
    (stored,) = await first.collect(run_of(text, kind="text"))
    (found,) = await second.of_run("run_1")
    assert found.path.read_bytes() == text.encode()
    assert await second.read(stored) == text.encode()


async def test_machines_that_store_a_run_at_once_enter_it_once(open_store: OpenStore) -> None:
    stores = [open_store() for _ in range(4)]
    run = run_of(A, B)
    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            for store in stores:
                tasks.start_soon(store.collect, run)
    for store in stores:
        listed, cursor = await store.list(limit=10)
        assert [output.output_id for output in listed] == ["output_1", "output_2"]
        assert cursor is None


async def test_a_tenant_sees_nothing_of_another(open_shelf: Callable[..., Shelf], open_store: OpenStore) -> None:
    shelf = open_shelf(addresses=Addresses("https://server.example"))
    mine, other = open_store("t1", shelf=shelf), open_store("t2", shelf=shelf)
    (stored,) = await mine.collect(run_of(A))
    await mine.collect(run_of(B, run_id="run_secret"))

    assert await other.get("run_1", "output_1") is None
    assert await other.of_run("run_1") == ()
    assert await other.list(limit=10) == ([], None)
    assert await other.run_ids() == []
    assert await other.ids_of_run("run_1") == []
    bare = RunState.model_validate({"run_id": "run_1", "status": "completed", "created_at": 1})
    assert await other.collect(bare) == ()

    (own,) = await other.collect(run_of(B))
    assert own.sha256 != stored.sha256
    assert own.url != stored.url
    assert (await mine.of_run("run_1"))[0] == stored
    assert await mine.run_ids() == ["run_secret", "run_1"]


async def test_the_pages_of_a_tenant_hold_only_its_own(open_shelf: Callable[..., Shelf], open_store: OpenStore) -> None:
    shelf = open_shelf()
    stores = {tenant: open_store(tenant, shelf=shelf) for tenant in ("t1", "t2")}
    for number in range(6):
        await stores["t2" if number % 3 == 0 else "t1"].collect(run_of(A, run_id=f"run_{number}"))

    seen = []
    cursor = None
    while True:
        page, cursor = await stores["t1"].list(cursor=cursor, limit=1)
        seen += [output.run_id for output in page]
        if cursor is None:
            break
    assert seen == ["run_5", "run_4", "run_2", "run_1"]


async def test_a_cursor_of_another_tenant_opens_nothing(
    open_shelf: Callable[..., Shelf], open_store: OpenStore
) -> None:
    shelf = open_shelf()
    mine, other = open_store("t1", shelf=shelf), open_store("t2", shelf=shelf)
    for number in range(3):
        await mine.collect(run_of(A, run_id=f"run_{number}"))
    _, cursor = await mine.list(limit=1)
    assert cursor is not None
    assert await other.list(cursor=cursor, limit=10) == ([], None)


async def test_run_ids_are_found_by_how_they_begin_to_the_letter(open_store: OpenStore) -> None:
    store = open_store()
    for run_id in ("run_ab", "run_aB", "run%a", "runXab", "ß"):
        await store.collect(run_of(A, run_id=run_id))
    assert await store.run_ids(prefix="run_a") == ["run_aB", "run_ab"]
    assert await store.run_ids(prefix="run%") == ["run%a"]
    assert await store.run_ids(prefix="\0") == []
    assert await store.run_ids(limit=2) == ["ß", "runXab"]


@pytest.mark.parametrize("odd", ["nul \0", "quote ' \" ;--", "\ud83d half", "\U0001f3a8", "x" * 5000])
async def test_ids_that_are_odd_do_no_harm(open_store: OpenStore, odd: str) -> None:
    store = open_store()
    run = RunState.model_validate(
        {
            "run_id": odd,
            "status": "completed",
            "created_at": 1,
            "outputs": [{"output_id": odd, "type": "imageUrl", "url": A}],
            "facts": {"alt_text": odd, "list": [odd]},
        }
    )
    (output,) = await store.collect(run)
    assert await store.get(odd, odd) == output
    assert await store.collect(run) == (output,)


async def test_an_address_leads_to_its_output_from_every_machine(
    open_shelf: Callable[..., Shelf], open_store: OpenStore
) -> None:
    addresses = Addresses()
    first, second = open_shelf(addresses=addresses), open_shelf()
    store = open_store("t1", shelf=first)
    with addresses.at("https://server.example"):
        (output,) = await store.collect(run_of(A))
    match = re.fullmatch(r"https://server\.example/outputs/([\w-]{43})/run_1-output_1\.png", output.url or "")
    assert match is not None

    found = await second.find(match[1])
    assert found is not None
    assert (found[0], found[1].run_id, found[1].output_id) == ("t1", "run_1", "output_1")
    assert await second.find(match[1][:-1]) is None
    assert await second.find("") is None
    assert await second.find("\0'\ud83d") is None


async def test_each_is_told_the_address_where_it_came_in_and_no_path(
    open_shelf: Callable[..., Shelf], open_store: OpenStore
) -> None:
    addresses = Addresses()
    store = open_store(shelf=open_shelf(addresses=addresses))
    run = run_of(A)
    told = {}
    for base in (None, "http://one:1", "http://two:2"):
        with addresses.at(base):
            (collected,) = await store.collect(run)
            (listed,), _ = await store.list(limit=1)
            assert collected == listed == await store.get("run_1", "output_1")
            assert (collected,) == await store.of_run("run_1")
            told[base] = describe(collected)
    assert "machine-1" in told[None]
    assert "file http://one:1/outputs/" in told["http://one:1"]
    assert "file http://two:2/outputs/" in told["http://two:2"]
    assert not any("machine-1" in told[base] for base in ("http://one:1", "http://two:2"))


async def test_a_database_that_is_gone_is_told_and_used_again_when_it_is_back(tmp_path: Path, web: Web) -> None:
    path = tmp_path / "folder"
    path.write_text("in the way")
    state = State(f"sqlite:///{path / 'server.sqlite3'}")
    store = OutputStore(shelf=Shelf(directory=tmp_path / "data", state=state), fetch=web)
    with pytest.raises(StoreError) as caught:
        await store.of_run("run_1")
    assert caught.value.directory == tmp_path / "data"
    path.unlink()
    assert len(await store.collect(run_of(A))) == 1
    state.close()

"""The folder of outputs has a bound: what goes is the longest unused, of the tenant that holds the most."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from fakes.media import Clock, DownloadError, Web, run_of

from flora_mcp.outputs import OutputStore, Shelf, StoredOutput
from flora_mcp.outputs._room import Kept, dispensable
from flora_mcp.state import State
from flora_mcp.state.output_row import Holding

OpenStore = Callable[..., OutputStore]

SIZE = 1000
HOUR = 3600.0


def url(name: str) -> str:
    return f"https://media.example/{name}"


class AnyPage(dict[str, bytes]):
    """Every address has bytes of its own."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> bytes:
        return random.Random(name).randbytes(SIZE)


@pytest.fixture
def web() -> Web:
    return Web(pages=AnyPage())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_store(tmp_path: Path, web: Web, clock: Clock) -> Iterator[OpenStore]:
    with ExitStack() as stack:

        def open_one(tenant: str = "t1", *, shelf: Shelf | None = None, room_bytes: int = 10 * SIZE) -> OutputStore:
            if shelf is None:
                state = State(f"sqlite:///{tmp_path / 'server.sqlite3'}")
                stack.callback(state.close)
                shelf = Shelf(directory=tmp_path / "outputs", state=state, room_bytes=room_bytes, clock=clock)
            return OutputStore(shelf=shelf, tenant=tenant, fetch=web, fetch_errors=(DownloadError,))

        yield open_one


async def fill(store: OutputStore, clock: Clock, names: list[str]) -> list[StoredOutput]:
    stored = []
    for name in names:
        clock.now += timedelta(minutes=2)
        stored += await store.collect(run_of(url(name), run_id=f"run_{name}"))
    return stored


def kept(outputs: list[StoredOutput]) -> list[str]:
    return [output.run_id.removeprefix("run_") for output in outputs if output.path.is_file()]


def size_of(directory: Path) -> int:
    return sum(path.stat().st_size for path in (directory / "outputs").rglob("*") if path.is_file())


async def test_the_longest_unused_go_first(tmp_path: Path, open_store: OpenStore, clock: Clock) -> None:
    stored = await fill(open_store(), clock, [str(number) for number in range(25)])
    assert size_of(tmp_path) <= 10 * SIZE
    names = kept(stored)
    assert names == [str(number) for number in range(25 - len(names), 25)]
    assert len(names) >= 9


@pytest.mark.parametrize("way", ["get", "of_run", "read", "collect"])
async def test_what_is_used_stays(open_store: OpenStore, clock: Clock, way: str) -> None:
    store = open_store()
    stored = await fill(store, clock, [str(number) for number in range(9)])
    clock.now += timedelta(minutes=2)
    match way:
        case "get":
            await store.get("run_0", "output_1")
        case "of_run":
            await store.of_run("run_0")
        case "read":
            await store.read(stored[0])
        case "collect":
            await store.collect(run_of(url("0"), run_id="run_0"))
    stored += await fill(store, clock, ["a", "b", "c"])
    names = kept(stored)
    assert "0" in names
    assert "1" not in names


async def test_to_be_listed_is_not_to_be_used(open_store: OpenStore, clock: Clock) -> None:
    store = open_store()
    stored = await fill(store, clock, [str(number) for number in range(9)])
    clock.now += timedelta(minutes=2)
    await store.list(limit=100)
    stored += await fill(store, clock, ["a", "b", "c"])
    assert "0" not in kept(stored)


async def test_what_went_is_still_known_and_comes_back_when_it_is_wanted(
    open_store: OpenStore, clock: Clock, web: Web
) -> None:
    store = open_store()
    stored = await fill(store, clock, [str(number) for number in range(15)])
    assert "0" not in kept(stored)
    listed, _ = await store.list(limit=100)
    assert len(listed) == 15
    assert await store.read(stored[0]) == web.pages[url("0")]


async def test_who_fills_the_folder_makes_room_at_its_own_expense(open_store: OpenStore, clock: Clock) -> None:
    modest = open_store("modest")
    greedy = open_store("greedy", shelf=modest._shelf)
    old = await fill(modest, clock, ["a", "b", "c"])
    new = await fill(greedy, clock, [str(number) for number in range(30)])
    assert kept(old) == ["a", "b", "c"]
    assert len(kept(new)) in (6, 7)
    assert kept(new)[-1] == "29"


async def test_a_file_of_two_tenants_is_one_file(tmp_path: Path, open_store: OpenStore, clock: Clock) -> None:
    first = open_store("t1")
    second = open_store("t2", shelf=first._shelf)
    await fill(first, clock, [str(number) for number in range(9)])
    await fill(second, clock, [str(number) for number in range(9)])
    assert size_of(tmp_path) == 9 * SIZE


async def test_another_process_counts_what_was_there_before(
    tmp_path: Path, open_store: OpenStore, clock: Clock
) -> None:
    stored = await fill(open_store(), clock, [str(number) for number in range(9)])
    stored += await fill(open_store(), clock, ["a", "b", "c"])
    assert size_of(tmp_path) <= 10 * SIZE
    assert kept(stored)[0] == "2"


async def test_files_that_belong_to_nobody_go_before_all_others(
    tmp_path: Path, open_store: OpenStore, clock: Clock
) -> None:
    stray = tmp_path / "outputs" / "blobs" / "00" / ("0" * 64 + ".png")
    stray.parent.mkdir(parents=True)
    stray.write_bytes(bytes(4 * SIZE))
    os.utime(stray, (clock.now.timestamp(),) * 2)
    store = open_store()
    stored = await fill(store, clock, [str(number) for number in range(5)])
    assert stray.exists()
    clock.now += timedelta(hours=2)
    stored += await fill(store, clock, ["a", "b"])
    assert not stray.exists()
    assert len(kept(stored)) == 7


async def test_what_an_answer_has_just_named_stays_however_full_it_is(open_store: OpenStore, clock: Clock) -> None:
    store = open_store(room_bytes=2 * SIZE)
    outputs = []
    for number in range(6):
        outputs += await store.collect(run_of(url(str(number)), run_id=f"run_{number}"))
    assert len(kept(outputs)) == 6
    clock.now += timedelta(minutes=2)
    outputs += await store.collect(run_of(url("late"), run_id="run_late"))
    assert kept(outputs) == ["late"]


async def test_a_folder_that_cannot_be_emptied_does_not_lose_what_comes_in(
    tmp_path: Path, open_store: OpenStore, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(room_bytes=SIZE)
    stored = await fill(store, clock, ["a"])
    # A folder cannot be unlinked, whoever tries.
    path = stored[0].path
    path.unlink()
    path.mkdir()
    os.utime(path, (0, 0))
    (output,) = await fill(store, clock, ["b"])
    assert output.path.is_file()
    assert "Room for outputs" in caplog.text


def file_of(name: str, *, size_bytes: int = SIZE, age_seconds: float = HOUR) -> Kept:
    return Kept(file=name, size_bytes=size_bytes, used_at=-age_seconds)


def chosen(files: list[Kept], holdings: dict[str, str], excess_bytes: int) -> list[str]:
    rows = [Holding(tenant=tenant, file=name) for tenant, names in holdings.items() for name in names]
    return [each.file for each in dispensable(files, rows, excess_bytes=excess_bytes, now=0)]


def test_tenants_are_brought_down_to_the_same_level() -> None:
    files = [file_of(name, age_seconds=HOUR + place) for place, name in enumerate("abcdefghij")]
    assert chosen(files, {"t1": "abcdef", "t2": "ghi", "t3": "j"}, 3 * SIZE) == ["f", "e", "d"]
    assert chosen(files, {"t1": "abcdef", "t2": "ghi", "t3": "j"}, 6 * SIZE)[:3] == ["f", "e", "d"]
    assert "j" not in chosen(files, {"t1": "abcdef", "t2": "ghi", "t3": "j"}, 7 * SIZE)
    assert sorted(chosen(files, {"t1": "abcdef", "t2": "ghi", "t3": "j"}, 100 * SIZE)) == list("abcdefghij")


def test_a_shared_file_counts_for_each_of_its_tenants_and_goes_once() -> None:
    files = [file_of("a", age_seconds=9 * HOUR), file_of("b"), file_of("c"), file_of("d", age_seconds=HOUR + 1)]
    assert chosen(files, {"t1": "abd", "t2": "ac"}, 1) == ["a"]
    assert chosen(files, {"t1": "abd", "t2": "ac"}, 2 * SIZE) == ["a", "d"]
    assert sorted(chosen(files, {"t1": "abcd", "t2": "abcd"}, 4 * SIZE)) == ["a", "b", "c", "d"]


def test_nothing_goes_without_need_and_nothing_fresh_goes() -> None:
    files = [file_of("a"), file_of("b", age_seconds=59)]
    assert chosen(files, {"t1": "ab"}, 0) == []
    assert chosen(files, {"t1": "ab"}, 10 * SIZE) == ["a"]


def test_a_run_that_is_being_stored_keeps_its_first_files_until_it_is_entered() -> None:
    files = [file_of("a", age_seconds=600), file_of("stray", age_seconds=HOUR + 1)]
    assert chosen(files, {}, 10 * SIZE) == ["stray"]

"""The store: what a run made is fetched once, kept whole, and found again."""

import hashlib
import random
import resource as process_resource
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from fakes.media import STARTED, Body, Clock, DownloadError, Web, png, run_of
from pydantic import JsonValue

from flora_mcp.flora.types import Generation, RunState
from flora_mcp.outputs import (
    CollectFailure,
    CursorError,
    FetchError,
    OutputGoneError,
    OutputStore,
    Shelf,
    StoredOutput,
    StoreError,
    StoreFullError,
    TooLargeError,
)
from flora_mcp.state import State
from flora_mcp.state.errors import StateError

OpenStore = Callable[..., OutputStore]

SHELF = {"room_bytes", "output_directory", "addresses", "clock"}
"""Options of a shelf; the others are of a store."""


@pytest.fixture
def web() -> Web:
    return Web(pages={"https://media.example/a.png": png(), "https://media.example/b.png": png(colour="navy")})


@pytest.fixture
def open_store(tmp_path: Path, web: Web) -> Iterator[OpenStore]:
    """Opens stores as processes of one machine would: each with a state and a shelf of its own."""
    with ExitStack() as stack:

        def open_one(**options: Any) -> OutputStore:
            directory = options.pop("directory", tmp_path)
            state = State(f"sqlite:///{tmp_path / directory.name}.sqlite3")
            stack.callback(state.close)
            options = {"fetch": web, "fetch_errors": (DownloadError,), **options}
            own = {name: options.pop(name) for name in SHELF & set(options)}
            shelf = Shelf(directory=directory, state=state, **{"clock": lambda: STARTED, **own})
            return OutputStore(shelf=shelf, **options)

        yield open_one


@pytest.fixture
def store(open_store: OpenStore) -> OutputStore:
    return open_store()


def files_in(directory: Path) -> list[Path]:
    return sorted(path for path in (directory / "blobs").rglob("*") if path.is_file())


async def test_an_output_is_measured_by_its_bytes_and_named_by_its_content(
    tmp_path: Path, store: OutputStore, web: Web
) -> None:
    web.pages["https://media.example/x.jpg"] = content = png(64, 48)
    said: dict[str, JsonValue] = {"seed": 7, "alt_text": "A teal field.", "width_px": 1, "height_px": 1}
    run = run_of("https://media.example/x.jpg", facts=said)

    (output,) = await store.collect(run, model_id="t2i-test")

    sha256 = hashlib.sha256(content).hexdigest()
    assert output == StoredOutput(
        run_id="run_1",
        output_id="output_1",
        type="image",
        uri="flora://runs/run_1/outputs/output_1",
        path=tmp_path / "blobs" / sha256[:2] / f"{sha256}.png",
        mime_type="image/png",
        size_bytes=len(content),
        width_px=64,
        height_px=48,
        sha256=sha256,
        created_at=STARTED,
        alt_text="A teal field.",
        facts={**said, "model_id": "t2i-test"},
        source_url="https://media.example/x.jpg",
    )
    assert output.path.read_bytes() == await store.read(output) == content


async def test_outputs_that_differ_keep_what_is_told_of_each(store: OutputStore) -> None:
    facts = {"seed": 7, "alt_text": "Both.", "outputs": {"output_1": {"seed": 8, "alt_text": "A lamp."}, "output_2": 1}}
    stored = await store.collect(run_of("https://media.example/a.png", "https://media.example/b.png", facts=facts))
    assert [(each.alt_text, each.facts) for each in stored] == [
        ("A lamp.", {"seed": 8, "alt_text": "A lamp."}),
        ("Both.", {"seed": 7, "alt_text": "Both."}),
    ]


async def test_a_stored_file_is_read_only(store: OutputStore) -> None:
    (output,) = await store.collect(run_of("https://media.example/a.png"))
    assert stat.S_IMODE(output.path.stat().st_mode) == 0o444


async def test_what_is_stored_is_not_fetched_again(open_store: OpenStore, store: OutputStore, web: Web) -> None:
    run = run_of("https://media.example/a.png", "https://media.example/b.png")
    first = await store.collect(run)

    async def refuse(url: str, max_bytes: int) -> Body:
        raise AssertionError(url)

    again = open_store(fetch=refuse)
    assert await store.collect(run) == await again.collect(run) == first
    assert len(web.asked) == 2


async def test_callers_at_the_same_time_share_one_fetch(store: OutputStore, web: Web) -> None:
    web.gate = anyio.Event()
    run = run_of("https://media.example/a.png")
    answers = []

    async def ask() -> None:
        answers.append(await store.collect(run))

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(ask)
            await web.reached.wait()
            web.gate.set()
    assert len(web.asked) == 1
    assert len(answers) == 5
    assert len(set(answers)) == 1


async def test_callers_at_the_same_time_share_a_failure_too(store: OutputStore, web: Web) -> None:
    web.gate = anyio.Event()
    failures: list[CollectFailure] = []

    async def ask() -> None:
        failures.extend((await store.collect(run_of("https://media.example/gone.png"))).failures)

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            for _ in range(3):
                tasks.start_soon(ask)
            await web.reached.wait()
            web.gate.set()
    assert len(web.asked) == 1
    assert len(failures) == 3


async def test_when_the_caller_in_front_is_cancelled_the_next_takes_over(store: OutputStore, web: Web) -> None:
    web.gate = anyio.Event()
    run = run_of("https://media.example/a.png")
    answers = []

    async def ask() -> None:
        answers.append(await store.collect(run))

    async def ask_and_give_up(scope: anyio.CancelScope) -> None:
        with scope:
            await store.collect(run)

    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            scope = anyio.CancelScope()
            tasks.start_soon(ask_and_give_up, scope)
            await web.reached.wait()
            tasks.start_soon(ask)
            await anyio.lowlevel.checkpoint()
            scope.cancel()
            web.gate.set()
    assert [len(answer) for answer in answers] == [1]


async def test_a_failed_fetch_leaves_the_others_and_is_tried_again(store: OutputStore, web: Web) -> None:
    run = run_of("https://media.example/a.png", "https://media.example/late.png", "https://media.example/b.png")

    collected = await store.collect(run)

    assert [output.output_id for output in collected] == ["output_1", "output_3"]
    (failure,) = collected.failures
    assert failure.output_id == "output_2"
    assert isinstance(failure.error, FetchError)
    assert isinstance(failure.error.__cause__, DownloadError)
    assert (failure.error.run_id, failure.error.reason) == ("run_1", "404 Not Found")

    web.pages["https://media.example/late.png"] = png(5, 5)
    again = await store.collect(run)
    assert [output.output_id for output in again] == ["output_1", "output_2", "output_3"]
    assert again.failures == ()
    assert web.asked[3:] == ["https://media.example/late.png"]


async def test_an_answer_without_bytes_is_a_failed_fetch(store: OutputStore, web: Web) -> None:
    web.pages["https://media.example/empty"] = b""
    (failure,) = (await store.collect(run_of("https://media.example/empty"))).failures
    assert isinstance(failure.error, FetchError)


async def test_a_fetch_that_never_ends_is_given_up(open_store: OpenStore, web: Web) -> None:
    web.gate = anyio.Event()
    store = open_store(fetch_timeout_seconds=0)
    with anyio.fail_after(5):
        (failure,) = (await store.collect(run_of("https://media.example/a.png"))).failures
    assert isinstance(failure.error, FetchError)


async def test_an_output_over_the_limit_is_refused(tmp_path: Path, open_store: OpenStore, web: Web) -> None:
    content = web.pages["https://media.example/a.png"]
    exact = open_store(directory=tmp_path / "exact", max_bytes=len(content))
    assert len(await exact.collect(run_of("https://media.example/a.png"))) == 1

    short = open_store(directory=tmp_path / "short", max_bytes=len(content) - 1)
    (failure,) = (await short.collect(run_of("https://media.example/a.png"))).failures
    assert isinstance(failure.error, TooLargeError)
    assert (failure.error.size_bytes, failure.error.max_bytes) == (len(content), len(content) - 1)
    assert files_in(tmp_path / "short") == []


async def test_text_comes_from_the_run_itself(store: OutputStore, web: Web) -> None:
    (output,) = await store.collect(run_of("Grüße, 世界", kind="text"))
    assert (output.type, output.mime_type, output.path.suffix) == ("text", "text/plain; charset=utf-8", ".txt")
    assert (output.source_url, output.facts) == (None, {"text": "Grüße, 世界"})
    assert await store.read(output) == "Grüße, 世界".encode()
    assert web.asked == []


@pytest.mark.parametrize("text", ["", "GIF89a is a form", "<svg></svg>", "nul \0 and bell \a", "ID3"])
async def test_text_is_text_whatever_it_looks_like(store: OutputStore, text: str) -> None:
    (output,) = await store.collect(run_of(text, kind="text"))
    assert (output.type, output.mime_type, output.facts) == ("text", "text/plain; charset=utf-8", {"text": text})
    assert await store.read(output) == text.encode()


async def test_a_long_text_is_told_by_its_beginning_and_kept_whole(store: OutputStore) -> None:
    (output,) = await store.collect(run_of("ß" * 5000, kind="text"))
    assert output.facts == {"text": "ß" * 999 + "…"}
    assert await store.read(output) == ("ß" * 5000).encode()


async def test_bytes_that_are_not_what_was_announced_say_so(store: OutputStore, web: Web) -> None:
    web.pages["https://media.example/x.png"] = b"<html>Not found</html>"
    (output,) = await store.collect(run_of("https://media.example/x.png"))
    assert (output.type, output.facts["announced_type"]) == ("text", "imageUrl")


@pytest.mark.parametrize("status", ["pending", "running", "failed"])
async def test_a_run_that_is_not_completed_keeps_no_outputs(store: OutputStore, web: Web, status: str) -> None:
    assert await store.collect(run_of("https://media.example/a.png", status=status)) == ()
    assert web.asked == []


async def test_a_completed_run_that_names_no_outputs_has_those_stored_before(store: OutputStore) -> None:
    stored = await store.collect(run_of("https://media.example/a.png"))
    bare = RunState.model_validate({"run_id": "run_1", "status": "completed", "created_at": 1})
    assert await store.collect(bare) == stored


async def test_a_generation_tells_its_model_itself(store: OutputStore) -> None:
    run = run_of("https://media.example/a.png")
    generation = Generation.model_validate({**run.plain(), "model": {"model_id": "t2i-own"}})
    (output,) = await store.collect(generation)
    assert output.facts == {"model_id": "t2i-own"}


async def test_ids_from_upstream_never_become_file_names(tmp_path: Path, store: OutputStore) -> None:
    run = RunState.model_validate(
        {
            "run_id": "run_../../etc",
            "status": "completed",
            "created_at": 1,
            "outputs": [{"output_id": "../../../x y/ß", "type": "imageUrl", "url": "https://media.example/a.png"}],
        }
    )
    (output,) = await store.collect(run)
    assert output.path.is_relative_to(tmp_path / "blobs")
    assert output.path.stem == output.sha256
    assert output.uri == "flora://runs/run_..%2F..%2Fetc/outputs/..%2F..%2F..%2Fx%20y%2F%C3%9F"
    assert await store.get("run_../../etc", "../../../x y/ß") == output


async def test_outputs_with_no_id_or_the_same_id_are_all_kept(store: OutputStore) -> None:
    outputs = [
        {"output_id": output_id, "type": "text", "url": text}
        for output_id, text in [("", "a"), ("x", "b"), ("x", "c"), ("x~3", "d")]
    ]
    run = RunState.model_validate({"run_id": "run_1", "status": "completed", "created_at": 1, "outputs": outputs})
    stored = await store.collect(run)
    assert [output.output_id for output in stored] == ["output_1", "x", "x~3", "x~3~4"]
    assert [await store.read(output) for output in stored] == [b"a", b"b", b"c", b"d"]


async def test_half_a_character_from_upstream_does_no_harm(store: OutputStore) -> None:
    run = RunState.model_validate(
        {
            "run_id": "run_1",
            "status": "completed",
            "created_at": 1,
            "outputs": [{"output_id": "o\ud83d", "type": "text", "url": "cut \ud83d"}],
            "facts": {"alt_text": "alt \ud83d", "list": ["\ud83d"]},
        }
    )
    (output,) = await store.collect(run)
    assert (output.output_id, output.alt_text) == ("o?", "alt ?")
    assert output.facts == {"alt_text": "alt ?", "list": ["?"], "text": "cut ?"}
    assert await store.read(output) == b"cut ?"


async def test_the_same_bytes_are_one_file(tmp_path: Path, store: OutputStore, web: Web) -> None:
    web.pages["https://media.example/twin.png"] = web.pages["https://media.example/a.png"]
    first, second = await store.collect(run_of("https://media.example/a.png", "https://media.example/twin.png"))
    assert first.path == second.path
    assert files_in(tmp_path) == [first.path]


async def test_a_removed_file_is_fetched_again_by_whoever_asks_for_it(store: OutputStore, web: Web) -> None:
    run = run_of("https://media.example/a.png")
    (output,) = await store.collect(run)
    for ask in (
        lambda: store.get("run_1", "output_1"),
        lambda: store.of_run("run_1"),
        lambda: store.read(output),
        lambda: store.collect(run),
    ):
        output.path.unlink()
        await ask()
        assert output.path.read_bytes() == web.pages["https://media.example/a.png"]
    assert len(web.asked) == 5


async def test_a_file_that_is_gone_for_good_is_told(store: OutputStore, web: Web) -> None:
    run = run_of("https://media.example/a.png")
    (output,) = await store.collect(run)
    output.path.unlink()
    web.pages.clear()

    assert await store.get("run_1", "output_1") == output
    with pytest.raises(OutputGoneError) as caught:
        await store.read(output)
    assert caught.value.uri == output.uri
    (failure,) = (await store.collect(run)).failures
    assert isinstance(failure.error, FetchError)


async def test_answers_do_not_ask_again_and_again_for_a_lost_file(open_store: OpenStore, web: Web) -> None:
    clock = Clock()
    store = open_store(clock=clock)
    (output,) = await store.collect(run_of("https://media.example/a.png"))
    output.path.unlink()
    content = web.pages.pop("https://media.example/a.png")
    for _ in range(3):
        assert await store.of_run("run_1") == (output,)
    assert len(web.asked) == 2

    web.pages["https://media.example/a.png"] = content
    clock.now += timedelta(minutes=2)
    await store.of_run("run_1")
    assert output.path.read_bytes() == content


async def test_an_answer_does_not_wait_for_ever_for_bytes_that_come_slowly(open_store: OpenStore, web: Web) -> None:
    store = open_store(wait_seconds=0)
    (output,) = await store.collect(run_of("https://media.example/a.png"))
    output.path.unlink()
    web.gate = anyio.Event()
    with anyio.fail_after(5):
        assert await store.of_run("run_1") == (output,)
        assert await store.get("run_1", "output_1") == output
        assert len(web.asked) <= 2
        web.gate.set()
        assert await store.read(output) == web.pages["https://media.example/a.png"]


async def test_those_who_miss_a_file_at_the_same_time_share_one_fetch(store: OutputStore, web: Web) -> None:
    (output,) = await store.collect(run_of("https://media.example/a.png"))
    output.path.unlink()
    with anyio.fail_after(5):
        async with anyio.create_task_group() as tasks:
            for _ in range(5):
                tasks.start_soon(store.read, output)
            tasks.start_soon(store.of_run, "run_1")
    assert len(web.asked) == 2


async def test_an_address_that_tells_of_its_end_does_not_take_the_place_of_a_picture(
    store: OutputStore, web: Web
) -> None:
    run = run_of("https://media.example/a.png")
    (output,) = await store.collect(run)
    output.path.unlink()
    web.pages["https://media.example/a.png"] = b"<html>This link has expired</html>"

    with pytest.raises(OutputGoneError):
        await store.read(output)
    assert await store.get("run_1", "output_1") == output


async def test_a_picture_that_its_host_has_packed_anew_is_measured_anew(store: OutputStore, web: Web) -> None:
    (output,) = await store.collect(run_of("https://media.example/a.png"))
    output.path.unlink()
    web.pages["https://media.example/a.png"] = content = png(12, 34, "red")

    found = await store.get("run_1", "output_1")
    assert found is not None
    sha256 = hashlib.sha256(content).hexdigest()
    path = output.path.parent.parent / sha256[:2] / f"{sha256}.png"
    assert found == replace(output, sha256=sha256, path=path, size_bytes=len(content), width_px=12, height_px=34)
    assert await store.get("run_1", "output_1") == found
    assert found.path.read_bytes() == content


@pytest.mark.parametrize("text", ["short", "ß" * 5000])
async def test_a_text_comes_back_from_the_index(store: OutputStore, web: Web, text: str) -> None:
    (output,) = await store.collect(run_of(text, kind="text"))
    output.path.unlink()
    assert await store.read(output) == text.encode()
    assert web.asked == []


async def test_a_run_with_an_address_that_was_renewed_is_fetched_from_there(store: OutputStore, web: Web) -> None:
    (output,) = await store.collect(run_of("https://media.example/a.png"))
    output.path.unlink()
    web.pages["https://media.example/renewed.png"] = web.pages.pop("https://media.example/a.png")
    assert await store.collect(run_of("https://media.example/renewed.png")) == (output,)
    assert output.path.is_file()


async def test_the_list_is_newest_first_and_a_run_keeps_its_order(store: OutputStore) -> None:
    await store.collect(run_of("https://media.example/a.png", "https://media.example/b.png", run_id="run_1"))
    await store.collect(run_of("https://media.example/a.png", run_id="run_2"))
    listed, cursor = await store.list(limit=10)
    assert [(output.run_id, output.output_id) for output in listed] == [
        ("run_2", "output_1"),
        ("run_1", "output_1"),
        ("run_1", "output_2"),
    ]
    assert cursor is None
    assert await store.of_run("run_1") == tuple(listed[1:])


async def test_pages_neither_repeat_nor_skip_while_outputs_arrive(store: OutputStore) -> None:
    for number in range(5):
        await store.collect(run_of("https://media.example/a.png", run_id=f"run_{number}"))

    seen: list[str] = []
    page, cursor = await store.list(cursor=None, limit=2)
    seen += [output.run_id for output in page]
    while cursor is not None:
        await store.collect(run_of("https://media.example/b.png", run_id=f"run_new{len(seen)}"))
        page, cursor = await store.list(cursor=cursor, limit=2)
        seen += [output.run_id for output in page]
    assert seen == ["run_4", "run_3", "run_2", "run_1", "run_0"]


async def test_a_clock_that_goes_back_does_not_disturb_the_order(open_store: OpenStore) -> None:
    clock = Clock()
    store = open_store(clock=clock)
    await store.collect(run_of("https://media.example/a.png", run_id="run_1"))
    clock.now -= timedelta(days=1)
    await store.collect(run_of("https://media.example/b.png", run_id="run_2"))
    listed, _ = await store.list(limit=2)
    assert [output.run_id for output in listed] == ["run_2", "run_1"]


@pytest.mark.parametrize("cursor", ["", "nonsense", "b3V0cHV0czo", "b3V0cHV0czotMQ", "ü", "b3V0cHV0czox!", "MTI"])
async def test_a_cursor_from_elsewhere_is_refused(store: OutputStore, cursor: str) -> None:
    with pytest.raises(CursorError) as caught:
        await store.list(cursor=cursor, limit=2)
    assert caught.value.cursor == cursor


async def test_an_unknown_output_is_none(store: OutputStore) -> None:
    assert await store.get("run_1", "output_1") is None
    assert await store.of_run("run_1") == ()
    assert await store.list(limit=5) == ([], None)


async def test_two_stores_share_a_folder(tmp_path: Path, open_store: OpenStore) -> None:
    stores = [open_store() for _ in range(4)]

    async def fill(number: int, store: OutputStore) -> None:
        for turn in range(3):
            run = run_of("https://media.example/a.png", "https://media.example/b.png", run_id=f"run_{number}_{turn}")
            assert len(await store.collect(run)) == 2

    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            for number, store in enumerate(stores):
                tasks.start_soon(fill, number, store)
    listed, _ = await stores[0].list(limit=100)
    assert len({(output.run_id, output.output_id) for output in listed}) == 24
    assert len(files_in(tmp_path)) == 2


@contextmanager
def files_at_most(size_bytes: int) -> Iterator[None]:
    """Lets the kernel refuse to grow a file past a size, as a full disk or a quota does.

    It holds for the whole process, so the block must end before anything else is written: what a test prints too.
    """
    soft, hard = process_resource.getrlimit(process_resource.RLIMIT_FSIZE)
    process_resource.setrlimit(process_resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        process_resource.setrlimit(process_resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_keeps_nothing_half_written(tmp_path: Path, store: OutputStore, web: Web) -> None:
    web.pages["https://media.example/big"] = random.Random(1).randbytes(600_000)
    run = run_of("https://media.example/big", "https://media.example/a.png")

    with files_at_most(300_000):
        collected = await store.collect(run)

    (failure,) = collected.failures
    assert isinstance(failure.error, StoreFullError)
    assert failure.error.directory == tmp_path
    assert str(tmp_path) in str(failure.error)
    assert [output.output_id for output in collected] == ["output_2"]
    assert files_in(tmp_path) == [collected[0].path]


async def test_an_index_without_room_is_a_typed_error(tmp_path: Path, store: OutputStore) -> None:
    with files_at_most(1000), pytest.raises(StoreError) as caught:
        await store.collect(run_of("https://media.example/a.png"))
    assert caught.value.directory == tmp_path


async def test_a_database_without_room_is_told_as_that(tmp_path: Path) -> None:
    state = State(f"sqlite:///{tmp_path / 'server.sqlite3'}")
    store = OutputStore(shelf=Shelf(directory=tmp_path / "data", state=state), fetch=Web())
    await store.list(limit=1)
    with (await state.tables()).database.writing() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(StoreFullError):
        await store.collect(run_of("long " * 1_000_000, kind="text"))
    state.close()


async def test_a_folder_that_cannot_be_used_is_a_typed_error(tmp_path: Path, open_store: OpenStore) -> None:
    (tmp_path / "file").write_text("in the way")
    store = open_store(directory=tmp_path / "file")
    (failure,) = (await store.collect(run_of("https://media.example/a.png"))).failures
    assert isinstance(failure.error, StoreError)
    assert not isinstance(failure.error, StoreFullError)
    assert failure.error.directory == tmp_path / "file"


async def test_an_index_that_is_no_database_is_a_typed_error(tmp_path: Path, store: OutputStore) -> None:
    (tmp_path / f"{tmp_path.name}.sqlite3").write_bytes(b"not a database" * 100)
    with pytest.raises(StoreError) as caught:
        await store.list(limit=1)
    assert isinstance(caught.value.__cause__, StateError)


async def test_a_partial_file_of_a_killed_process_is_swept(tmp_path: Path, open_store: OpenStore) -> None:
    partial = tmp_path / "blobs" / "partial"
    partial.mkdir(parents=True)
    (partial / "left").write_bytes(b"half")

    await open_store(clock=lambda: datetime.now(UTC)).collect(run_of("https://media.example/a.png"))
    assert (partial / "left").exists()
    await open_store(clock=lambda: datetime.now(UTC) + timedelta(hours=2)).collect(
        run_of("https://media.example/b.png", run_id="run_2")
    )
    assert list(partial.iterdir()) == []


async def test_an_output_can_be_told_apart_by_value(store: OutputStore) -> None:
    (output,) = await store.collect(run_of("https://media.example/a.png", facts={"seed": 1}))
    assert len({output, replace(output), replace(output, output_id="other")}) == 2

"""What a former version has stored, in an index of its own, is not lost."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import anyio
import pytest
from fakes.media import STARTED, DownloadError, Web, png, run_of

from flora_mcp.outputs import OutputStore, Shelf, StoreError
from flora_mcp.outputs._blobs import Blobs
from flora_mcp.state import State
from flora_mcp.tenant import LOCAL_ID

OpenStore = Callable[..., OutputStore]

SCHEMA = """
CREATE TABLE outputs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, run_id TEXT NOT NULL, output_id TEXT NOT NULL,
    position INTEGER NOT NULL, type TEXT NOT NULL, file TEXT NOT NULL, mime_type TEXT NOT NULL,
    size_bytes INTEGER NOT NULL, width_px INTEGER, height_px INTEGER, sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL, alt_text TEXT, facts TEXT NOT NULL, source_url TEXT, UNIQUE (run_id, output_id)
)
"""

PICTURE = png()
TEXT = "Grüße " * 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as the former version has left it: a picture of two runs, and a text."""
    folder = tmp_path / "outputs"
    blobs = Blobs(folder / "blobs", clock=lambda: STARTED)
    picture, picture_path = blobs.put(PICTURE, extension=".png")
    text, text_path = blobs.put(TEXT.encode(), extension=".txt")
    at = STARTED.isoformat()
    url = "https://media.example/a.png"
    shape = ("image", f"{picture[:2]}/{picture_path.name}", "image/png", len(PICTURE), 30, 20, picture, at)
    words = ("text", f"{text[:2]}/{text_path.name}", "text/plain; charset=utf-8", len(TEXT.encode()), None, None, text)
    rows = [
        ("run_1", "output_1", 0, *shape, "A field.", json.dumps({"seed": 1}), url),
        ("run_2", "output_1", 0, *words, at, None, json.dumps({"text": TEXT[:999] + "…"}), None),
        ("run_3", "output_1", 0, *shape, None, "{}", url),
    ]
    with closing(sqlite3.connect(folder / "index.sqlite")) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(SCHEMA)
        marks = ", ".join("?" * 14)
        connection.executemany(
            "INSERT INTO outputs (run_id, output_id, position, type, file, mime_type, size_bytes, width_px, height_px,"
            f" sha256, created_at, alt_text, facts, source_url) VALUES ({marks})",
            rows,
        )
    return folder


@pytest.fixture
def open_store(tmp_path: Path, folder: Path) -> Iterator[OpenStore]:
    with ExitStack() as stack:

        def open_one(tenant: str = LOCAL_ID) -> OutputStore:
            state = State(f"sqlite:///{tmp_path / 'server.sqlite3'}")
            stack.callback(state.close)
            shelf = Shelf(directory=folder, state=state, clock=lambda: STARTED)
            return OutputStore(shelf=shelf, tenant=tenant, fetch=Web(), fetch_errors=(DownloadError,))

        yield open_one


async def test_former_outputs_are_those_of_the_local_tenant(folder: Path, open_store: OpenStore) -> None:
    store = open_store()
    listed, cursor = await store.list(limit=10)
    assert [output.run_id for output in listed] == ["run_3", "run_2", "run_1"]
    assert cursor is None
    (output,) = await store.of_run("run_1")
    assert (output.alt_text, output.facts, output.width_px, output.created_at) == ("A field.", {"seed": 1}, 30, STARTED)
    assert output.path.read_bytes() == PICTURE
    assert await open_store("t1").list(limit=10) == ([], None)


async def test_they_are_taken_over_once(folder: Path, open_store: OpenStore) -> None:
    await open_store().list(limit=1)
    assert (folder / "index.sqlite.taken-over").is_file()
    assert not (folder / "index.sqlite").exists()
    store = open_store()
    await store.collect(run_of("new", kind="text", run_id="run_4"))
    listed, _ = await open_store().list(limit=10)
    assert [output.run_id for output in listed] == ["run_4", "run_3", "run_2", "run_1"]


async def test_processes_that_start_at_once_take_them_over_once(open_store: OpenStore) -> None:
    stores = [open_store() for _ in range(4)]
    with anyio.fail_after(30):
        async with anyio.create_task_group() as tasks:
            for store in stores:
                tasks.start_soon(store.run_ids)
    for store in stores:
        assert await store.run_ids() == ["run_3", "run_2", "run_1"]


async def test_one_that_was_stopped_in_between_is_made_up_for(folder: Path, open_store: OpenStore) -> None:
    await open_store().list(limit=1)
    (folder / "index.sqlite.taken-over").rename(folder / "index.sqlite")
    assert await open_store().run_ids() == ["run_3", "run_2", "run_1"]
    assert not (folder / "index.sqlite").exists()


async def test_a_former_text_is_kept_in_the_index_from_then_on(open_store: OpenStore) -> None:
    store = open_store()
    (output,) = await store.of_run("run_2")
    output.path.unlink()
    assert await store.read(output) == TEXT.encode()


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
async def test_a_damaged_index_is_set_aside(folder: Path, open_store: OpenStore, content: bytes) -> None:
    (folder / "index.sqlite").write_bytes(content)
    store = open_store()
    assert await store.list(limit=10) == ([], None)
    assert (folder / "index.sqlite.unreadable").read_bytes() == content
    assert len(await store.collect(run_of("new", kind="text"))) == 1


async def test_an_index_that_a_former_server_still_writes_is_taken_over_afterwards(
    folder: Path, open_store: OpenStore
) -> None:
    store = open_store()
    with closing(sqlite3.connect(folder / "index.sqlite", isolation_level=None)) as former:
        former.execute("PRAGMA journal_mode = DELETE")
        former.execute("PRAGMA locking_mode = EXCLUSIVE")
        former.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError):
            await store.run_ids()
    assert await store.run_ids() == ["run_3", "run_2", "run_1"]

"""Outputs in a folder of the user's own, under names that a person recognises."""

import errno
import filecmp
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import anyio
import pytest
from fakes.media import STARTED, DownloadError, Web, png, run_of

from flora_mcp.outputs import OutputStore, Shelf, describe, facts
from flora_mcp.outputs._names import stem, words
from flora_mcp.outputs._readable import ReadableFolder
from flora_mcp.state import State

OpenStore = Callable[..., OutputStore]

A, B = "https://media.example/a.png", "https://media.example/b.png"
DAY = STARTED.astimezone().date().isoformat()


@pytest.fixture
def web() -> Web:
    return Web(pages={A: png(), B: png(colour="navy")})


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return tmp_path / "Pictures"


@pytest.fixture
def open_store(tmp_path: Path, pictures: Path, web: Web) -> Iterator[OpenStore]:
    with ExitStack() as stack:

        def open_one(tenant: str = "local", output_directory: Path | None = pictures) -> OutputStore:
            state = State(f"sqlite:///{tmp_path / 'server.sqlite3'}")
            stack.callback(state.close)
            shelf = Shelf(
                directory=tmp_path / "outputs", state=state, output_directory=output_directory, clock=lambda: STARTED
            )
            return OutputStore(shelf=shelf, tenant=tenant, fetch=web, fetch_errors=(DownloadError,))

        yield open_one


def names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


async def test_an_output_is_written_where_the_user_expects_it_and_named_there(
    open_store: OpenStore, pictures: Path, web: Web
) -> None:
    store = open_store()
    first, second = await store.collect(run_of(A, B), prompt="A ceramic mug, on a sunlit table!")

    assert names_in(pictures) == [
        f"{DAY}-a-ceramic-mug-on-a-sunlit-table-1.png",
        f"{DAY}-a-ceramic-mug-on-a-sunlit-table-2.png",
    ]
    assert first.readable_path is not None
    assert first.readable_path.read_bytes() == web.pages[A]
    assert f"file {first.readable_path}," in describe(first)
    assert facts(first)["path"] == str(first.readable_path)
    assert await store.of_run("run_1") == (first, second)
    assert await open_store().of_run("run_1") == (first, second)


async def test_the_copy_is_the_users_own(open_store: OpenStore, web: Web) -> None:
    store = open_store()
    (output,) = await store.collect(run_of(A), prompt="mug")
    assert output.readable_path is not None
    assert output.readable_path.stat().st_mode & stat.S_IWUSR
    output.readable_path.write_bytes(b"painted over")
    assert await store.read(output) == web.pages[A]


async def test_a_copy_is_not_taken_for_that_of_another_output(open_store: OpenStore, tmp_path: Path) -> None:
    (first,) = await open_store().collect(run_of(A), prompt="mug")
    assert first.readable_path is not None
    first.readable_path.write_bytes(b"now something else")
    (found,) = await open_store(output_directory=tmp_path / "elsewhere").of_run("run_1")
    assert found.readable_path is None


async def test_copies_are_numbered_in_the_order_of_the_run(open_store: OpenStore, web: Web) -> None:
    web.after = {A: B}
    with anyio.fail_after(5):
        first, second = await open_store().collect(run_of(A, B), prompt="mug")
    assert web.answered == [B, A]
    names = [output.readable_path and output.readable_path.name for output in (first, second)]
    assert names == [f"{DAY}-mug-1.png", f"{DAY}-mug-2.png"]


async def test_what_the_user_has_taken_away_is_not_put_back(open_store: OpenStore, pictures: Path) -> None:
    store = open_store()
    (output,) = await store.collect(run_of(A), prompt="mug")
    assert output.readable_path is not None
    output.readable_path.unlink()
    (again,) = await store.collect(run_of(A), prompt="mug")
    assert again.readable_path is None
    assert f"file {again.path}," in describe(again)
    assert names_in(pictures) == []


@pytest.fixture
def taken(pictures: Path) -> Path:
    """A file of the user's, under the first name that an output would have; and a folder under a later one."""
    (pictures / f"{DAY}-mug-7.jpg").mkdir(parents=True)
    taken = pictures / f"{DAY}-mug-1.png"
    shutil.copy(__file__, taken)
    return taken


async def test_nothing_is_overwritten(open_store: OpenStore, pictures: Path, taken: Path) -> None:
    (output,) = await open_store().collect(run_of(A), prompt="mug")
    assert output.readable_path == pictures / f"{DAY}-mug-8.png"
    assert filecmp.cmp(taken, __file__, shallow=False)


async def test_the_same_picture_is_written_once(open_store: OpenStore, pictures: Path) -> None:
    store = open_store()
    await store.collect(run_of(A), prompt="mug")
    await store.collect(run_of(A, run_id="run_2"), prompt="mug")
    assert names_in(pictures) == [f"{DAY}-mug-1.png"]


async def test_a_tenant_that_came_with_a_key_has_a_folder_of_its_own(open_store: OpenStore, pictures: Path) -> None:
    await open_store("0123456789abcdef" * 4).collect(run_of(A), prompt="mug")
    assert names_in(pictures) == [f"0123456789abcdef/{DAY}-mug-1.png"]


async def test_a_file_that_went_for_room_comes_back_from_the_users_copy(open_store: OpenStore, web: Web) -> None:
    store = open_store()
    (output,) = await store.collect(run_of(A), prompt="mug")
    content = web.pages.pop(A)
    output.path.unlink()
    assert await store.read(output) == content
    assert web.asked == [A]


async def test_a_copy_that_was_changed_is_not_taken_for_the_output(open_store: OpenStore, web: Web) -> None:
    store = open_store()
    (output,) = await store.collect(run_of(A), prompt="mug")
    assert output.readable_path is not None
    output.readable_path.write_bytes(bytes(output.size_bytes))
    output.path.unlink()
    assert await store.read(output) == web.pages[A]
    assert web.asked == [A, A]


async def test_a_folder_that_cannot_be_written_loses_no_output(
    open_store: OpenStore, taken: Path, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    (output,) = await open_store(output_directory=taken).collect(run_of(A), prompt="mug")
    assert output.readable_path is None
    assert output.path.read_bytes() == web.pages[A]
    assert "is not written to" in caplog.text


async def test_without_such_a_folder_there_are_no_copies(open_store: OpenStore) -> None:
    (output,) = await open_store(output_directory=None).collect(run_of(A), prompt="mug")
    assert output.readable_path is None


def test_a_full_folder_keeps_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "source.png"
    source.write_bytes(b"x" * 1000)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        ReadableFolder(tmp_path / "folder").put(source, stem="mug")
    assert names_in(tmp_path / "folder") == []


@pytest.mark.parametrize("error", [errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK])
def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: int) -> None:
    source = tmp_path / "source.png"
    source.write_bytes(b"new")
    folder = ReadableFolder(tmp_path / "folder")
    assert folder.put(source, stem="mug") == "mug-1.png"
    source.write_bytes(b"newer")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(os, "copy_file_range", refuse, raising=False)
    assert folder.put(source, stem="mug") == "mug-2.png"
    assert [(folder.directory / name).read_bytes() for name in names_in(folder.directory)] == [b"new", b"newer"]


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    source = tmp_path / "source.png"
    source.write_bytes(b"new")
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, age_seconds in ((".flora-mcp-old", 7200), (".flora-mcp-young", 0), ("old", 7200)):
        (folder / name).touch()
        at = (folder / name).stat().st_mtime - age_seconds
        os.utime(folder / name, (at, at))
    ReadableFolder(folder).put(source, stem="mug")
    assert names_in(folder) == [".flora-mcp-young", "mug-1.png", "old"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A Red HOUSE, by the sea.", "a-red-house-by-the-sea"),
        ("../../etc/passwd", "etc-passwd"),
        ("con:\\nul\0\n\t\u202e*?", "con-nul"),
        ("Straße №5 — größer!", "straße-5-größer"),
        ("कमल का फूल", "कमल-का-फूल"),
        ("一只红色的猫坐在窗台上", "一只红色的猫坐在窗台上"),
        ("猫" * 100, "猫" * 48),
        ("🎨" * 10, ""),
        ("", ""),
        (None, ""),
        ("one " * 100, "-".join(["one"] * 12)),
        ("x" * 1000, "x" * 48),
    ],
)
def test_words_make_a_file_name_of_any_script(text: str | None, name: str) -> None:
    assert words(text) == name
    assert len(words(text).encode()) <= 150


def test_a_name_begins_with_the_day_and_takes_the_first_text_with_words() -> None:
    assert stem([None, "…", "A mug"], at=STARTED) == f"{DAY}-a-mug"
    assert stem([], at=STARTED) == f"{DAY}-output"

"""Files that may be uploaded, and every way to reach another one that anybody thought of."""

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from flora_mcp.uploads import RefusedError, Roots, media_folders
from flora_mcp.uploads.opening import OPENER, Opener, look_twice, walk

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    (folder / "summer").mkdir(parents=True)
    (folder / "a.png").write_bytes(b"a")
    (folder / "summer" / "b.png").write_bytes(b"b")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "pictures-2").mkdir()
    (tmp_path / "pictures-2" / "c.png").write_bytes(b"other")
    return folder


@pytest.fixture(params=[walk, look_twice] if OPENER is walk else [look_twice])
def opener(request: pytest.FixtureRequest) -> Opener:
    """Both ways to open a file, where this system has both."""
    way: Opener = request.param
    return way


def read(roots: Roots, path: str | Path) -> tuple[bytes, str]:
    file, name = roots.open(str(path))
    with file:
        return file.read(), name


def test_a_file_in_a_root_is_read_by_its_path(root: Path, opener: Opener) -> None:
    roots = Roots([root], opener=opener)
    assert read(roots, root / "a.png") == (b"a", "a.png")
    assert read(roots, root / "summer" / "b.png") == (b"b", "b.png")


def test_a_relative_path_is_looked_for_in_each_root(root: Path, tmp_path: Path) -> None:
    roots = Roots([tmp_path / "pictures-2", tmp_path / "gone", root])
    assert read(roots, "c.png") == (b"other", "c.png")
    assert read(roots, "summer/b.png") == (b"b", "b.png")


def test_dots_that_stay_inside_are_followed(root: Path) -> None:
    assert read(Roots([root]), root / "summer" / ".." / "a.png") == (b"a", "a.png")


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "{root}/../secret.png",
        "{root}/summer/../../secret.png",
        "../secret.png",
        "summer/../../secret.png",
        "{root}/../pictures-2/c.png",
        "{root}-2/c.png",
        "~/.ssh/id_rsa",
        "~root/.ssh/id_rsa",
        "~nobody-of-that-name/a.png",
        "/proc/self/environ",
        "/dev/zero",
        "{root}",
        "{root}/",
        ".",
        "..",
        "/",
    ],
)
def test_what_is_outside_is_refused_whether_it_exists_or_not(root: Path, path: str) -> None:
    for each in (path, path + "/nowhere"):
        with pytest.raises(RefusedError, match=r"not in a folder that files may be uploaded|There is no file"):
            Roots([root]).open(each.format(root=root))


def test_outside_nobody_learns_what_exists(root: Path, tmp_path: Path) -> None:
    told = []
    for name in ("secret.png", "nothing.png"):
        with pytest.raises(RefusedError) as caught:
            Roots([root]).open(str(tmp_path / name))
        told.append(str(caught.value).replace(name, ""))
    assert told[0] == told[1]


@pytest.mark.parametrize("path", ["a\0.png", "a" * 5000, "/etc/passwd\0.png"])
def test_what_is_no_path_is_refused(root: Path, path: str) -> None:
    with pytest.raises(RefusedError, match="no path"):
        Roots([root]).open(path)


@POSIX
def test_links_that_lead_out_are_not_followed(root: Path, tmp_path: Path, opener: Opener) -> None:
    (root / "file.png").symlink_to(tmp_path / "secret.png")
    (root / "folder").symlink_to(tmp_path)
    (root / "passwd.png").symlink_to("/etc/passwd")
    (root / "chain.png").symlink_to(root / "file.png")
    (root / "loop.png").symlink_to(root / "loop.png")
    for path in ("file.png", "folder/secret.png", "folder/pictures-2/c.png", "passwd.png", "chain.png", "loop.png"):
        with pytest.raises(RefusedError):
            Roots([root], opener=opener).open(str(root / path))


@POSIX
def test_links_that_stay_inside_are_followed_and_so_is_a_root(root: Path, tmp_path: Path, opener: Opener) -> None:
    (root / "link.png").symlink_to(root / "summer" / "b.png")
    (tmp_path / "linked").symlink_to(root)
    assert read(Roots([tmp_path / "linked"], opener=opener), tmp_path / "linked" / "link.png") == (b"b", "b.png")


@POSIX
def test_a_path_that_is_swapped_for_a_link_while_it_is_opened_leads_nowhere_else(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "b.png").write_bytes(b"secret")
    folder, aside, stop = root / "summer", root / "aside", threading.Event()

    def swap() -> None:
        while not stop.is_set():
            folder.rename(aside)
            folder.symlink_to(outside)
            folder.unlink()
            aside.rename(folder)

    thread = threading.Thread(target=swap)
    thread.start()
    opened = refused = 0
    try:
        while opened < 20 or refused < 20:
            try:
                content, _ = read(Roots([root]), folder / "b.png")
            except RefusedError:
                refused += 1
            else:
                opened += 1
                assert content == b"b"
    finally:
        stop.set()
        thread.join()


@POSIX
def test_a_file_that_became_a_link_after_it_was_found_is_not_opened(root: Path, tmp_path: Path, opener: Opener) -> None:
    def late(folder: Path, parts: Sequence[str]) -> int:
        (root / "a.png").unlink()
        (root / "a.png").symlink_to(tmp_path / "secret.png")
        return opener(folder, parts)

    with pytest.raises(RefusedError):
        Roots([root], opener=late).open(str(root / "a.png"))


@POSIX
def test_a_folder_that_became_a_link_after_it_was_found_is_not_followed(
    root: Path, tmp_path: Path, opener: Opener
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "b.png").write_bytes(b"secret")

    def late(folder: Path, parts: Sequence[str]) -> int:
        (root / "summer").rename(root / "aside")
        (root / "summer").symlink_to(tmp_path / "outside")
        return opener(folder, parts)

    with pytest.raises(RefusedError):
        Roots([root], opener=late).open(str(root / "summer" / "b.png"))


@POSIX
def test_what_is_no_regular_file_is_refused_without_waiting(root: Path, opener: Opener) -> None:
    os.mkfifo(root / "pipe.png")
    for path in ("pipe.png", "summer"):
        with pytest.raises(RefusedError, match="no regular file"):
            Roots([root], opener=opener).open(str(root / path))
    with pytest.raises(RefusedError):
        Roots([Path("/dev")], opener=opener).open("/dev/zero")


@pytest.mark.parametrize("path", [".env", ".ssh/id_rsa.png", "summer/.hidden.png", ".git/b.png"])
def test_what_is_hidden_is_left_alone(root: Path, path: str) -> None:
    (root / path).parent.mkdir(exist_ok=True)
    (root / path).write_bytes(b"hidden")
    with pytest.raises(RefusedError, match="hidden"):
        Roots([root]).open(str(root / path))


@POSIX
def test_a_plain_name_for_something_hidden_is_no_way_around(root: Path, opener: Opener) -> None:
    (root / ".ssh").mkdir()
    (root / ".ssh" / "key").write_bytes(b"hidden")
    (root / "key.png").symlink_to(root / ".ssh" / "key")
    with pytest.raises(RefusedError, match="hidden"):
        Roots([root], opener=opener).open(str(root / "key.png"))


def test_a_root_below_a_hidden_folder_is_what_the_user_wants(tmp_path: Path) -> None:
    folder = tmp_path / ".local" / "outputs"
    folder.mkdir(parents=True)
    (folder / "a.png").write_bytes(b"a")
    assert read(Roots([folder]), folder / "a.png") == (b"a", "a.png")


def test_without_roots_no_file_is_read_and_the_next_step_is_told(root: Path) -> None:
    with pytest.raises(RefusedError, match="reads no files of its machine") as caught:
        Roots([]).open(str(root / "a.png"))
    assert "signed-url" in str(caught.value)
    assert str(root.parent) not in str(caught.value).replace(str(root / "a.png"), "")


def test_a_missing_file_is_told_with_the_folders(root: Path) -> None:
    with pytest.raises(RefusedError, match="There is no file") as caught:
        Roots([root]).open("nothing.png")
    assert str(root) in str(caught.value)


@POSIX
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_this_user_may_not_read_is_told(root: Path) -> None:
    (root / "a.png").chmod(0)
    with pytest.raises(RefusedError, match="cannot be read"):
        Roots([root]).open(str(root / "a.png"))


def test_no_default_folder_holds_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, project = tmp_path / "home", tmp_path / "home" / "project"
    project.mkdir(parents=True)
    for name in ("PICTURES", "DOWNLOAD", "DESKTOP", "DOCUMENTS", "MUSIC", "VIDEOS"):
        monkeypatch.setenv(f"XDG_{name}_DIR", str(home))
    assert media_folders(home=home, started_in=project) == (project,)
    for wide in (home, home.parent, Path("/")):
        assert media_folders(home=home, started_in=wide) == ()


def test_the_default_folders_are_those_that_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    (home / "Pictures").mkdir(parents=True)
    for name in ("PICTURES", "DOWNLOAD", "DESKTOP", "DOCUMENTS", "MUSIC", "VIDEOS"):
        monkeypatch.setenv(f"XDG_{name}_DIR", str(home / name.title()))
    assert media_folders(home=home, started_in=home) == (home / "Pictures",)

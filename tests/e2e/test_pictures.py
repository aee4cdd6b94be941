"""The names under which the demo saves pictures."""

from pathlib import Path

import pytest

from flora_mcp.cli.demo.pictures import Album, slug
from flora_mcp.cli.errors import CommandError


def save(album: Album, content: bytes, seed: int | None = 7) -> Path:
    return album.save(content, prompt="A ceramic mug!", seed=seed, mime_type="image/png")


def test_a_name_tells_the_prompt_and_the_seed(tmp_path: Path) -> None:
    path = save(Album(tmp_path), b"1")
    assert path == tmp_path / "a-ceramic-mug-7.png"
    assert path.read_bytes() == b"1"


def test_no_picture_is_overwritten(tmp_path: Path) -> None:
    album = Album(tmp_path)
    paths = [save(album, content) for content in (b"1", b"2", b"3")]
    assert [path.name for path in paths] == ["a-ceramic-mug-7.png", "a-ceramic-mug-7-2.png", "a-ceramic-mug-7-3.png"]
    assert [path.read_bytes() for path in paths] == [b"1", b"2", b"3"]


def test_a_picture_without_a_seed_has_a_name_too(tmp_path: Path) -> None:
    assert save(Album(tmp_path), b"1", seed=None).name == "a-ceramic-mug.png"


def test_the_folder_is_made(tmp_path: Path) -> None:
    assert save(Album(tmp_path / "some" / "where"), b"1").is_file()


def test_a_folder_that_cannot_be_written_is_found_out_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match=r"cannot be saved in '.*/file'.*--output-dir"):
        Album(tmp_path / "file")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A café, in the rain", "a-cafe-in-the-rain"),
        ("../../etc/passwd", "etc-passwd"),
        ("瓷杯", "picture"),
        ("word " * 40, "word-word-word-word-word-word-word-word-word"),
        ("x" * 100, "x" * 48),
    ],
)
def test_a_prompt_becomes_a_safe_and_short_name(text: str, name: str) -> None:
    assert slug(text) == name

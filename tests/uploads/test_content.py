"""What is uploaded is looked at first: what it is, how large, and what it would unfold to."""

import base64
import io
import struct
import zlib
from pathlib import Path

import pytest
from fakes.films import film, sound
from fakes.flora import png

from flora_mcp.uploads import RefusedError, file_of, public_address, read_data_url
from flora_mcp.uploads.content import HEAD_BYTES, MOST_BYTES

OWN = "http://studio.localhost"


def huge_png(side_px: int) -> bytes:
    """A small file that says it is a huge picture."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(bytes(99)))]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def refusal(content: bytes, name: str = "a.png") -> str:
    with pytest.raises(RefusedError) as caught:
        file_of(io.BytesIO(content), name=name)
    return str(caught.value)


def test_bytes_are_measured_and_named_by_what_they_are() -> None:
    file = file_of(io.BytesIO(png()), name="holiday.jpg")
    assert (file.name, file.mime_type, file.size_px, file.media) == ("holiday.png", "image/png", (64, 48), png())


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("mug.png", "mug.png"),
        ("MUG.PNG", "MUG.PNG"),
        ("mug", "mug.png"),
        ("v1.2", "v1.2.png"),
        ("photo.jpeg", "photo.png"),
        ("../../etc/passwd", "passwd.png"),
        ("C:\\pictures\\mug.gif", "mug.png"),
        ('a"\r\nb.png', 'a"b.png'),
        ("", "image.png"),
        (None, "image.png"),
        ("...", "image.png"),
    ],
)
def test_a_name_has_no_folder_and_a_true_ending(name: str | None, right: str) -> None:
    assert file_of(io.BytesIO(png()), name=name).name == right


@pytest.mark.parametrize(
    ("content", "mime_type"),
    [
        (film(["red"], codec="mpeg4"), "video/mp4"),
        (film(["red"], form="webm", codec="libvpx-vp9"), "video/webm"),
        (film(["red"], form="mov"), "video/quicktime"),
        (sound(0.1), "audio/wav"),
        (sound(0.1, form="mp3", codec="libmp3lame"), "audio/mpeg"),
        (b"%PDF-1.7\n", "application/pdf"),
    ],
)
def test_what_flora_takes_is_taken(content: bytes, mime_type: str) -> None:
    assert file_of(io.BytesIO(content), name=None).mime_type == mime_type


@pytest.mark.parametrize(
    "content",
    [
        b"root:x:0:0:root:/root:/bin/bash\n",
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n",
        b"FLORA_API_KEY=sk_live_secret\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"\x7fELF\x02\x01\x01" + bytes(100),
        b"MZ" + bytes(100),
        b"PK\x03\x04" + bytes(100),
        b"SQLite format 3\0" + bytes(100),
        b"#EXTM3U\nfile:///etc/passwd\n",
        bytes(100),
        sound(0.1, form="flac", codec="flac"),
        sound(0.1, form="ipod", codec="aac"),
    ],
)
def test_what_flora_does_not_take_is_refused_whatever_its_name(content: bytes) -> None:
    told = refusal(content, "innocent.png")
    assert "whatever its name says" in told
    assert "secret" not in told
    assert "root:x" not in told


def test_an_svg_is_refused_with_the_next_step() -> None:
    assert "Draw it as a PNG first." in refusal(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg")


def test_an_empty_file_is_refused() -> None:
    assert "is empty" in refusal(b"")


def test_a_picture_that_would_unfold_to_too_much_is_refused() -> None:
    assert "100000x100000 pixels" in refusal(huge_png(100_000))
    assert file_of(io.BytesIO(huge_png(12_000)), name=None).size_px == (12_000, 12_000)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    with path.open("wb") as file:
        file.write(png())
        file.truncate(MOST_BYTES + 1)
    with path.open("rb") as file, pytest.raises(RefusedError, match="larger than"):
        file_of(file, name="huge.png")


def test_a_long_file_is_copied_so_that_nobody_changes_it_on_its_way(tmp_path: Path) -> None:
    path = tmp_path / "long.png"
    content = png() + bytes(HEAD_BYTES)
    path.write_bytes(content)
    with path.open("rb") as opened:
        file = file_of(opened, name="long.png")
    path.write_bytes(b"something else")
    assert isinstance(file.media, Path)
    assert file.media.read_bytes() == content
    assert file.size_bytes == len(content)
    file.discard()
    assert not file.media.parent.exists()


def test_the_same_bytes_are_the_same_content() -> None:
    first, second = (file_of(io.BytesIO(png()), name=name) for name in ("a.png", "b.png"))
    other = file_of(io.BytesIO(png("red")), name="a.png")
    assert first.identity == second.identity != other.identity


def test_a_data_url_is_read_as_senders_write_it() -> None:
    plain = base64.b64encode(png()).decode()
    for body in (plain, plain.rstrip("="), f"{plain[:50]}\n {plain[50:]}", base64.urlsafe_b64encode(png()).decode()):
        assert read_data_url(f"data:image/png;base64,{body}") == png()
    assert read_data_url(f"DATA:image/png;name=a.png;BASE64,{plain}") == png()
    assert read_data_url(f"data:;base64,{plain}") == png()
    assert read_data_url("data:text/plain,a%20b") == b"a b"


@pytest.mark.parametrize("url", ["data:image/png;base64", "data:", "data:image/png;base64,a*b", "data:x;base64,abcde"])
def test_a_data_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        read_data_url(url)


def test_a_data_url_that_is_too_long_is_refused() -> None:
    with pytest.raises(RefusedError, match="more than 20971520 bytes"):
        read_data_url("data:image/png;base64," + "A" * (28 * 1024 * 1024))


@pytest.mark.parametrize(
    "url",
    [
        "https://media.example/a.png",
        "https://media.example:8443/a%20b.png?token=1#part",
        "HTTPS://MEDIA.EXAMPLE/a.png",
        "https://8.8.8.8/a.png",
        f"{OWN}/media/run_1/a.png?expires=1",
    ],
)
def test_a_public_address_is_handed_on(url: str) -> None:
    assert public_address(url, own=OWN) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://media.example/a.png",
        "file:///etc/passwd",
        "ftp://media.example/a.png",
        "javascript:alert(1)//x://",
        "https://127.0.0.1/a.png",
        "https://127.1/a.png",
        "https://2130706433/a.png",
        "https://0x7f000001/a.png",
        "https://0177.0.0.1/a.png",
        "https://[::1]/a.png",
        "https://[::ffff:169.254.169.254]/a.png",
        "https://10.0.0.7/a.png",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://localhost/a.png",
        "https://localhost./a.png",
        "https://LOCALHOST/a.png",
        "https://printer.local/a.png",
        "https://metadata.google.internal/",
        "https://intranet/a.png",
        "https://１２７.０.０.１/a.png",
        "https://user:word@media.example/a.png",
        "https://media.example@127.0.0.1/a.png",
        "https://media.example\\@127.0.0.1/a.png",
        "https://media.example/a b.png",
        "https://media.example/a\r\nHost: inside",
        "https://media.example:port/a.png",
        "https://[::1/a.png",
        "https:///a.png",
        "https://",
        "http://studio.localhost.evil.example/media/a.png",
        "http://studio.localhost:81/media/a.png",
        "http://user@studio.localhost/media/a.png",
        "https://media.example/" + "a" * 9000,
    ],
)
def test_an_address_that_is_not_public_is_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        public_address(url, own=OWN)

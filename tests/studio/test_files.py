"""What a file is, told by its bytes, and what is no file for the studio."""

import io
from pathlib import Path

import pytest
from PIL import Image
from studio.pictures import brand, film, heic, huge_png, picture

from flora_mcp.studio.errors import UnusableFileError
from flora_mcp.studio.files.inspection import inspect_file

OGG = b"OggS" + b"\0" * 24 + b"\x01vorbis" + b"\0" * 16
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm\x42\x87\x81\x04" + b"\0" * 16


@pytest.mark.parametrize(
    ("content", "mime_type", "size"),
    [
        (picture("PNG"), "image/png", (40, 30)),
        (picture("JPEG"), "image/jpeg", (40, 30)),
        (picture("GIF"), "image/gif", (40, 30)),
        (picture("WEBP"), "image/webp", (40, 30)),
        (picture("AVIF"), "image/avif", (40, 30)),
        (heic(width=4032, height=3024), "image/heic", (4032, 3024)),
        (heic(width=8, height=6).replace(b"heic", b"mif1"), "image/heif", (8, 6)),
        (film(), "video/mp4", (640, 360)),
        (film(major=b"qt  "), "video/quicktime", (640, 360)),
        (WEBM, "video/webm", (None, None)),
        (b"ID3\x04" + b"\0" * 20, "audio/mpeg", (None, None)),
        (b"\xff\xfb\x90\x64" + b"\0" * 20, "audio/mpeg", (None, None)),
        (b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 20, "audio/wav", (None, None)),
        (OGG, "audio/ogg", (None, None)),
        (b"%PDF-1.7\n", "application/pdf", (None, None)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_known_by_its_bytes(
    tmp_path: Path, content: bytes, mime_type: str, size: tuple[int | None, int | None]
) -> None:
    path = tmp_path / "file.exe"
    path.write_bytes(content)
    found = inspect_file(path)
    assert (found.kind.mime_type, (found.width_px, found.height_px), found.size_bytes) == (
        mime_type,
        size,
        len(content),
    )


@pytest.mark.parametrize("lossless", [True, False])
def test_every_form_of_webp_tells_its_size(tmp_path: Path, lossless: bool) -> None:
    for mode in ("RGB", "RGBA"):
        path = tmp_path / f"{mode}{lossless}"
        Image.new(mode, (33, 21)).save(path, "WEBP", lossless=lossless)
        found = inspect_file(path)
        assert (found.width_px, found.height_px) == (33, 21)


def test_a_picture_that_lies_on_its_side_is_as_it_is_shown(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 30)).save(tmp_path / "side", "JPEG", exif=exif)
    found = inspect_file(tmp_path / "side")
    assert (found.width_px, found.height_px) == (30, 40)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"MZ\x90\0" + b"\0" * 60,
        b"\xff\xff\xff\xff" * 10,
        brand(b"M4A ", b"isom"),
        b"OggS" + b"\0" * 24 + b"\x80theora",
        picture("BMP"),
        picture("TIFF"),
        b" " + picture("PNG"),
    ],
    ids=["empty", "html", "svg", "program", "no frame", "m4a", "theora", "bmp", "tiff", "shifted"],
)
def test_other_bytes_are_refused_with_what_is_taken(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "picture.png").write_bytes(content)
    with pytest.raises(UnusableFileError, match="accepted are image/jpeg, image/png"):
        inspect_file(tmp_path / "picture.png")


@pytest.mark.parametrize(
    "content",
    [
        picture("PNG")[:60],
        picture("JPEG", size=(400, 300))[:200],
        picture("WEBP")[:28],
        picture("GIF")[:9],
        picture("PNG")[:45] + b"\xff" + picture("PNG")[46:],
        brand(b"avif", b"mif1"),
    ],
    ids=["png", "jpeg", "webp", "gif", "png with a wrong byte", "avif"],
)
def test_a_broken_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(UnusableFileError, match=r"again\.$"):
        inspect_file(tmp_path / "file")


@pytest.mark.parametrize("content", [huge_png(width=20_000, height=7_501), heic(width=2**31, height=2**31)])
def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(UnusableFileError, match="at most 150000000"):
        inspect_file(tmp_path / "file")


def test_a_picture_too_large_to_decode_is_believed(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(huge_png(width=20_000, height=7_500))
    found = inspect_file(tmp_path / "file")
    assert (found.width_px, found.height_px) == (20_000, 7_500)


def test_a_picture_whose_headers_disagree_is_refused(tmp_path: Path) -> None:
    # The size of this WebP is told twice: small to who reads the outer header, large to who decodes.
    buffer = io.BytesIO()
    Image.new("RGBA", (64, 64)).save(buffer, "WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")
    content = bytearray(buffer.getvalue())
    assert content[12:16] == b"VP8X"
    content[24:30] = b"\x01\0\0\x01\0\0"
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(UnusableFileError):
        inspect_file(tmp_path / "file")

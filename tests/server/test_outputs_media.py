"""What bytes are is told by the bytes alone."""

import struct
import zipfile
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from flora_mcp.outputs._pictures import picture_size_px
from flora_mcp.outputs.media import media_type


def image(form: str, size: tuple[int, int] = (31, 17), **options: Any) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, form, **options)
    return file.getvalue()


OFFICE = "application/vnd.openxmlformats-officedocument."
EBML = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84"


def archive(*names: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in names:
            opened.writestr(name, "content")
    return file.getvalue()


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def movie(brand: bytes, *kinds: bytes) -> bytes:
    tracks = [box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), kind, bytes(12)))) for kind in kinds]
    return box(b"ftyp", brand, bytes(4), b"isom") + box(b"free", bytes(40)) + box(b"moov", *tracks)


SAMPLES = [
    (image("PNG"), "image/png", "image", ".png"),
    (image("JPEG"), "image/jpeg", "image", ".jpg"),
    (image("WEBP"), "image/webp", "image", ".webp"),
    (image("GIF"), "image/gif", "image", ".gif"),
    (image("AVIF"), "image/avif", "image", ".avif"),
    (box(b"ftyp", b"heic", bytes(4), b"mif1"), "image/heic", "image", ".heic"),
    (box(b"ftyp", b"mif1", bytes(4), b"heic"), "image/heic", "image", ".heic"),
    (box(b"ftyp", b"mif1", bytes(4), b"avif"), "image/avif", "image", ".avif"),
    (b"<?xml version='1.0'?>\n<!-- drawn -->\n<svg xmlns='x'></svg>", "image/svg+xml", "image", ".svg"),
    (movie(b"isom", b"vide", b"soun"), "video/mp4", "video", ".mp4"),
    (movie(b"mp42", b"soun"), "audio/mp4", "audio", ".m4a"),
    (movie(b"M4A ", b"soun"), "audio/mp4", "audio", ".m4a"),
    (movie(b"qt  ", b"vide"), "video/quicktime", "video", ".mov"),
    (box(b"ftyp", b"isom") + box(b"moov")[:6], "video/mp4", "video", ".mp4"),
    (b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm" + bytes(20), "video/webm", "video", ".webm"),
    (b"\x1a\x45\xdf\xa3\xa3B\x82\x88matroska" + bytes(20), "video/x-matroska", "video", ".mkv"),
    (b"ID3\x04" + bytes(90), "audio/mpeg", "audio", ".mp3"),
    (b"\xff\xfb\x90\x64" + bytes(90), "audio/mpeg", "audio", ".mp3"),
    (b"\xff\xea\x90\x64" + bytes(90), "application/octet-stream", "document", ".bin"),
    (b"\xff\xf1\x50\x80" + bytes(90), "audio/aac", "audio", ".aac"),
    (b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(20), "audio/wav", "audio", ".wav"),
    (b"OggS" + bytes(24) + b"\x01\x1e\x01vorbis", "audio/ogg", "audio", ".ogg"),
    (b"OggS" + bytes(24) + b"\x01\x2a\x80theora", "video/ogg", "video", ".ogv"),
    (b"fLaC" + bytes(40), "audio/flac", "audio", ".flac"),
    (b"%PDF-1.7\n%\xe2\xe3", "application/pdf", "document", ".pdf"),
    ("Grüße\r\n\tWelt".encode(), "text/plain; charset=utf-8", "text", ".txt"),
    (b"", "text/plain; charset=utf-8", "text", ".txt"),
    (b"<html><svg></svg></html>", "text/plain; charset=utf-8", "text", ".txt"),
    ("Grüße".encode("latin-1"), "application/octet-stream", "document", ".bin"),
    ("Grüße".encode("utf-16"), "application/octet-stream", "document", ".bin"),
    (b"RIFF\x24\x00\x00\x00AVI " + bytes(20), "video/x-msvideo", "video", ".avi"),
    (b"RIFF\x24\x00\x00\x00ACON" + bytes(20), "application/octet-stream", "document", ".bin"),
    (EBML + b"webm" + bytes(20) + b"A_OPUS", "audio/webm", "audio", ".weba"),
    (EBML + b"webm" + bytes(20) + b"V_VP9 A_OPUS", "video/webm", "video", ".webm"),
    (EBML + b"webm" + bytes(20) + b"V_AV1 A_VORBIS", "video/webm", "video", ".webm"),
    (b"FORM\x00\x00\x00\x24AIFC" + bytes(20), "audio/aiff", "audio", ".aiff"),
    (b"FORM\x00\x00\x00\x24ILBM" + bytes(20), "application/octet-stream", "document", ".bin"),
    (image("TIFF"), "image/tiff", "image", ".tif"),
    (b"MM\x00*" + bytes(40), "image/tiff", "image", ".tif"),
    (image("BMP"), "image/bmp", "image", ".bmp"),
    (b"BM25\0\0\0\0 is no picture \0", "application/octet-stream", "document", ".bin"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n" + bytes(20), "image/jxl", "image", ".jxl"),
    (b"glTF\x02\x00\x00\x00" + bytes(40), "model/gltf-binary", "document", ".glb"),
    (archive("a.txt"), "application/zip", "document", ".zip"),
    (archive("[Content_Types].xml", "word/document.xml"), OFFICE + "wordprocessingml.document", "document", ".docx"),
    (archive("ppt/presentation.xml"), OFFICE + "presentationml.presentation", "document", ".pptx"),
    (archive("xl/workbook.xml"), OFFICE + "spreadsheetml.sheet", "document", ".xlsx"),
]


@pytest.mark.parametrize(
    ("content", "mime_type", "kind", "extension"), SAMPLES, ids=[f"{n}-{s[1]}" for n, s in enumerate(SAMPLES)]
)
def test_bytes_say_what_they_are(content: bytes, mime_type: str, kind: str, extension: str) -> None:
    found = media_type(content)
    assert (found.mime_type, found.type, found.extension) == (mime_type, kind, extension)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_a_picture_has_the_size_of_its_header(form: str) -> None:
    content = image(form)
    assert picture_size_px(content, mime_type=f"image/{form.lower()}") == (31, 17)


@pytest.mark.parametrize(("orientation", "size"), [(1, (31, 17)), (3, (31, 17)), (6, (17, 31)), (8, (17, 31))])
def test_a_picture_has_the_size_that_it_is_shown_with(orientation: int, size: tuple[int, int]) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert picture_size_px(image("JPEG", exif=exif), mime_type="image/jpeg") == size


def test_a_cut_picture_still_has_the_size_of_its_header() -> None:
    assert picture_size_px(image("PNG", (600, 400))[:60], mime_type="image/png") == (600, 400)


@pytest.mark.parametrize(("content", "mime_type"), [(b"\xff\xd8\xff", "image/jpeg"), (b"words", "text/plain")])
def test_what_has_no_header_has_no_size(content: bytes, mime_type: str) -> None:
    assert picture_size_px(content, mime_type=mime_type) is None

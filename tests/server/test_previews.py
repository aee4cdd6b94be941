"""Previews: small, upright, bare pictures within the bytes that clients accept."""

import base64
import hashlib
import random
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw
from PIL.PngImagePlugin import PngInfo

from flora_mcp.outputs import MAX_BASE64_BYTES, StoredOutput, previews
from flora_mcp.outputs.media import media_type

Keep = Callable[..., StoredOutput]
Save = Callable[..., bytes]


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    """Puts bytes where a store would; the preview has to find everything else in them."""

    def put(content: bytes, output_id: str = "output_1", run_id: str = "run_1", **known: Any) -> StoredOutput:
        kind = media_type(content)
        sha256 = hashlib.sha256(content).hexdigest()
        path = tmp_path / f"{sha256}{kind.extension}"
        path.write_bytes(content)
        return StoredOutput(
            run_id=run_id,
            output_id=output_id,
            type=kind.type,
            uri=f"flora://runs/{run_id}/outputs/{output_id}",
            path=path,
            mime_type=kind.mime_type,
            size_bytes=len(content),
            sha256=sha256,
            created_at=datetime(2026, 11, 1, tzinfo=UTC),
            **known,
        )

    return put


def saved(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def noise(width_px: int, height_px: int, mode: str = "RGB", seed: int = 1) -> Image.Image:
    count = width_px * height_px * len(mode)
    return Image.frombytes(mode, (width_px, height_px), random.Random(seed).randbytes(count))


def halves(width_px: int, height_px: int) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width_px, height_px), "red")
    image.paste("blue", (width_px // 2, 0, width_px, height_px))
    return image


def opened(data: str) -> Image.Image:
    return Image.open(BytesIO(base64.b64decode(data)))


def only(outputs: list[StoredOutput]) -> Image.Image:
    (block,) = previews(outputs).content
    image = opened(block.data)
    assert Image.MIME[image.format or ""] == block.mime_type
    return image


def is_near(pixel: Any, wanted: tuple[int, ...], tolerance: int = 12) -> bool:
    return all(abs(have - want) <= tolerance for have, want in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize(("count", "sides"), [(1, (1024, 683)), (2, (768, 512)), (3, (512, 341)), (4, (512, 341))])
def test_up_to_four_images_are_shown_one_by_one(keep: Keep, count: int, sides: tuple[int, int]) -> None:
    outputs = [
        keep(saved(Image.new("RGB", (1536, 1024), (n * 50, 0, 0))), f"output_{n}", width_px=1536, height_px=1024)
        for n in range(1, count + 1)
    ]
    shown = previews(outputs)
    images = [opened(block.data) for block in shown.content]
    assert [image.size for image in images] == [sides] * count
    assert [block.mime_type for block in shown.content] == ["image/jpeg"] * count
    assert [is_near(image.getpixel((9, 9)), (n * 50, 0, 0)) for n, image in enumerate(images, start=1)] == [
        True
    ] * count
    told = ", ".join(f"output_{n} to {sides[0]}x{sides[1]} px" for n in range(1, count + 1))
    assert shown.note == f"Previews are reduced: {told}. The files have the full size."


def test_a_preview_may_be_read_by_the_model(keep: Keep) -> None:
    (block,) = previews([keep(saved(halves(20, 10)))]).content
    assert block.annotations is not None
    assert block.annotations.audience is None
    assert block.annotations.priority == 0.9


def test_a_small_image_is_not_enlarged_and_needs_no_note(keep: Keep) -> None:
    shown = previews([keep(saved(halves(40, 30)), width_px=40, height_px=30)])
    assert [opened(block.data).size for block in shown.content] == [(40, 30)]
    assert shown.note == ""


def test_nothing_to_show_is_nothing() -> None:
    shown = previews([])
    assert (shown.content, shown.note) == ([], "")


@pytest.mark.parametrize(("count", "longest"), [(5, 1024), (9, 1024), (10, 1568), (36, 1568)])
def test_more_than_four_images_share_a_sheet(keep: Keep, count: int, longest: int) -> None:
    outputs = [keep(saved(noise(96, 64, seed=n)), f"output_{n}") for n in range(1, count + 1)]
    sheet = only(outputs)
    assert 0.8 * longest <= max(sheet.size) <= longest
    numbers = ", ".join(f"{n} is output_{n}" for n in range(1, count + 1))
    assert previews(outputs).note == f"Contact sheet of {count} images: {numbers}. The files have the full size."


def test_a_sheet_shows_each_image_in_its_place_with_a_number(keep: Keep) -> None:
    colours = [(220, 30, 30), (30, 220, 30), (30, 30, 220), (220, 220, 30), (30, 220, 220), (220, 30, 220)]
    outputs = [keep(saved(Image.new("RGB", (300, 300), c)), f"output_{n}") for n, c in enumerate(colours)]
    sheet = only(outputs)
    columns, rows = 3, 2
    cell = ((sheet.width - 8) // columns, (sheet.height - 8) // rows)
    centres = [(8 + n % columns * cell[0] + cell[0] // 2, 8 + n // columns * cell[1] + cell[1] // 2) for n in range(6)]
    assert [is_near(sheet.getpixel(centre), c) for centre, c in zip(centres, colours, strict=True)] == [True] * 6
    corners = [(10 + n % columns * cell[0], 10 + n // columns * cell[1]) for n in range(6)]
    assert [is_near(sheet.getpixel(corner), (24, 24, 24), 30) for corner in corners] == [True] * 6
    label = sheet.crop((*corners[0], corners[0][0] + 40, corners[0][1] + 40)).convert("L")
    assert label.getextrema()[1] > 200


def test_numbers_on_a_sheet_count_all_outputs(keep: Keep) -> None:
    images = [keep(saved(noise(20, 20, seed=n)), f"output_{n}") for n in range(2, 8)]
    text = keep(b"words", "output_1")
    note = previews([text, *images]).note
    assert "2 is output_2" in note
    assert "No preview of output_1: text, text/plain; charset=utf-8, 5 bytes." in note


def test_what_does_not_go_on_a_sheet_is_named(keep: Keep) -> None:
    outputs = [keep(saved(noise(8, 8, seed=n)), f"output_{n}") for n in range(1, 39)]
    lines = previews(outputs).note.splitlines()
    assert lines[1:] == [f"No preview of output_{n}: a sheet holds 36 images." for n in (37, 38)]


def test_outputs_of_the_same_id_are_told_apart_by_address(keep: Keep) -> None:
    outputs = [keep(saved(halves(1200 + n, 9)), run_id=f"run_{n}", width_px=1200 + n) for n in (1, 2)]
    note = previews(outputs).note
    assert "flora://runs/run_1/outputs/output_1 to" in note
    assert "flora://runs/run_2/outputs/output_1 to" in note


@pytest.mark.parametrize(("count", "mode"), [(1, "RGB"), (2, "RGB"), (4, "RGB"), (7, "RGB"), (2, "RGBA")])
def test_the_worst_pictures_keep_within_the_budget(keep: Keep, count: int, mode: str) -> None:
    content = saved(noise(1100, 1100, mode), compress_level=0)
    outputs = [keep(content, f"output_{n}") for n in range(count)]
    blocks = previews(outputs).content
    assert len(blocks) == (count if count <= 4 else 1)
    assert sum(len(block.data) for block in blocks) <= MAX_BASE64_BYTES
    assert max(max(opened(block.data).size) for block in blocks) >= 300


@pytest.mark.parametrize("budget", [60_000, 20_000, 4_000])
def test_a_smaller_budget_is_kept_too(keep: Keep, budget: int) -> None:
    outputs = [keep(saved(noise(600, 600, seed=n)), f"output_{n}") for n in range(3)]
    shown = previews(outputs, max_base64_bytes=budget)
    assert sum(len(block.data) for block in shown.content) <= budget
    assert len(shown.content) == 3


def test_what_a_small_picture_leaves_over_goes_to_the_large(keep: Keep) -> None:
    large = keep(saved(noise(600, 600)), "large")
    plain = keep(saved(Image.new("RGB", (600, 600), "red")), "plain")
    alone = previews([large, large], max_base64_bytes=100_000).content
    beside = previews([large, plain], max_base64_bytes=100_000).content
    assert len(beside[0].data) > 1.3 * len(alone[0].data)
    assert sum(len(block.data) for block in beside) <= 100_000


@pytest.mark.parametrize("count", [1, 5])
def test_without_room_the_note_says_so(keep: Keep, count: int) -> None:
    outputs = [keep(saved(noise(64, 64)), f"output_{n}") for n in range(count)]
    shown = previews(outputs, max_base64_bytes=10)
    assert shown.content == []
    assert "it does not fit into this answer" in shown.note


def test_transparency_that_shows_is_kept(keep: Keep) -> None:
    image = halves(60, 60).convert("RGBA")
    ImageDraw.Draw(image).rectangle((0, 0, 20, 20), fill=(0, 0, 0, 0))
    shown = only([keep(saved(image))])
    assert (shown.format, shown.mode) == ("PNG", "RGBA")
    assert shown.getpixel((5, 5))[3] == 0
    assert shown.getpixel((50, 50)) == (0, 0, 255, 255)


def test_transparency_that_does_not_show_is_dropped(keep: Keep) -> None:
    assert only([keep(saved(halves(60, 60).convert("RGBA")))]).format == "JPEG"


def test_a_transparent_picture_too_large_as_png_is_webp(keep: Keep) -> None:
    shown = only([keep(saved(noise(500, 500, "RGBA"), compress_level=0))])
    assert (shown.format, shown.mode) == ("WEBP", "RGBA")


def test_transparent_pictures_lie_on_the_sheet(keep: Keep) -> None:
    clear = Image.new("RGBA", (400, 400), (255, 0, 0, 0))
    sheet = only([keep(saved(clear), f"output_{n}") for n in range(5)])
    assert is_near(sheet.getpixel((sheet.width // 2, sheet.height // 4)), (236, 236, 236))


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_turned_picture_is_set_upright(keep: Keep, form: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    shown = only([keep(saved(halves(80, 40), form, exif=exif))])
    assert shown.size == (40, 80)
    assert is_near(shown.getpixel((20, 10)), (255, 0, 0), 30)
    assert is_near(shown.getpixel((20, 70)), (0, 0, 255), 30)


def test_a_preview_carries_no_metadata(keep: Keep) -> None:
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    comment = PngInfo()
    comment.add_text("Comment", "a secret word")
    clear = halves(50, 50).convert("RGBA")
    clear.putpixel((0, 0), (0, 0, 0, 0))
    for content in (
        saved(halves(50, 50), "JPEG", exif=exif, icc_profile=profile, comment=b"a secret word"),
        saved(clear, "PNG", exif=exif, icc_profile=profile, pnginfo=comment),
    ):
        (block,) = previews([keep(content)]).content
        data = base64.b64decode(block.data)
        assert b"secret" not in data
        assert not {"exif", "icc_profile", "comment", "Comment"} & set(opened(block.data).info)


def test_a_cmyk_picture_is_shown_in_its_colours(keep: Keep) -> None:
    shown = only([keep(saved(halves(64, 64).convert("CMYK"), "JPEG", quality=95))])
    assert shown.mode == "RGB"
    assert is_near(shown.getpixel((10, 30)), (255, 0, 0), 30)
    assert is_near(shown.getpixel((54, 30)), (0, 0, 255), 30)


def test_a_sixteen_bit_grey_picture_keeps_its_greys(keep: Keep) -> None:
    image = Image.frombytes("I;16", (64, 64), struct.pack("<64H", *[0x4000] * 32, *[0xC000] * 32) * 64)
    shown = only([keep(saved(image))]).convert("L")
    assert abs(shown.getpixel((10, 30)) - 0x40) <= 3
    assert abs(shown.getpixel((54, 30)) - 0xC0) <= 3


def test_a_palette_keeps_its_colours_and_its_transparency(keep: Keep) -> None:
    image = halves(64, 64).convert("P")
    assert is_near(only([keep(saved(image))]).getpixel((54, 30)), (0, 0, 255), 30)
    shown = only([keep(saved(image, transparency=image.getpixel((54, 30))))])
    assert shown.mode == "RGBA"
    assert shown.getpixel((54, 30))[3] == 0


@pytest.mark.parametrize("mode", ["1", "L", "LA", "I;16"])
def test_grey_pictures_of_every_kind_are_shown(keep: Keep, mode: str) -> None:
    image = Image.linear_gradient("L").convert(mode)
    assert only([keep(saved(image))]).size == (256, 256)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG", "AVIF"])
def test_an_animation_shows_its_first_frame(keep: Keep, form: str) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "lime", "blue")]
    content = saved(frames[0], form, save_all=True, append_images=frames[1:], duration=50)
    assert is_near(only([keep(content)]).convert("RGB").getpixel((20, 20)), (255, 0, 0), 20)


def test_a_profile_that_does_not_fit_the_picture_does_no_harm(keep: Keep) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    grey = saved(Image.new("L", (30, 30), 100), "PNG", icc_profile=profile)
    broken = saved(halves(30, 30), "JPEG", icc_profile=b"no profile")
    assert is_near(only([keep(grey)]).convert("RGB").getpixel((9, 9)), (100, 100, 100))
    assert is_near(only([keep(broken)]).getpixel((5, 9)), (255, 0, 0), 30)


def test_a_narrow_picture_keeps_a_pixel(keep: Keep) -> None:
    assert only([keep(saved(Image.new("RGB", (6000, 1), "red")))]).size == (1024, 1)


def test_broken_pictures_do_not_stop_the_others(keep: Keep) -> None:
    whole = saved(halves(200, 200), "PNG")
    gone = keep(saved(noise(3, 3)), "gone")
    gone.path.unlink()
    outputs = [
        keep(saved(noise(200, 200), "PNG")[:4000], "cut"),
        keep(whole, "whole", width_px=200, height_px=200),
        keep(b"\xff\xd8\xff" + b"junk" * 50, "junk"),
        gone,
    ]
    shown = previews(outputs)
    assert len(shown.content) == 1
    assert is_near(opened(shown.content[0].data).getpixel((9, 9)), (255, 0, 0))
    assert shown.note.splitlines() == [
        "No preview of cut: the file is broken.",
        "No preview of junk: the file is broken.",
        "No preview of gone: its file cannot be read.",
    ]


def test_a_sheet_leaves_broken_pictures_out_and_keeps_the_numbers(keep: Keep) -> None:
    outputs = [keep(saved(noise(30, 30, seed=n)), f"output_{n}") for n in range(1, 7)]
    outputs[1] = keep(outputs[1].path.read_bytes()[:900], "output_2")
    shown = previews(outputs)
    assert len(shown.content) == 1
    first, second = shown.note.splitlines()
    assert first.startswith("Contact sheet of 5 images: 1 is output_1, 3 is output_3,")
    assert second == "No preview of output_2: the file is broken."


def test_only_broken_pictures_make_only_a_note(keep: Keep) -> None:
    shown = previews([keep(b"\x89PNG\r\n\x1a\nxx", f"output_{n}") for n in range(6)])
    assert shown.content == []
    assert shown.note.count("No preview of") == 6


@pytest.mark.parametrize(
    ("side_px", "reason"), [(12_300, "12300x12300 px are too many to show"), (12_000, "the file is broken")]
)
def test_a_decompression_bomb_is_not_decoded(keep: Keep, side_px: int, reason: str) -> None:
    header = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    content = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    shown = previews([keep(content)])
    assert (shown.content, shown.note) == ([], f"No preview of output_1: {reason}.")


def test_a_form_that_pillow_cannot_read_is_named(keep: Keep) -> None:
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(50)
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    shown = previews([keep(heic, "a"), keep(svg, "b"), keep(b"ID3" + bytes(3000), "c")])
    assert shown.content == []
    assert shown.note.splitlines() == [
        "No preview of a: image/heic cannot be shown.",
        "No preview of b: image/svg+xml cannot be shown.",
        "No preview of c: the file is broken.",
    ]


def test_damaged_pictures_never_raise(keep: Keep) -> None:
    dice = random.Random(20261101)
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = [saved(noise(48, 32), form, exif=exif) for form in ("PNG", "JPEG", "WEBP", "AVIF")]
    whole.append(saved(noise(48, 32), "GIF"))
    for _ in range(120):
        content = bytearray(dice.choice(whole))
        for _ in range(dice.choice((1, 3, 20))):
            content[dice.randrange(12, min(len(content), dice.choice((60, 700, 9000))))] = dice.randrange(256)
        shown = previews([keep(bytes(content))])
        assert len(shown.content) == (0 if "No preview of" in shown.note else 1)

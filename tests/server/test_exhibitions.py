"""Exhibitions: films and sounds among the pictures of one answer."""

import base64
import sys
from io import BytesIO

import pytest
from fakes.films import film, sound
from fakes.flora import png
from PIL import Image

from flora_mcp.outputs import Exhibit, Previews, exhibit, exhibition
from flora_mcp.stills import Stills
from flora_mcp.stills.stills import COMMAND


def pictures(shown: Previews) -> list[Image.Image]:
    return [Image.open(BytesIO(base64.b64decode(block.data))).convert("RGB") for block in shown.content]


def turned(content: bytes) -> bytes:
    """Has a film say that it lies on its side, as telephones do: its matrix turns it by a quarter, clockwise."""
    at = content.index(b"tkhd") + 4 + 40
    matrix = (0, 1 << 16, 0, -(1 << 16), 0, 0, 240 << 16, 0, 1 << 30)
    return content[:at] + b"".join(part.to_bytes(4, "big", signed=True) for part in matrix) + content[at + 36 :]


def films(count: int) -> list[Exhibit]:
    return [exhibit(f"film_{number}", film(["red"], frames_each=2)) for number in range(count)]


def test_films_sounds_and_pictures_share_a_sheet() -> None:
    shown = exhibition([*films(3), exhibit("tone", sound(0.5)), exhibit("mug", png()), exhibit("words", b"words")])
    (sheet,) = pictures(shown)
    assert max(sheet.size) <= 1024
    told = shown.note.splitlines()
    assert told[0].startswith("Contact sheet of 5 images: 1 is film_0, 2 is film_1, 3 is film_2, 4 is tone, 5 is mug.")
    assert told[-1] == "No preview of words: text, text/plain; charset=utf-8, 5 bytes."


def test_a_film_that_lies_on_its_side_is_shown_upright() -> None:
    shown = exhibition([exhibit("film", turned(film(["red"])))])
    (picture,) = pictures(shown)
    assert picture.size == (240, 320)
    # The bar on its left is at the top when it is turned clockwise.
    assert min(picture.getpixel((120, 20))) > 200  # type: ignore[type-var]  # RGB has three channels
    assert "film is a video: 240x320 px" in shown.note


def test_a_waveform_rises_where_the_sound_is() -> None:
    (picture,) = pictures(exhibition([exhibit("tone", sound(2.0))], side_px=400))
    assert picture.size == (400, 100)
    blue = [x for x in range(400) if picture.getpixel((x, 28))[2] > picture.getpixel((x, 28))[0] + 60]  # type: ignore[index]  # RGB
    assert len(blue) > 150
    assert max(blue) < 210


def test_without_the_extra_the_answer_says_how_to_get_it() -> None:
    bare = Stills(command=(COMMAND[0], "-S", *COMMAND[1:]))
    shown = exhibition([*films(1), exhibit("mug", png())], stills=bare)
    assert len(shown.content) == 1
    assert shown.note == (
        "No preview of film_0: reading videos and sounds needs an extra: pip install 'flora-mcp[media]'."
    )


def test_films_that_take_too_long_leave_time_for_the_rest() -> None:
    slow = Stills(command=(sys.executable, "-c", "while True: pass"), deadline_seconds=0.3)
    shown = exhibition([*films(3), exhibit("mug", png())], stills=slow, stills_seconds=0.2)
    assert len(shown.content) == 1
    assert shown.note.splitlines() == [
        "No preview of film_0: decoding it took more than 0.3 s.",
        "No preview of film_1: the others took all the time there is, show it by itself.",
        "No preview of film_2: the others took all the time there is, show it by itself.",
    ]


@pytest.mark.parametrize(("asked_px", "given_px"), [(64, 64), (300, 300), (None, 320), (1568, 320), (9999, 320)])
def test_a_poster_is_as_large_as_was_asked_for_and_never_enlarged(asked_px: int | None, given_px: int) -> None:
    (picture,) = pictures(exhibition(films(1), side_px=asked_px))
    assert max(picture.size) == given_px

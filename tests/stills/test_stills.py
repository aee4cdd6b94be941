"""Still pictures of films and sounds that the tests make, and of files that are none."""

import json
import random
import sys
from array import array
from pathlib import Path

import pytest
from fakes.films import film, sound
from PIL import Image

from flora_mcp.stills import MediaExtraMissingError, Poster, Stills, UnreadableMediaError
from flora_mcp.stills.stills import COMMAND

FILMS = (
    ("mp4", "mpeg4", "video/mp4"),
    ("mp4", "libx264", "video/mp4"),
    ("mov", "mpeg4", "video/quicktime"),
    ("webm", "libvpx-vp9", "video/webm"),
    ("matroska", "libx264", "video/x-matroska"),
)
SOUNDS = (
    ("wav", "pcm_s16le", "audio/wav", 8000),
    ("mp3", "libmp3lame", "audio/mpeg", 8000),
    ("ogg", "libopus", "audio/ogg", 48000),
    ("flac", "flac", "audio/flac", 8000),
    ("ipod", "aac", "audio/mp4", 8000),
    ("adts", "aac", "audio/aac", 8000),
)


def answering(told: dict[str, object], content: bytes = b"") -> Stills:
    """Stills whose worker answers so."""
    line = json.dumps(told).encode() + b"\n" + content
    return Stills(command=(sys.executable, "-c", f"import sys; sys.stdout.buffer.write({line!r})"))


def colour(poster: Poster, x: int, y: int) -> str:
    picture = Image.frombytes("RGB", (poster.width_px, poster.height_px), poster.pixels)
    pixel = picture.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return "".join("1" if part > 128 else "0" for part in pixel)


@pytest.mark.parametrize(("form", "codec", "mime_type"), FILMS)
def test_a_poster_passes_over_a_black_beginning(form: str, codec: str, mime_type: str) -> None:
    poster = Stills().poster(film(["black", "red"], form=form, codec=codec), mime_type=mime_type, side_px=160)
    assert (poster.width_px, poster.height_px) == (160, 120)
    assert colour(poster, 120, 60) == "100"
    assert colour(poster, 10, 60) == "111"
    assert (poster.at_seconds, poster.duration_seconds, poster.frames_per_second) == (1.0, 2.0, 10.0)
    assert (poster.film_width_px, poster.film_height_px, poster.has_sound) == (320, 240, False)


@pytest.mark.parametrize(("shade", "side_px"), [("red", 320), ("lime", 100), ("blue", 63), ("yellow", 16)])
def test_a_colour_that_is_as_bright_as_white_in_one_part_is_not_taken_for_plain(shade: str, side_px: int) -> None:
    poster = Stills().poster(film(["black", shade], frames_each=3), mime_type="video/mp4", side_px=side_px)
    assert poster.at_seconds == pytest.approx(0.3)


def test_a_film_that_stays_black_is_shown_black() -> None:
    poster = Stills().poster(film(["black"]), mime_type="video/mp4", side_px=64)
    assert set(poster.pixels) <= set(range(8))


def test_a_film_tells_that_it_has_sound_and_is_not_enlarged() -> None:
    poster = Stills().poster(film(["red"], sound=True), mime_type="video/mp4", side_px=1024)
    assert poster.has_sound
    assert (poster.width_px, poster.height_px) == (320, 240)


@pytest.mark.parametrize(("form", "codec", "mime_type", "rate_hz"), SOUNDS)
def test_a_waveform_shows_where_a_sound_is_and_where_it_is_silent(
    form: str, codec: str, mime_type: str, rate_hz: int
) -> None:
    content = sound(2.0, form=form, codec=codec, rate_hz=rate_hz)
    waveform = Stills().waveform(content, mime_type=mime_type, columns=20)
    assert len(waveform.levels) == 20
    assert waveform.duration_seconds == pytest.approx(2.0, abs=0.25)
    assert waveform.heard_seconds == pytest.approx(2.0, abs=0.25)
    assert all(high > 55 and low < -55 for low, high in waveform.levels[1:8])
    assert all(high < 8 and low > -8 for low, high in waveform.levels[12:])
    assert (waveform.channels, waveform.rate_hz) == (1, rate_hz)


def test_a_file_is_read_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    path.write_bytes(sound(1.0))
    waveform = Stills().waveform(path, mime_type="audio/wav", columns=5)
    assert waveform.heard_seconds == 1.0


def test_a_short_sound_has_fewer_columns_than_were_asked_for() -> None:
    waveform = Stills().waveform(sound(0.05), mime_type="audio/wav", columns=1000)
    assert 1 <= len(waveform.levels) <= 6


def test_a_film_is_no_sound_and_a_sound_is_no_film() -> None:
    with pytest.raises(UnreadableMediaError, match="no sound"):
        Stills().waveform(film(["red"]), mime_type="audio/mp4", columns=10)
    with pytest.raises(UnreadableMediaError, match="no picture"):
        Stills().poster(sound(form="ipod", codec="aac"), mime_type="video/mp4", side_px=10)


def test_a_playlist_in_disguise_opens_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(sound(1.0))
    playlists = (
        f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nfile://{secret}\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile '{secret}'\n",
        f"[playlist]\nFile1={secret}\n",
    )
    for playlist in playlists:
        for mime_type in ("audio/mp4", "audio/mpeg"):
            with pytest.raises(UnreadableMediaError):
                Stills().waveform(playlist.encode() + bytes(4000), mime_type=mime_type, columns=10)


def test_damaged_films_are_refused_or_shown_and_nothing_else() -> None:
    dice = random.Random(20261122)
    whole = film(["red", "blue"], codec="libx264", frames_each=3)
    for number in range(8):
        content = bytearray(whole[: dice.randrange(40, len(whole))] if number % 2 else whole)
        for _ in range(dice.choice((1, 10, 200))):
            content[dice.randrange(8, len(content))] = dice.randrange(256)
        try:
            poster = Stills().poster(bytes(content), mime_type="video/mp4", side_px=64)
        except UnreadableMediaError:
            continue
        assert len(poster.pixels) == poster.width_px * poster.height_px * 3


def test_without_the_extra_the_error_says_how_to_get_it() -> None:
    bare = Stills(command=(COMMAND[0], "-S", *COMMAND[1:]))
    with pytest.raises(MediaExtraMissingError, match=r"pip install 'flora-mcp\[media\]'"):
        bare.poster(film(["red"]), mime_type="video/mp4", side_px=64)


def test_a_worker_that_does_not_end_is_killed() -> None:
    endless = Stills(command=(sys.executable, "-c", "while True: pass"), deadline_seconds=0.2)
    with pytest.raises(UnreadableMediaError, match=r"more than 0\.2 s"):
        endless.poster(b"x", mime_type="video/mp4", side_px=64)


def test_a_worker_that_does_not_stop_talking_is_not_listened_to() -> None:
    endless = Stills(command=(sys.executable, "-c", "import sys\nwhile True: sys.stdout.write('x' * 65536)"))
    with pytest.raises(UnreadableMediaError, match="too much work or memory"):
        endless.poster(b"x", mime_type="video/mp4", side_px=64)


def test_a_worker_that_crashes_is_an_unreadable_file() -> None:
    crashing = Stills(command=(sys.executable, "-c", "import os; os.abort()"))
    with pytest.raises(UnreadableMediaError, match="too much work or memory"):
        crashing.poster(b"x", mime_type="video/mp4", side_px=64)


def test_a_worker_sees_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLORA_API_KEY", "sk_live_secret")
    program = "import json, os; print(json.dumps({'error': 'unreadable', 'reason': str(sorted(os.environ))}))"
    told = Stills(command=(sys.executable, "-c", program))
    with pytest.raises(UnreadableMediaError) as caught:
        told.poster(b"x", mime_type="video/mp4", side_px=64)
    assert "LC_ALL" in str(caught.value)
    assert "FLORA" not in str(caught.value)
    assert "HOME" not in str(caught.value)


def test_pixels_that_are_too_few_are_no_picture() -> None:
    facts = {
        "width_px": 2,
        "height_px": 2,
        "turned_degrees": 0,
        "at_seconds": 0.0,
        "film_width_px": 2,
        "film_height_px": 2,
        "duration_seconds": None,
        "frames_per_second": None,
        "has_sound": False,
    }
    whole = array("B", range(12)).tobytes()
    assert answering(facts, whole).poster(b"x", mime_type="video/mp4", side_px=2).pixels == whole
    with pytest.raises(UnreadableMediaError, match="cut short"):
        answering(facts, whole[:-1]).poster(b"x", mime_type="video/mp4", side_px=2)


def test_a_form_that_is_not_read_is_named() -> None:
    with pytest.raises(UnreadableMediaError, match="application/x-mpegurl cannot be shown"):
        Stills().poster(b"#EXTM3U", mime_type="application/x-mpegurl", side_px=64)

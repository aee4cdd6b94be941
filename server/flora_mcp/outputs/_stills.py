"""Draws films and sounds: a poster with its length in the corner, a waveform over a scale of time."""

from PIL import Image, ImageDraw, ImageFont

from flora_mcp.outputs.exhibit import Exhibit
from flora_mcp.stills import Poster, Stills, Waveform

WAVEFORM_SHAPE = 4
"""Width of a waveform's picture for each pixel of its height."""

_PAPER = (248, 248, 248)
_WAVE = (38, 98, 178)
_AXIS = (190, 190, 190)
_TEXT = (70, 70, 70)
_LABEL = (24, 24, 24)
_INK = (255, 255, 255)


def still(exhibit: Exhibit, *, side_px: int, stills: Stills) -> tuple[Image.Image, str]:
    """Returns a picture of a film or of a sound, and a line that tells what it is a picture of.

    Raises:
        StillError: There is no picture of it.
        OSError: Its file cannot be read.
    """
    if exhibit.type == "video":
        poster = stills.poster(exhibit.media, mime_type=exhibit.mime_type, side_px=side_px)
        return _poster(poster), f"{exhibit.name} is a video: {_film(poster)}."
    waveform = stills.waveform(exhibit.media, mime_type=exhibit.mime_type, columns=side_px)
    return _waveform(waveform, side_px), f"{exhibit.name} is a sound: {_sound(waveform)}."


def clock(seconds: float) -> str:
    """Returns a length of time as players write it, such as `0:04.5` or `1:02:03`."""
    minutes, rest = divmod(round(seconds, 1), 60)
    hours, minutes = divmod(int(minutes), 60)
    if hours:
        return f"{hours}:{minutes:02d}:{int(rest):02d}"
    return f"{minutes}:{rest:04.1f}"


def _poster(poster: Poster) -> Image.Image:
    picture = Image.frombytes("RGB", (poster.width_px, poster.height_px), poster.pixels)
    if poster.turned_degrees % 360:
        picture = picture.rotate(poster.turned_degrees, expand=True)
    height_px = max(12, min(picture.size) // 14)
    length = clock(poster.duration_seconds) if poster.duration_seconds else "video"
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(height_px)
    left, top, right, bottom = draw.textbbox((0, 0), length, font=font)
    pad, mark = height_px // 3, height_px // 2
    width, height = mark + (right - left) + 3 * pad, (bottom - top) + 2 * pad
    x, y = picture.width - width, picture.height - height
    draw.rectangle((x, y, picture.width, picture.height), fill=_LABEL)
    middle = y + height / 2
    draw.polygon(
        [(x + pad, middle - mark / 2), (x + pad, middle + mark / 2), (x + pad + mark, middle)],
        fill=_INK,
    )
    draw.text((x + 2 * pad + mark - left, y + pad - top), length, fill=_INK, font=font)
    return picture


def _film(poster: Poster) -> str:
    sides = poster.film_width_px, poster.film_height_px
    width, height = sides[::-1] if poster.turned_degrees % 180 else sides
    parts = [f"{width}x{height} px"]
    if poster.duration_seconds:
        parts.append(f"{poster.duration_seconds:.1f} s")
    if poster.frames_per_second:
        parts.append(f"{poster.frames_per_second:.4g} frames a second")
    parts.append("with sound" if poster.has_sound else "silent")
    return f"{', '.join(parts)}; the picture is its frame at {poster.at_seconds:.1f} s"


def _waveform(waveform: Waveform, width_px: int) -> Image.Image:
    height_px = max(48, width_px // WAVEFORM_SHAPE)
    text_px = max(10, height_px // 14)
    wave_px = height_px - 2 * text_px
    picture = Image.new("RGB", (width_px, height_px), _PAPER)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(text_px)
    middle = wave_px / 2
    draw.line((0, middle, width_px, middle), fill=_AXIS)
    # What was not heard stays empty, so that the scale below is right.
    drawn_px = width_px * min(1.0, waveform.heard_seconds / waveform.duration_seconds)
    column_px = drawn_px / len(waveform.levels)
    for column, (low, high) in enumerate(waveform.levels):
        left = round(column * column_px)
        right = max(left, round((column + 1) * column_px) - 1)
        box = (left, round(middle - high / 127 * middle), right, round(middle - low / 127 * middle))
        draw.rectangle(box, fill=_WAVE)
    draw.line((0, wave_px, width_px, wave_px), fill=_AXIS)
    for place, anchor in ((0.0, "la"), (0.5, "ma"), (1.0, "ra")):
        at = (place * width_px + (4 if not place else -4 if place == 1 else 0), wave_px + text_px * 0.4)
        draw.text(at, clock(waveform.duration_seconds * place), fill=_TEXT, font=font, anchor=anchor)
    return picture


def _sound(waveform: Waveform) -> str:
    channels = {1: "mono", 2: "stereo"}.get(waveform.channels, f"{waveform.channels} channels")
    parts = [f"{waveform.duration_seconds:.1f} s", channels, f"{waveform.rate_hz} Hz"]
    peak = max(max(abs(low), abs(high)) for low, high in waveform.levels)
    parts.append(f"peak {peak / 127:.0%}" if peak else "silent throughout")
    if waveform.heard_seconds < waveform.duration_seconds - 1:
        parts.append(f"drawn up to {clock(waveform.heard_seconds)}")
    return f"{', '.join(parts)}; the picture is its waveform"

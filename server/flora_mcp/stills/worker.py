"""Decodes one file in a process of its own: its crash, its hunger and its endless work end with that process.

Runs as a script, which imports nothing of the server: it starts fast, and it holds no secret. The file is standard
input, the task is in the arguments; a line of JSON comes back, then pixels or levels.
"""

import array
import json
import os
import sys
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

try:
    import av
except ImportError:
    os.write(1, b'{"error": "missing"}\n')
    sys.exit()

if sys.platform != "win32":
    import resource

MOST_PIXELS = 40_000_000
"""Of one frame of a video: more than 8K has."""

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 15

SOUND_CPU_SECONDS = 8.0
"""After so much work, the rest of a sound is left out."""

MOST_SOUND_SECONDS = 4 * 3600

FRAMES_TRIED = 120
"""So far a film that begins in black is followed for a frame that shows something."""

POSITION = 0.1
"""Where in a film its poster is looked for; the first frame is often empty."""

RATE_HZ = 8000
LEVEL_SAMPLES = 80
"""Samples of one level: a hundredth of a second."""

SAMPLED = 12_000
"""About so many bytes of a frame are looked at."""

PLAIN_RANGE = 24
"""A frame whose brightest and darkest byte are nearer than this shows nothing."""


class UnreadableError(Exception):
    """The file gives no picture; the text says why."""


def main() -> None:
    task, form, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
    _confine()
    with open(0, "rb", closefd=False) as file:
        try:
            told, content = poster(file, form, size) if task == "poster" else waveform(file, form, size)
        except UnreadableError as exc:
            told, content = {"error": "unreadable", "reason": str(exc)}, b""
    _answer(told, content)


def poster(file: BinaryIO, form: str, side_px: int) -> tuple[dict[str, Any], bytes]:
    """Returns the facts of a film, and the pixels of one frame, RGB, no side over `side_px`."""
    with _opened(file, form) as container:
        if not container.streams.video:
            raise UnreadableError("it has no picture")
        stream = container.streams.video[0]
        stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
        duration_seconds = _duration_seconds(container, stream)
        found = _telling_frame(container, stream, duration_seconds, side_px)
        frame, (width_px, height_px), pixels = found
        ratio = float(stream.sample_aspect_ratio or 1) or 1.0
        told = {
            "width_px": width_px,
            "height_px": height_px,
            "film_width_px": round(frame.width * ratio),
            "film_height_px": frame.height,
            "turned_degrees": int(getattr(frame, "rotation", 0) or 0),
            "at_seconds": float(frame.time or 0.0),
            "duration_seconds": duration_seconds,
            "frames_per_second": float(stream.average_rate) if stream.average_rate else None,
            "has_sound": bool(container.streams.audio),
        }
    return told, pixels


def waveform(file: BinaryIO, form: str, columns: int) -> tuple[dict[str, Any], bytes]:
    """Returns the facts of a sound, and its lowest and highest level in each column, a signed byte each."""
    with _opened(file, form) as container:
        if not container.streams.audio:
            raise UnreadableError("it has no sound")
        stream = container.streams.audio[0]
        duration_seconds = _duration_seconds(container, stream)
        channels, rate_hz = stream.codec_context.channels, stream.codec_context.sample_rate
        lows, highs = array.array("b"), array.array("b")
        waiting = array.array("h")
        for samples in _samples(container, stream):
            waiting.extend(samples)
            whole = len(waiting) // LEVEL_SAMPLES * LEVEL_SAMPLES
            for at in range(0, whole, LEVEL_SAMPLES):
                part = waiting[at : at + LEVEL_SAMPLES]
                lows.append(max(-127, min(part) >> 8))
                highs.append(max(part) >> 8)
            del waiting[:whole]
    if not lows:
        raise UnreadableError("none of its sound can be decoded")
    heard_seconds = len(lows) * LEVEL_SAMPLES / RATE_HZ
    told = {
        "duration_seconds": max(duration_seconds or 0.0, heard_seconds),
        "heard_seconds": heard_seconds,
        "channels": channels,
        "rate_hz": rate_hz,
    }
    return told, _merged(lows, highs, columns)


def _opened(file: BinaryIO, form: str) -> Any:
    try:
        # The form is told, and there is no path: a playlist in disguise cannot make it open other files or addresses.
        return av.open(file, "r", format=form, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError, OSError) as exc:
        raise UnreadableError("the file is broken") from exc


def _duration_seconds(container: Any, stream: Any) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration else None


def _telling_frame(container: Any, stream: Any, duration_seconds: float | None, side_px: int) -> Any:
    """Returns the first frame from `POSITION` on that shows something, or else the first one there is."""
    first = None
    if duration_seconds:
        _seek(container, stream, duration_seconds * POSITION)
    for number, frame in enumerate(_frames(container, stream)):
        pixels, size = _pixels(frame, stream, side_px)
        first = first or (frame, size, pixels)
        sample = pixels[:: 3 * (len(pixels) // SAMPLED) + 1]  # no multiple of three: of all three colours
        if max(sample) - min(sample) >= PLAIN_RANGE:
            return frame, size, pixels
        if number >= FRAMES_TRIED:
            break
    if first is None:
        raise UnreadableError("none of its frames can be decoded")
    return first


def _seek(container: Any, stream: Any, seconds: float) -> None:
    try:
        container.seek(int(seconds / stream.time_base), stream=stream)
    except (av.error.FFmpegError, OSError, ValueError):
        return  # it is read from where it stands: the beginning


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    try:
        yield from container.decode(stream)
    except (av.error.FFmpegError, OSError, ValueError, MemoryError):
        return  # what came before the damage counts


def _pixels(frame: Any, stream: Any, side_px: int) -> tuple[bytes, tuple[int, int]]:
    ratio = float(stream.sample_aspect_ratio or 1) or 1.0
    width, height = frame.width * ratio, float(frame.height)
    scale = min(1.0, side_px / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    plane = frame.reformat(width=size[0], height=size[1], format="rgb24", interpolation="AREA").planes[0]
    rows, row_bytes = bytes(plane), size[0] * 3
    return b"".join(rows[at : at + row_bytes] for at in range(0, plane.line_size * size[1], plane.line_size)), size


def _samples(container: Any, stream: Any) -> Iterator["array.array[int]"]:
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE_HZ)
    left = MOST_SOUND_SECONDS * RATE_HZ
    try:
        for frame in container.decode(stream):
            for heard in resampler.resample(frame):
                left -= heard.samples
                yield array.array("h", bytes(heard.planes[0])[: heard.samples * 2])
            if left <= 0 or time.process_time() > SOUND_CPU_SECONDS:
                return
    except (av.error.FFmpegError, OSError, ValueError, MemoryError):
        return  # what came before the damage counts


def _merged(lows: "array.array[int]", highs: "array.array[int]", columns: int) -> bytes:
    count = min(columns, len(lows))
    levels = bytearray()
    for column in range(count):
        part = slice(column * len(lows) // count, (column + 1) * len(lows) // count)
        levels.append(min(lows[part]) & 0xFF)
        levels.append(max(highs[part]) & 0xFF)
    return bytes(levels)


def _confine() -> None:
    """Bounds what decoding may take, where the system can: memory, work, and no file is written."""
    if sys.platform == "win32":
        return
    limits = (
        ("RLIMIT_AS", MEMORY_BYTES),
        ("RLIMIT_CPU", CPU_SECONDS),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    )
    for name, most in limits:
        kind = getattr(resource, name)
        _, hard = resource.getrlimit(kind)
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (bound, bound))
        except (ValueError, OSError):
            continue  # macOS takes no bound of the address space


def _answer(told: dict[str, Any], content: bytes = b"") -> None:
    with os.fdopen(1, "wb") as answer:
        answer.write(json.dumps(told).encode() + b"\n")
        answer.write(content)


if __name__ == "__main__":
    main()

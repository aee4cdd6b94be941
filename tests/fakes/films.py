"""Films and sounds that tests make for themselves."""

import io
import math
from array import array
from collections.abc import Sequence
from fractions import Fraction

import av
from PIL import Image

Colour = str | tuple[int, int, int]


def film(
    colours: Sequence[Colour],
    *,
    form: str = "mp4",
    codec: str = "mpeg4",
    size: tuple[int, int] = (320, 240),
    frames_each: int = 10,
    sound: bool = False,
) -> bytes:
    """A film at 10 frames a second: of each colour so many frames, with a white bar on the left of those not black."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form) as container:
        stream = container.add_stream(codec, rate=Fraction(10))
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        noise = container.add_stream("aac", rate=44100) if sound else None
        for colour in colours:
            picture = Image.new("RGB", size, colour)
            if colour != "black":
                picture.paste("white", (0, 0, size[0] // 4, size[1]))
            for _ in range(frames_each):
                container.mux(stream.encode(av.VideoFrame.from_image(picture)))
        container.mux(stream.encode())
        if noise is not None:
            container.mux(noise.encode(_samples(tone(1.0, rate_hz=44100), 44100)))
            container.mux(noise.encode())
    return buffer.getvalue()


def tone(seconds: float, *, rate_hz: int = 8000, loudness: float = 0.5) -> "array[int]":
    """A tone of 200 Hz that is silent in its second half."""
    count = int(seconds * rate_hz)
    return array(
        "h",
        (
            int(32767 * loudness * math.sin(2 * math.pi * 200 * at / rate_hz)) if at < count // 2 else 0
            for at in range(count)
        ),
    )


def sound(seconds: float = 2.0, *, form: str = "wav", codec: str = "pcm_s16le", rate_hz: int = 8000) -> bytes:
    """A file with a `tone`."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate_hz, layout="mono")
        container.mux(stream.encode(_samples(tone(seconds, rate_hz=rate_hz), rate_hz)))
        container.mux(stream.encode())
    return buffer.getvalue()


def _samples(samples: "array[int]", rate_hz: int) -> av.AudioFrame:
    frame = av.AudioFrame(format="s16", layout="mono", samples=len(samples))
    frame.planes[0].update(samples.tobytes())
    frame.sample_rate = rate_hz
    frame.pts = 0
    return frame

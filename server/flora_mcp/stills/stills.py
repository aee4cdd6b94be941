"""Asks a process of its own for a still picture of a film or of a sound."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from flora_mcp.stills.errors import MediaExtraMissingError, UnreadableMediaError

COMMAND = (sys.executable, "-P", str(Path(__file__).with_name("worker.py")))

FORMS = {
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "video/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/mp4": "mp4",
    "audio/flac": "flac",
}
"""What is read, and what FFmpeg calls it. It is told the form: left to guess, it would also read playlists."""

PROCESSES = 2
"""Files that are decoded at once; each may take 2 GB."""

ENVIRONMENT = {"LC_ALL": "C"}
"""All that a worker sees of the environment: the key is in ours."""

MOST_ANSWER_BYTES = 16 * 1024 * 1024
"""The largest poster takes half of it."""

_NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)

Task = Literal["poster", "waveform"]


@dataclass(frozen=True, kw_only=True)
class Poster:
    """One frame of a film, and what is known of the film."""

    width_px: int
    height_px: int
    pixels: bytes
    """Rows of RGB, not yet turned."""
    turned_degrees: int
    """By how much the frame is to be turned, counter-clockwise, to be upright."""
    at_seconds: float
    film_width_px: int
    film_height_px: int
    duration_seconds: float | None
    frames_per_second: float | None
    has_sound: bool


@dataclass(frozen=True, kw_only=True)
class Waveform:
    """The levels of a sound, and what is known of it."""

    levels: tuple[tuple[int, int], ...]
    """Lowest and highest of each column, -127 to 127."""
    duration_seconds: float
    heard_seconds: float
    """How much of it the levels show: a very long sound is left before its end."""
    channels: int
    rate_hz: int


@dataclass(frozen=True, kw_only=True)
class Stills:
    """Makes still pictures. Blocking: up to `deadline_seconds`, mostly a quarter of a second.

    Args:
        command: What starts a worker.
        deadline_seconds: A worker that is not done by then is killed.
    """

    command: Sequence[str] = COMMAND
    deadline_seconds: float = 20.0
    turns: threading.Semaphore = field(default_factory=lambda: threading.BoundedSemaphore(PROCESSES))

    def poster(self, media: Path | bytes, *, mime_type: str, side_px: int) -> Poster:
        """Returns a frame that shows something, no side over `side_px`.

        Raises:
            MediaExtraMissingError: PyAV is not installed.
            UnreadableMediaError: The file gives no frame.
            OSError: There is no such file.
        """
        told, pixels = self._ask("poster", media, mime_type, side_px)
        if len(pixels) != told["width_px"] * told["height_px"] * 3:
            raise UnreadableMediaError("decoding it was cut short")
        return Poster(pixels=pixels, **told)

    def waveform(self, media: Path | bytes, *, mime_type: str, columns: int) -> Waveform:
        """Returns the levels of a sound, in at most so many columns.

        Raises:
            MediaExtraMissingError: PyAV is not installed.
            UnreadableMediaError: The file gives no sound.
            OSError: There is no such file.
        """
        told, content = self._ask("waveform", media, mime_type, columns)
        signed = memoryview(content).cast("b").tolist()
        return Waveform(levels=tuple(zip(signed[::2], signed[1::2], strict=True)), **told)

    def _ask(self, task: Task, media: Path | bytes, mime_type: str, size: int) -> tuple[dict[str, Any], bytes]:
        form = FORMS.get(mime_type)
        if form is None:
            raise UnreadableMediaError(f"{mime_type} cannot be shown")
        # The worker gets an open file: it never learns a path, and may move about in it.
        with tempfile.TemporaryFile() if isinstance(media, bytes) else media.open("rb") as file:
            if isinstance(media, bytes):
                file.write(media)
                file.seek(0)
            with self.turns:
                return self._run((*self.command, task, form, str(size)), file.fileno())

    def _run(self, command: Sequence[str], file: int) -> tuple[dict[str, Any], bytes]:
        answer, code = self._answer(command, file)
        line, _, content = answer.partition(b"\n")
        if code or not line:
            raise UnreadableMediaError("decoding it took too much work or memory, or it is broken")
        told: dict[str, Any] = json.loads(line)
        match told.get("error"):
            case None:
                return told, content
            case "missing":
                raise MediaExtraMissingError
            case _:
                raise UnreadableMediaError(str(told["reason"]))

    def _answer(self, command: Sequence[str], file: int) -> tuple[bytes, int]:
        """Returns what a worker says, of which no more than is expected is taken in, and how it ended."""
        late = threading.Event()
        with subprocess.Popen(  # noqa: S603 - our own worker, and no word of the file in its arguments
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            creationflags=_NO_WINDOW,
        ) as process:

            def kill() -> None:
                late.set()
                process.kill()

            timer = threading.Timer(self.deadline_seconds, kill)
            timer.start()
            try:
                assert process.stdout is not None
                answer = process.stdout.read(MOST_ANSWER_BYTES)
                if len(answer) == MOST_ANSWER_BYTES:
                    process.kill()
                code = process.wait()
            finally:
                timer.cancel()
                process.kill()
        if late.is_set():
            raise UnreadableMediaError(f"decoding it took more than {self.deadline_seconds:g} s")
        return answer, code

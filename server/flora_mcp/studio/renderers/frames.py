"""The messages between the studio and a render process: a JSON header, then raw bytes."""

import json
import struct
from typing import BinaryIO

from flora_mcp.studio.renderers.rendering import JSON

_SIZES = struct.Struct(">IQ")

MOST_HEADER_BYTES = 4 * 1024 * 1024
"""A longer header means that the two sides have lost step."""

MOST_CONTENT_BYTES = 512 * 1024 * 1024
"""The largest file that a render may hand over."""


class BrokenFrameError(Exception):
    """What was read is no message of ours."""


def write_frame(stream: BinaryIO, header: dict[str, JSON], content: bytes = b"") -> None:
    """Writes one message and flushes it."""
    head = json.dumps(header).encode()
    stream.write(_SIZES.pack(len(head), len(content)) + head)
    if content:
        stream.write(content)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, JSON], bytes] | None:
    """Reads one message; None at the end of the stream.

    Raises:
        BrokenFrameError: The stream ended inside a message or holds something else.
    """
    sizes = stream.read(_SIZES.size)
    if not sizes:
        return None
    if len(sizes) < _SIZES.size:
        raise BrokenFrameError("the stream ended inside a message")
    head_bytes, content_bytes = _SIZES.unpack(sizes)
    if head_bytes > MOST_HEADER_BYTES or content_bytes > MOST_CONTENT_BYTES:
        raise BrokenFrameError(f"a message claims {head_bytes} + {content_bytes} bytes")
    head = stream.read(head_bytes)
    content = stream.read(content_bytes)
    if len(head) < head_bytes or len(content) < content_bytes:
        raise BrokenFrameError("the stream ended inside a message")
    try:
        header = json.loads(head)
    except ValueError as exc:
        raise BrokenFrameError("a message's header is not JSON") from exc
    if not isinstance(header, dict):
        raise BrokenFrameError("a message's header is not an object")
    return header, content

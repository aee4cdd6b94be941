"""The host's half of the channel: reads what a hostile worker sends, and builds what it receives.

A frame is four bytes of length, big-endian, and a JSON object. Everything is refused that an honest worker never
sends, before it can cost the host memory or time.
"""

import asyncio
import json
import math
import re
from typing import Any

DEPTH = 64
INTEGER_DIGITS = 40
BYTES_PER_VALUE = 10
"""On average at least, in a full frame: one of empty lists would need thirty times its length in memory."""

HEADER_BYTES = 4

# Consumes an unterminated string too: retrying at each quote would take quadratic time.
STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
LONG_INTEGER = re.compile(rb"[0-9]{%d}" % (INTEGER_DIGITS + 1))
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
BRACKETS = b"[]{}"
NOT_BRACKETS = bytes(byte for byte in range(256) if byte not in BRACKETS)


class ChannelError(Exception):
    """The worker sent what an honest one never sends."""


def encode(frame: dict[str, Any]) -> bytes:
    """Returns the frame with its length.

    Raises:
        TypeError: A value is not JSON.
        ValueError: A number is not finite, or a list contains itself.
    """
    body = ENCODER.encode(frame).encode("utf-8", "replace")
    return len(body).to_bytes(HEADER_BYTES, "big") + body


async def read_frame(reader: asyncio.StreamReader, *, max_bytes: int) -> bytes:
    """Returns the next frame without its length.

    Raises:
        ChannelError: It is longer than that.
        asyncio.IncompleteReadError: The worker is gone.
    """
    length = int.from_bytes(await reader.readexactly(HEADER_BYTES), "big")
    if length > max_bytes:
        raise ChannelError("a frame is too long")
    return await reader.readexactly(length)


def decode(body: bytes, *, max_values: int) -> dict[str, Any]:
    """Returns the JSON object in a frame.

    Args:
        body: The frame without its length.
        max_values: Bound for the values in it, nested ones included.

    Raises:
        ChannelError: It is not strict JSON, or too deep, too fine-grained or with too long integers.
    """
    _check_structure(STRINGS.sub(b"", body), max_values)
    try:
        frame = DECODER.decode(body.decode("utf-8"))
    except (ValueError, RecursionError) as exc:
        raise ChannelError(f"a frame is not strict JSON: {type(exc).__name__}") from exc
    if SURROGATE.search(body):
        _check_text(frame)
    if type(frame) is not dict:
        raise ChannelError("a frame is not an object")
    return frame


def _check_structure(bare: bytes, max_values: int) -> None:
    if bare.count(b",") + bare.count(b"[") + bare.count(b"{") > max_values:
        raise ChannelError("a frame holds too many values")
    if LONG_INTEGER.search(bare):
        raise ChannelError("a frame holds an integer that is too long")
    depth = 0
    for bracket in bare.translate(None, NOT_BRACKETS):
        if bracket in b"[{":
            depth += 1
            if depth > DEPTH:
                raise ChannelError("a frame is nested too deeply")
        else:
            depth -= 1


def _check_text(frame: object) -> None:
    try:
        json.dumps(frame, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as exc:
        raise ChannelError("a frame holds half a character") from exc


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key occurs twice")
    return result


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number is not finite")
    return value


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


# What `json.loads` and `json.dumps` would make anew for each frame.
DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_refuse)
ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))

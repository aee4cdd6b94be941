"""Bytes inside an address."""

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

from flora_mcp.uploads.errors import RefusedError

MOST_BYTES = 20 * 1024 * 1024

_HEAD = re.compile(r"(?i)data:(?P<type>[\w.+-]+/[\w.+-]+)?(?P<params>(;[^,;]{1,80}){0,8}),")
_SPACE = re.compile(r"\s+")


def read_data_url(url: str) -> bytes:
    """Returns the bytes; what the address says of their type is not believed.

    Raises:
        RefusedError: It is no data: URL, or holds more than `MOST_BYTES`.
    """
    head = _HEAD.match(url)
    if head is None:
        raise RefusedError(f"{url[:60]!r} is no data: URL. Write data:image/png;base64, and then the bytes in base64.")
    body = url[head.end() :]
    if len(body) > MOST_BYTES * 4:
        raise RefusedError(_too_large())
    content = _base64(body) if head["params"].lower().endswith(";base64") else unquote_to_bytes(body)
    if len(content) > MOST_BYTES:
        raise RefusedError(_too_large())
    return content


def _base64(text: str) -> bytes:
    """Returns what the text stands for; line ends, the alphabet of addresses and missing `=` are what senders do."""
    clean = _SPACE.sub("", text.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")).rstrip("=")
    clean = clean.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(clean + "=" * (-len(clean) % 4), validate=True)
    except binascii.Error as exc:
        raise RefusedError(
            f"The data: URL holds no base64 ({exc}): perhaps it was cut short. Encode the whole file once more, or "
            "pass its path or a public https:// address."
        ) from exc


def _too_large() -> str:
    return f"The data: URL holds more than {MOST_BYTES} bytes. Pass a path or a public https:// address instead."

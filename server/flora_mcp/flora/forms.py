"""Multipart forms: some fields, then one file, written piece by piece."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from flora_mcp.flora.files import File

UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, kw_only=True)
class Form:
    """A body of the type `multipart/form-data`. Fields stand before the file, as storage hosts demand."""

    boundary: str
    """A word that does not occur in the content; one made by chance does not."""
    fields: Mapping[str, str] = field(default_factory=dict)
    file: File
    file_field: str = "file"

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def size_bytes(self) -> int:
        return len(self._head()) + self.file.size_bytes + len(self._tail())

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yields the body; may be called again for another attempt."""
        yield self._head()
        async for chunk in self.file.chunks():
            yield chunk
        yield self._tail()

    def _head(self) -> bytes:
        parts = [
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n{value}\r\n'
            for name, value in self.fields.items()
        ]
        parts.append(
            f'--{self.boundary}\r\nContent-Disposition: form-data; name="{_quoted(self.file_field)}"; '
            f'filename="{_quoted(self.file.name)}"\r\nContent-Type: {self.file.content_type or UNKNOWN_TYPE}\r\n\r\n'
        )
        return "".join(parts).encode()

    def _tail(self) -> bytes:
        return f"\r\n--{self.boundary}--\r\n".encode()


def _quoted(text: str) -> str:
    """Returns a name that cannot end its header: quotes and line ends are percent-encoded, as browsers do."""
    return re.sub(r'[\r\n"]', lambda found: f"%{ord(found[0]):02X}", text)

"""Reading multipart forms: one file, in any place among the fields, within bounds."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from flora_mcp.studio import errors

MOST_FIELDS = 20

FIELD_BYTES = 8 * 1024
"""The longest field that is not the file."""

WRAPPING_BYTES = 64 * 1024
"""What fields, boundaries and headers may take beside the file."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """The fields of a form, and its file; closed by who opened it."""

    fields: dict[str, str]
    file: UploadFile


@asynccontextmanager
async def read_form(request: Request, *, file_field: str, most_bytes: int, advice: str) -> AsyncIterator[Form]:
    """Yields a form whose file has at most `most_bytes`; it lies on disk when it is long.

    Raises:
        ApiError: 400; `advice` ends the message that the file is too long.
    """
    too_long = errors.invalid(file_field, f"is longer than {most_bytes} bytes; {advice}")

    async def stream() -> AsyncGenerator[bytes, None]:
        size_bytes = 0
        async for chunk in request.stream():
            size_bytes += len(chunk)
            if size_bytes > most_bytes + WRAPPING_BYTES:
                raise too_long
            yield chunk

    parser = MultiPartParser(request.headers, stream(), max_files=1, max_fields=MOST_FIELDS, max_part_size=FIELD_BYTES)
    try:
        found = await parser.parse()
    except MultiPartException as exc:
        raise errors.invalid("body", f"is no multipart form that is accepted here: {exc.message}") from exc
    try:
        file = found.get(file_field)
        if not isinstance(file, UploadFile):
            raise errors.invalid(file_field, "Required; send the file's bytes in a part of this name, with a filename.")
        if (file.size or 0) > most_bytes:
            raise too_long
        fields = {name: value for name, value in found.multi_items() if isinstance(value, str)}
        yield Form(fields=fields, file=file)
    finally:
        await found.close()

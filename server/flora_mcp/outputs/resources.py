"""Shapes outputs as MCP resources."""

import base64
import re

from mcp_types import (
    Annotations,
    BlobResourceContents,
    Resource,
    ResourceLink,
    ResourceTemplate,
    TextResourceContents,
)

from flora_mcp.outputs.media import SVG, TEXT
from flora_mcp.outputs.output import StoredOutput
from flora_mcp.outputs.uris import URI_TEMPLATE, parse_uri

__all__ = ["contents", "link", "parse_uri", "resource", "template"]

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def resource(output: StoredOutput) -> Resource:
    """Returns the output as an entry of a resource list."""
    return Resource(
        uri=output.uri,
        name=file_name(output),
        title=_title(output),
        description=output.alt_text,
        mime_type=output.mime_type,
        size=output.size_bytes,
        annotations=_annotations(output),
    )


def link(output: StoredOutput) -> ResourceLink:
    """Returns the output as a link in a tool result: the same fields as its `resource`."""
    return ResourceLink(**resource(output).model_dump())


def contents(output: StoredOutput, data: bytes) -> BlobResourceContents | TextResourceContents:
    """Returns the output's bytes as the answer to reading its resource; text and SVG as text."""
    if output.mime_type in {TEXT, SVG}:
        return TextResourceContents(uri=output.uri, mime_type=output.mime_type, text=data.decode("utf-8"))
    return BlobResourceContents(uri=output.uri, mime_type=output.mime_type, blob=base64.b64encode(data).decode("ascii"))


def template() -> ResourceTemplate:
    """Returns the form of every output's address."""
    return ResourceTemplate(
        name="run-output",
        title="Output of a run",
        uri_template=URI_TEMPLATE,
        description="A file that a completed run made, at full size. Ids are percent-encoded.",
    )


def file_name(output: StoredOutput) -> str:
    """Returns a file name that is safe anywhere: some clients save a resource under its name."""
    name = _UNSAFE.sub("_", f"{output.run_id}-{output.output_id}").strip(".")[:120]
    return f"{name}{output.path.suffix}"


def _title(output: StoredOutput) -> str:
    size = f" {output.width_px}x{output.height_px}" if output.width_px else ""
    return f"{output.type.capitalize()}{size} {output.output_id}"


def _annotations(output: StoredOutput) -> Annotations:
    return Annotations(audience=["user", "assistant"], last_modified=output.created_at.isoformat())

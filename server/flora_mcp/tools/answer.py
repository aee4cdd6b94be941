"""Builds what a call answers: facts as text first, previews second, links last."""

from collections.abc import Sequence

import anyio.to_thread
from mcp_types import CallToolResult, ContentBlock, TextContent

from flora_mcp.outputs import StoredOutput, link, previews
from flora_mcp.tools import excerpt

LINKS = 20
"""Links in one answer; the rest is listed as resources."""


def failure(message: str) -> CallToolResult:
    """An answer that tells the model what went wrong and what to do."""
    return CallToolResult(content=[TextContent(text=excerpt.text(message))], is_error=True)


def words(message: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=excerpt.text(message))])


async def pictures(
    message: str, outputs: Sequence[StoredOutput], *, others: Sequence[StoredOutput] = (), is_error: bool = False
) -> CallToolResult:
    """The message, previews of the outputs within the byte budget, and a link to each in full; then to the others."""
    content: list[ContentBlock] = []
    note = ""
    if outputs:
        shown = await anyio.to_thread.run_sync(previews, outputs)
        note = f"\n{shown.note}" if shown.note else ""
        content.extend(shown.content)
    content.extend(link(output) for output in [*outputs, *others][:LINKS])
    return CallToolResult(content=[TextContent(text=excerpt.text(message + note)), *content], is_error=is_error)

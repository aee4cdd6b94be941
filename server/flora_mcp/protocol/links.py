"""Keeps links from clients that make of each a picture which their model is told to fetch."""

from mcp_types import CallToolResult, ResourceLink
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from flora_mcp.protocol.desk import Context

NAMELESS = "mcp"
"""What the Python SDK calls a client whose author gave it no name. LangChain's adapters are one (seen with 0.3.2, which
cannot use an SDK of the new era): the address of a linked picture goes to the model as a picture, providers of models
refuse the whole conversation, and the model never sees the preview. Agents written on the SDK lose nothing: the text
of an answer names every address and every path."""


def for_client(result: CallToolResult, context: Context) -> CallToolResult:
    """Returns the answer as the client can bear it."""
    if context.protocol_version in MODERN_PROTOCOL_VERSIONS or not _is_nameless(context):
        return result
    content = [block for block in result.content if not isinstance(block, ResourceLink)]
    return result.model_copy(update={"content": content})


def _is_nameless(context: Context) -> bool:
    client = context.session.client_params
    return client is not None and client.client_info.name == NAMELESS

"""What a test asks of a client, and what the client's model is handed."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from e2e.servers import COMMAND
from mcp_types import ContentBlock, ImageContent, TextContent, Tool

CALL_SECONDS = 60.0
"""A first picture takes longer than the five seconds that some frameworks wait by default."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where the server is: a process of the client's own, or an address."""

    variables: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None

    @property
    def program(self) -> str:
        return COMMAND[0]

    @property
    def arguments(self) -> list[str]:
        return list(COMMAND[1:])


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The call that the model makes."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What reaches the model, in the framework's own form, sorted."""

    tools: frozenset[str]
    """Names of the tools that the model may call."""
    words: str
    """Texts of the answer."""
    pictures: tuple[bytes, ...]
    addresses: tuple[str, ...] = ()
    """Addresses that a model is told to look at, as if they were pictures or files."""


def heard(tools: Sequence[Tool], content: Sequence[ContentBlock]) -> Heard:
    """Returns what a client hands on that leaves MCP's own blocks as they are."""
    return Heard(
        tools=frozenset(tool.name for tool in tools),
        words="\n".join(block.text for block in content if isinstance(block, TextContent)),
        pictures=tuple(base64.b64decode(block.data) for block in content if isinstance(block, ImageContent)),
    )


def decoded(data_url: str) -> bytes:
    """Returns the bytes in an address such as `data:image/jpeg;base64,…`."""
    head, _, data = data_url.partition(",")
    assert head.startswith("data:image/"), head[:80]
    assert head.endswith(";base64"), head[:80]
    return base64.b64decode(data, validate=True)

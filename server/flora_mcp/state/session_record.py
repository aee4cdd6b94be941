"""What processes tell each other of a session."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Message = Mapping[str, Any]
"""One of JSON-RPC."""


@dataclass(frozen=True, kw_only=True)
class SessionRecord:
    """What a process must know of a session to go on with it."""

    id: str
    tenant: str
    protocol_version: str
    client: Mapping[str, Any]
    """The params of the client's `initialize`."""
    lasting: tuple[Message, ...] = ()
    """What the client has sent whose effect lasts, such as subscriptions."""
    place: int = 0
    """What was said up to there is counted in."""


@dataclass(frozen=True, kw_only=True)
class Word:
    """What one process tells the others of a session."""

    session_id: str
    tenant: str
    message: Message | None
    """What the client has sent to that process; None: the session has ended."""
    place: int = 0
    """Where it stands among all that is said."""

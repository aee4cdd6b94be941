"""Who is let in over HTTP, and as whom."""

from flora_mcp.auth.door import Door, Entrance, OpenDoor, RefusedError
from flora_mcp.auth.ids import TenantIds
from flora_mcp.auth.key_door import KeyDoor
from flora_mcp.auth.key_file import KeyFile, KeyFileError
from flora_mcp.auth.vetting import UnansweredError, Vetting

__all__ = [
    "Door",
    "Entrance",
    "KeyDoor",
    "KeyFile",
    "KeyFileError",
    "OpenDoor",
    "RefusedError",
    "TenantIds",
    "UnansweredError",
    "Vetting",
]

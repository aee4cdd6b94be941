"""Who is let in over HTTP, and as whom."""

from flora_mcp.auth.door import Door, OpenDoor, RefusedError

__all__ = ["Door", "OpenDoor", "RefusedError"]

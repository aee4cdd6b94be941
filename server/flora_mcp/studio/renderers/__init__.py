"""The studio's renderers, each in a process of its own."""

from flora_mcp.studio.renderers.process import RenderProcesses
from flora_mcp.studio.renderers.rendering import (
    JSON,
    Progress,
    Renderer,
    RenderHost,
    Rendering,
    RenderRequest,
)
from flora_mcp.studio.renderers.threads import RenderThreads

__all__ = [
    "JSON",
    "Progress",
    "RenderHost",
    "RenderProcesses",
    "RenderRequest",
    "RenderThreads",
    "Renderer",
    "Rendering",
]

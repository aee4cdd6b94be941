"""The studio's renderers, each in a process of its own."""

from flora_mcp.studio.renderers.process import RenderProcesses
from flora_mcp.studio.renderers.rendering import (
    JSON,
    ActionInput,
    ActionRequest,
    Progress,
    Renderer,
    RenderHost,
    Rendering,
    RenderRequest,
    UnsuitableInputError,
)
from flora_mcp.studio.renderers.threads import RenderThreads

__all__ = [
    "JSON",
    "ActionInput",
    "ActionRequest",
    "Progress",
    "RenderHost",
    "RenderProcesses",
    "RenderRequest",
    "RenderThreads",
    "Renderer",
    "Rendering",
    "UnsuitableInputError",
]

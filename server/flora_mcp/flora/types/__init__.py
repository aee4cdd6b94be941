"""The shapes of FLORA's answers."""

from flora_mcp.flora.types.catalog import Model, ModelOption, ModelParam
from flora_mcp.flora.types.jobs import (
    Generation,
    MediaType,
    ModelChoice,
    Output,
    RunStart,
    RunState,
    RunStatus,
)
from flora_mcp.flora.types.places import Node, Project, Workspace
from flora_mcp.flora.types.values import JSON, Number, Shape, optional_fields

__all__ = [
    "JSON",
    "Generation",
    "MediaType",
    "Model",
    "ModelChoice",
    "ModelOption",
    "ModelParam",
    "Node",
    "Number",
    "Output",
    "Project",
    "RunStart",
    "RunState",
    "RunStatus",
    "Shape",
    "Workspace",
    "optional_fields",
]

"""Techniques: workflows written down as data, checked when they are added, planned when they are run."""

from flora_mcp.studio.techniques.checks import fault_of
from flora_mcp.studio.techniques.definition import ActionStep, Definition, GenerationStep, Input, Output, TextStep
from flora_mcp.studio.techniques.plan import FileValue, Plan, Value, credits_of, most_credits, read_plan, seconds_of
from flora_mcp.studio.techniques.reading import MOST_FILE_BYTES, read_technique, shipped_files, shipped_techniques

__all__ = [
    "MOST_FILE_BYTES",
    "ActionStep",
    "Definition",
    "FileValue",
    "GenerationStep",
    "Input",
    "Output",
    "Plan",
    "TextStep",
    "Value",
    "credits_of",
    "fault_of",
    "most_credits",
    "read_plan",
    "read_technique",
    "seconds_of",
    "shipped_files",
    "shipped_techniques",
]

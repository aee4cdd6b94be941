"""What clients can read by address: runs, outputs, assets, models, techniques, documentation."""

from flora_mcp.resources.choices import Choices
from flora_mcp.resources.completion import completion, proposed
from flora_mcp.resources.families import families
from flora_mcp.resources.family import Family, Given, Listed, Reading
from flora_mcp.resources.resources import Resources
from flora_mcp.resources.runs import run_uri

__all__ = [
    "Choices",
    "Family",
    "Given",
    "Listed",
    "Reading",
    "Resources",
    "completion",
    "families",
    "proposed",
    "run_uri",
]

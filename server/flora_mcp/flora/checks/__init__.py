"""Checks parameters against the schema that the model or the action itself publishes, before anything is sent."""

from flora_mcp.flora.checks.actions import problems_of_action
from flora_mcp.flora.checks.catalogue import Catalogue, Shelf
from flora_mcp.flora.checks.generations import problems_of_generation

__all__ = ["Catalogue", "Shelf", "problems_of_action", "problems_of_generation"]

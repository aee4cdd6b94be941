"""FLORA's methods, grouped as its SDK groups them. A method added to one of these classes is in the method table."""

from flora_mcp.flora.resources.generations import Generations
from flora_mcp.flora.resources.models import Models
from flora_mcp.flora.resources.projects import Projects
from flora_mcp.flora.resources.resource import Resource, Wire
from flora_mcp.flora.resources.runs import Runs
from flora_mcp.flora.resources.workspaces import Workspaces


class Resources:
    """All groups of one client."""

    workspaces: Workspaces
    projects: Projects
    models: Models
    generations: Generations
    runs: Runs

    def __init__(self, wire: Wire) -> None:
        self.workspaces = Workspaces(wire)
        self.projects = Projects(wire)
        self.models = Models(wire)
        self.generations = Generations(wire)
        self.runs = Runs(wire)


__all__ = ["Generations", "Models", "Projects", "Resource", "Resources", "Runs", "Wire", "Workspaces"]

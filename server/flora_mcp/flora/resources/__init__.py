"""FLORA's methods, grouped as its SDK groups them. A method added to one of these classes is in the method table."""

from flora_mcp.flora.resources.actions import Actions
from flora_mcp.flora.resources.assets import Assets
from flora_mcp.flora.resources.feedback import Feedback
from flora_mcp.flora.resources.generations import Generations
from flora_mcp.flora.resources.models import Models
from flora_mcp.flora.resources.projects import Projects
from flora_mcp.flora.resources.resource import Resource, Wire
from flora_mcp.flora.resources.runs import Runs
from flora_mcp.flora.resources.techniques import Techniques
from flora_mcp.flora.resources.webhooks import Webhooks
from flora_mcp.flora.resources.workspaces import Workspaces


class Resources:
    """All groups of one client."""

    workspaces: Workspaces
    projects: Projects
    models: Models
    generations: Generations
    techniques: Techniques
    assets: Assets
    actions: Actions
    runs: Runs
    feedback: Feedback
    webhooks: Webhooks

    def __init__(self, wire: Wire) -> None:
        self.workspaces = Workspaces(wire)
        self.projects = Projects(wire)
        self.models = Models(wire)
        self.generations = Generations(wire)
        self.techniques = Techniques(wire)
        self.assets = Assets(wire)
        self.actions = Actions(wire)
        self.runs = Runs(wire)
        self.feedback = Feedback(wire)
        self.webhooks = Webhooks(wire)


__all__ = [
    "Actions",
    "Assets",
    "Feedback",
    "Generations",
    "Models",
    "Projects",
    "Resource",
    "Resources",
    "Runs",
    "Techniques",
    "Webhooks",
    "Wire",
    "Workspaces",
]

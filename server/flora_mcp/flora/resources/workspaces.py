"""Workspaces: the teams whose credits are spent."""

from __future__ import annotations

from flora_mcp.flora.operations import Operation
from flora_mcp.flora.pages import Pages
from flora_mcp.flora.resources.folders import Folders
from flora_mcp.flora.resources.library import Library
from flora_mcp.flora.resources.resource import Resource, Wire
from flora_mcp.flora.resources.workspace_projects import WorkspaceProjects
from flora_mcp.flora.types import Workspace


class Workspaces(Resource):
    """The workspaces that the key can see, and what is reached through them."""

    projects: WorkspaceProjects
    folders: Folders
    library: Library

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self.projects = WorkspaceProjects(wire)
        self.folders = Folders(wire)
        self.library = Library(wire)

    @Operation(verb="GET", path="/workspaces", items="workspaces")
    def list(self) -> Pages[Workspace]:
        """Lists the workspaces that the key can see, all on one page.

        Most calls need a `workspace_id` from here; a key usually sees exactly one.

        Returns:
            Workspaces with `workspace_id`, `name`, `role` and `created_at` (Unix milliseconds).

        Raises:
            AuthenticationError: no key, or an unknown one.

        Source: sdk:resources/workspaces/workspaces.ts
        """
        return self._pages(Workspaces.list, Workspace, {})

"""Workspaces: the teams whose credits are spent."""

from __future__ import annotations

from flora_mcp.flora.operations import Operation
from flora_mcp.flora.pages import Pages
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import Workspace


class Workspaces(Resource):
    """The workspaces that the key can see."""

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

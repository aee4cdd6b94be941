"""Project folders of a workspace."""

from __future__ import annotations

from flora_mcp.flora.arguments import FolderId, IdempotencyKey, Text, WorkspaceId
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import Project


class Folders(Resource):
    """Folders that people made in FLORA; no call lists or makes them."""

    @Operation(
        verb="POST",
        path="/workspaces/{workspace_id}/folders/{folder_id}/projects",
        creates="project",
        find="client.projects.list(workspace_id={workspace_id!r}, query={name!r})",
    )
    async def create_project(
        self,
        folder_id: FolderId,
        *,
        workspace_id: WorkspaceId,
        name: Text,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Project:
        """Creates an empty project in a folder; free.

        Args:
            folder_id: Of a folder in that workspace; a private one is its owner's only.
            workspace_id: From `client.workspaces.list()`.
            name: What people see in FLORA; need not be unique.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            The project; its `project_id` is what `generations.create` needs.

        Raises:
            NotFoundError: there is no such folder, or you cannot reach it.
            OutcomeUncertainError: no clear answer came; the project perhaps exists.

        Source: sdk:resources/workspaces/folders.ts
        """
        arguments = {
            "folder_id": folder_id,
            "workspace_id": workspace_id,
            "name": name,
            "idempotency_key": idempotency_key,
        }
        return await self._ask(Folders.create_project, Project, arguments)

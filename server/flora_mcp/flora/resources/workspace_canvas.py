"""A canvas that is changed as one, or replaced whole."""

from __future__ import annotations

from flora_mcp.flora.arguments import IdempotencyKey, ProjectId, WorkspaceId
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import (
    CanvasDefinition,
    Changes,
    Connection,
    NewDefinition,
    NodeAddition,
    NodeRemoval,
    NodeUpdate,
)


class WorkspaceCanvas(Resource):
    """The canvas of a project, reached through its workspace."""

    @Operation(
        verb="POST",
        path="/workspaces/{workspace_id}/projects/{project_id}/canvas/changeset",
        creates="changeset",
        find="client.workspaces.projects.graph({project_id!r}, workspace_id={workspace_id!r})",
    )
    async def apply_changeset(
        self,
        project_id: ProjectId,
        *,
        workspace_id: WorkspaceId,
        add: list[NodeAddition] | None = None,
        update: list[NodeUpdate] | None = None,
        connect: list[Connection] | None = None,
        disconnect: list[Connection] | None = None,
        remove: list[NodeRemoval] | None = None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Changes:
        """Changes a canvas in one step: all of it, or nothing and every reason in the error's `fields`. Free.

        The order is add, update, connect, disconnect, remove. A node is named by its short id, its UUID, or the
        `ref` of an addition in the same call. Removing cannot be undone, and takes edges and members of groups along.

        Args:
            project_id: A project of that workspace.
            workspace_id: From `client.workspaces.list()`.
            add: Nodes to make. `ref` is a name of your own; `content_url` (HTTPS) places existing media and excludes
                `prompt`, `model` and `params`; `group` is the group to put it in.
            update: Nodes to change, each once. `params` are merged key by key.
            connect: Edges to make: `from`, `to`, and the input `in` where there is a choice.
            disconnect: Edges to cut; without `in`, all between the two.
            remove: Nodes to delete.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            `created` (each `ref` with its `id` and `node_id`), `applied` (how much of each), `warnings` and the new
            `revision`.

        Raises:
            BadRequestError: something in it is wrong; nothing was changed.
            NotFoundError: there is no such project in the workspace.
            OutcomeUncertainError: no clear answer came; the changes were perhaps made.

        Source: sdk:resources/workspaces/projects/canvas.ts
        """
        arguments = {
            "project_id": project_id,
            "workspace_id": workspace_id,
            "add": add,
            "update": update,
            "connect": connect,
            "disconnect": disconnect,
            "remove": remove,
            "idempotency_key": idempotency_key,
        }
        return await self._ask(WorkspaceCanvas.apply_changeset, Changes, arguments)

    @Operation(verb="GET", path="/workspaces/{workspace_id}/projects/{project_id}/canvas/definition")
    async def retrieve_definition(self, project_id: ProjectId, *, workspace_id: WorkspaceId) -> CanvasDefinition:
        """Reads all that a canvas can be built again from; `replace_definition` takes its `definition`.

        Args:
            project_id: A project of that workspace.
            workspace_id: From `client.workspaces.list()`.

        Returns:
            `definition` with `nodes`, `edges`, `node_inputs` and `node_outputs`, and a `summary` of counts.

        Raises:
            NotFoundError: there is no such project in the workspace, or it is not yours.

        Source: sdk:resources/workspaces/projects/canvas.ts
        """
        arguments = {"project_id": project_id, "workspace_id": workspace_id}
        return await self._ask(WorkspaceCanvas.retrieve_definition, CanvasDefinition, arguments)

    @Operation(verb="PUT", path="/workspaces/{workspace_id}/projects/{project_id}/canvas/definition")
    async def replace_definition(
        self, project_id: ProjectId, *, workspace_id: WorkspaceId, definition: NewDefinition
    ) -> CanvasDefinition:
        """Replaces a canvas whole: what is not in the definition is gone. Free, and the same when it is repeated.

        Args:
            project_id: A project of that workspace.
            workspace_id: From `client.workspaces.list()`.
            definition: As `retrieve_definition` gives it; a node without a `position` is laid out.

        Returns:
            The canvas as it is now, as `retrieve_definition` tells it.

        Raises:
            BadRequestError: the definition is not sound; nothing was changed.
            NotFoundError: there is no such project in the workspace.

        Source: sdk:resources/workspaces/projects/canvas.ts
        """
        arguments = {"project_id": project_id, "workspace_id": workspace_id, "definition": definition}
        return await self._ask(WorkspaceCanvas.replace_definition, CanvasDefinition, arguments)

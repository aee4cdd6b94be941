"""Projects reached through their workspace: made, read in full, and run node by node."""

from __future__ import annotations

from typing import Annotated

from flora_mcp.flora.arguments import IdempotencyKey, Items, NodeId, ProjectId, Text, WorkspaceId
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.resources.resource import Resource, Wire
from flora_mcp.flora.resources.workspace_canvas import WorkspaceCanvas
from flora_mcp.flora.types import Graph, NodeRuns, Project


class WorkspaceProjects(Resource):
    """The projects of one workspace."""

    canvas: WorkspaceCanvas

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self.canvas = WorkspaceCanvas(wire)

    @Operation(
        verb="POST",
        path="/workspaces/{workspace_id}/projects",
        creates="project",
        find="client.projects.list(workspace_id={workspace_id!r}, query={name!r})",
        twin="projects.create",
    )
    async def create(
        self, workspace_id: WorkspaceId, *, name: Text, idempotency_key: IdempotencyKey | None = None
    ) -> Project:
        """Creates an empty project in a workspace; free. Better than `projects.create` with several workspaces.

        Args:
            workspace_id: From `client.workspaces.list()`.
            name: What people see in FLORA; need not be unique.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            The project; its `project_id` is what `generations.create` needs.

        Raises:
            NotFoundError: the workspace is not yours.
            PermissionDeniedError: the role does not allow it.
            OutcomeUncertainError: no clear answer came; the project perhaps exists.

        Source: sdk:resources/workspaces/projects/projects.ts
        """
        arguments = {"workspace_id": workspace_id, "name": name, "idempotency_key": idempotency_key}
        return await self._ask(WorkspaceProjects.create, Project, arguments)

    @Operation(verb="GET", path="/workspaces/{workspace_id}/projects/{project_id}/graph")
    async def graph(self, project_id: ProjectId, *, workspace_id: WorkspaceId) -> Graph:
        """Reads a canvas in full: every node with its prompt, model, parameters, status and output, and every edge.

        Args:
            project_id: A project of that workspace.
            workspace_id: From `client.workspaces.list()`.

        Returns:
            `nodes`, `edges` (each with `from`, `to` and `in`) and a `revision` that stays equal as long as nothing
            changed. Short ids such as `n1` stay with their nodes.

        Raises:
            NotFoundError: there is no such project in the workspace, or it is not yours.

        Source: sdk:resources/workspaces/projects/projects.ts
        """
        arguments = {"project_id": project_id, "workspace_id": workspace_id}
        return await self._ask(WorkspaceProjects.graph, Graph, arguments)

    @Operation(
        verb="POST",
        path="/workspaces/{workspace_id}/projects/{project_id}/nodes/run",
        creates="run of nodes",
        find="client.generations.list(project_id={project_id!r})",
        paid=True,
        subject="nodes",
    )
    async def run_nodes(
        self,
        project_id: ProjectId,
        *,
        workspace_id: WorkspaceId,
        node_ids: Annotated[list[NodeId], Items(1, 50)],
        idempotency_key: IdempotencyKey | None = None,
    ) -> NodeRuns:
        """Runs nodes of a canvas as they are set up, and returns before they have ended. Spends credits at once.

        Connected nodes run in the order of their edges, others side by side. A node that cannot run is skipped and
        does not stop the others. Wait for each `run_id` with `client.generations.wait`.

        Args:
            project_id: A project of that workspace.
            workspace_id: Whose credits are spent.
            node_ids: 1 to 50 short ids or UUIDs, from `client.workspaces.projects.graph(...)`.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            `runs`, one for each node in the order asked for: `status` started (with `run_id` and `charged_cost`, an
            estimate in USD) or skipped (with `reason` and `message`).

        Raises:
            SpendCapError: it could pass the user's cap on spending; nothing was sent.
            NotFoundError: there is no such project in the workspace.
            PermissionDeniedError: the role may not change the canvas.
            RunUncertainError: no clear answer came; the nodes perhaps run. Do not send it again.

        Source: sdk:resources/workspaces/projects/projects.ts
        """
        arguments = {
            "project_id": project_id,
            "workspace_id": workspace_id,
            "node_ids": node_ids,
            "idempotency_key": idempotency_key,
        }
        return await self._ask(WorkspaceProjects.run_nodes, NodeRuns, arguments)

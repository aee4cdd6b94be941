"""Actions as nodes of a project's canvas."""

from __future__ import annotations

from flora_mcp.flora.arguments import ActionId, IdempotencyKey, NodeId, ProjectId
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import JSON, ActionNode, RunStart


class ProjectActions(Resource):
    """Puts actions on a canvas and runs them there; `actions.run` needs no canvas."""

    @Operation(
        verb="POST",
        path="/projects/{project_id}/actions",
        creates="node",
        find="client.projects.canvas.retrieve({project_id!r})",
    )
    async def create(
        self,
        project_id: ProjectId,
        *,
        action_id: ActionId,
        params: dict[str, JSON] | None = None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> ActionNode:
        """Puts an action on a canvas, not yet run; free.

        Args:
            project_id: From `client.projects.list(...)`.
            action_id: Such as `resize-image-browser`, from `client.actions.list()`.
            params: By the `key` of the action's `params`; another key is refused.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            The new node's `node_id`, and `canvas_url`.

        Raises:
            BadRequestError: there is no such action, or a parameter is wrong.
            PermissionDeniedError: the workspace has no actions.
            NotFoundError: there is no such project, or it is not yours.
            OutcomeUncertainError: no clear answer came; the node perhaps exists.

        Source: sdk:resources/projects/actions.ts
        """
        arguments = {
            "project_id": project_id,
            "action_id": action_id,
            "params": params,
            "idempotency_key": idempotency_key,
        }
        return await self._ask(ProjectActions.create, ActionNode, arguments)

    @Operation(
        verb="POST",
        path="/projects/{project_id}/actions/{node_id}/run",
        creates="run",
        find="client.workspaces.projects.graph({project_id!r}, workspace_id=...)",
        paid=True,
        subject="action node",
    )
    async def run(
        self, node_id: NodeId, *, project_id: ProjectId, idempotency_key: IdempotencyKey | None = None
    ) -> RunStart:
        """Runs an action node with what is connected to it, and returns at once.

        Args:
            node_id: From `client.projects.actions.create(...)`.
            project_id: The project whose canvas it is on.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            A `run_id` for `client.generations.wait`, and `charged_cost` in USD.

        Raises:
            BadRequestError: an input of the action is not connected.
            PermissionDeniedError: the workspace has no actions.
            NotFoundError: there is no such node or project, or it is not yours.
            RunUncertainError: no clear answer came; the action perhaps runs. Do not send it again.

        Source: sdk:resources/projects/actions.ts
        """
        arguments = {"node_id": node_id, "project_id": project_id, "idempotency_key": idempotency_key}
        return await self._ask(ProjectActions.run, RunStart, arguments)

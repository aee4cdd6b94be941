"""Actions: ready-made tools that change media without a model."""

from __future__ import annotations

from typing import Annotated

from flora_mcp.flora.arguments import ActionId, IdempotencyKey, Items, ProjectId, WorkspaceId
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.pages import Pages
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import JSON, Action, ActionInput, RunStart

Inputs = Annotated[list[ActionInput], Items(1)]


class Actions(Resource):
    """The catalogue of actions, and runs without a canvas."""

    @Operation(verb="GET", path="/actions", items="actions")
    def list(self) -> Pages[Action]:
        """Lists the actions, with the inputs and parameters of each, all on one page.

        Returns:
            Actions as `retrieve` tells them.

        Raises:
            AuthenticationError: no key, or an unknown one.

        Source: sdk:resources/actions.ts
        """
        return self._pages(Actions.list, Action, {})

    @Operation(verb="GET", path="/actions/{action_id}")
    async def retrieve(self, action_id: ActionId) -> Action:
        """Reads one action: what it takes, its parameters with their bounds, what it costs.

        Args:
            action_id: Such as `resize-image-browser`, from `client.actions.list()`.

        Returns:
            `name`, `description`, `charged_cost` (USD), `inputs`, `outputs` and `params`: each with `key`, `type`,
            `default_value`, `available_values`, `min_number_value` and `max_number_value`.

        Raises:
            NotFoundError: there is no such action.

        Source: sdk:resources/actions.ts
        """
        return await self._ask(Actions.retrieve, Action, {"action_id": action_id})

    @Operation(
        verb="POST",
        path="/runs/action",
        creates="action",
        find="client.generations.list(project_id={project_id!r})",
        paid=True,
        subject="action",
    )
    async def run(
        self,
        *,
        action_id: ActionId,
        inputs: Inputs,
        project_id: ProjectId,
        workspace_id: WorkspaceId,
        params: dict[str, JSON] | None = None,
        idempotency_key: IdempotencyKey | None = None,
        strict: bool = True,
    ) -> RunStart:
        """Runs an action on media of FLORA, without any canvas, and returns at once.

        Args:
            action_id: Such as `resize-image-browser`, from `client.actions.list()`.
            inputs: Each with its `type` and a `url` at FLORA or a `text`; `name` is that of the action's input where
                there are several.
            project_id: Whose history it belongs to; its canvas stays as it is.
            workspace_id: Who pays, if it costs anything.
            params: By the `key` of the action's `params`; another key is refused.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.
            strict: Checks action, inputs and params against the catalogue first; False sends them as they are.

        Returns:
            A `run_id` for `client.generations.wait`, and `charged_cost` in USD.

        Raises:
            InvalidParamsError: the action does not take this; nothing was sent. It is a BadRequestError.
            BadRequestError: there is no such action, or an input or parameter is wrong.
            PermissionDeniedError: the workspace has no actions.
            RunUncertainError: no clear answer came; the action perhaps runs. Do not send it again.

        Source: sdk:resources/actions.ts
        """
        arguments = {
            "action_id": action_id,
            "inputs": inputs,
            "project_id": project_id,
            "workspace_id": workspace_id,
            "params": params,
            "idempotency_key": idempotency_key,
            "strict": strict,
        }
        return await self._ask(Actions.run, RunStart, arguments)

"""Runs: the older ways to start one. A run of any kind is read with `generations.retrieve`."""

from __future__ import annotations

from flora_mcp.flora.arguments import IdempotencyKey, ProjectId, PublicTechniqueId, Text, WorkspaceId
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.resources.generations import FIND
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import JSON, MediaType, RunStart


class Runs(Resource):
    """Start a run by its kind."""

    @Operation(
        verb="POST",
        path="/runs/generation",
        creates="generation",
        find=FIND,
        paid=True,
        subject="model",
        deprecated="generations.create",
    )
    async def start_generation(
        self,
        *,
        type: MediaType,  # noqa: A002 - the wire's own name
        prompt: Text,
        workspace_id: WorkspaceId,
        project_id: ProjectId,
        model: Text | None = None,
        params: dict[str, JSON] | None = None,
        callback_url: Text | None = None,
        idempotency_key: IdempotencyKey | None = None,
        strict: bool = True,
    ) -> RunStart:
        """Starts a generation, as `generations.create` does, which is the one to use. Spends credits.

        Args:
            type: What to make: image, video, audio or text.
            prompt: What it shall show or say; not empty.
            workspace_id: Whose credits are spent.
            project_id: Where the result is placed.
            model: A `model_id` of `client.models.list(type=...)`.
            params: What the model reads beside the prompt.
            callback_url: A public HTTPS address that is told when the run ends.
            idempotency_key: Text of your own that makes a repeated call safe for two hours.
            strict: Checks model and params against the catalogue first; False sends them as they are.

        Returns:
            A `run_id` and a quote, as `generations.create`.

        Raises:
            InvalidParamsError: the model does not take this; nothing was sent. It is a BadRequestError.
            SpendCapError: it could pass the user's cap on spending; nothing was sent.
            BadRequestError: a field is wrong, the model unknown, or the project not in the workspace.
            InsufficientCreditsError: the workspace has no credits left.
            DuplicateKeyError: the idempotency key was used before.
            RunUncertainError: no clear answer came; the generation was perhaps started. Do not send it again.

        Source: sdk:resources/runs.ts
        """
        arguments = {
            "type": type,
            "prompt": prompt,
            "workspace_id": workspace_id,
            "project_id": project_id,
            "model": model,
            "params": params,
            "callback_url": callback_url,
            "idempotency_key": idempotency_key,
            "strict": strict,
        }
        return await self._ask(Runs.start_generation, RunStart, arguments)

    @Operation(
        verb="POST",
        path="/runs/technique",
        creates="technique run",
        find="client.techniques.runs.list(technique_id={technique_id!r})",
        paid=True,
        subject="technique",
        twin="techniques.runs.create",
    )
    async def start_technique(
        self,
        *,
        technique_id: PublicTechniqueId,
        workspace_id: WorkspaceId,
        inputs: dict[str, JSON],
        idempotency_key: IdempotencyKey | None = None,
    ) -> RunStart:
        """Starts a technique, as `techniques.runs.create` does, which is the one to use. Spends credits.

        FLORA's documentation hides this call; its SDK does not mark it as deprecated.

        Args:
            technique_id: An id, not a slug, from `client.techniques.list()`.
            workspace_id: Whose credits are spent.
            inputs: Values by the `id` of the technique's inputs; not a list here.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            A `run_id` and a quote, as `generations.create`.

        Raises:
            SpendCapError: it could pass the user's cap on spending; nothing was sent.
            BadRequestError: an input is missing, unknown or of the wrong type.
            InsufficientCreditsError: the workspace has no credits left.
            DuplicateKeyError: the idempotency key was used before.
            RunUncertainError: no clear answer came; the technique perhaps runs. Do not send it again.

        Source: sdk:resources/runs.ts
        """
        arguments = {
            "technique_id": technique_id,
            "workspace_id": workspace_id,
            "inputs": inputs,
            "idempotency_key": idempotency_key,
        }
        return await self._ask(Runs.start_technique, RunStart, arguments)

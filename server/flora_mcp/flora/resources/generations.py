"""Generations: the runs that make pictures, videos, sounds and texts."""

from __future__ import annotations

from typing import Annotated

from flora_mcp.flora.arguments import Between, IdempotencyKey, Limit, ProjectId, RunId, Text, WorkspaceId, check_all
from flora_mcp.flora.operations import Operation, hints_of
from flora_mcp.flora.pages import Pages
from flora_mcp.flora.polling import Patience, until_ended
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import JSON, Generation, MediaType, RunStart, RunState, RunStatus

FIND = "client.generations.list(project_id={project_id!r})"


class Generations(Resource):
    """Start, watch and list generations."""

    @Operation(verb="POST", path="/generate", creates="generation", find=FIND, paid=True, subject="model")
    async def create(
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
        """Starts a generation and returns at once, before anything is made. Spends credits.

        The answer is a receipt, not the picture: pass its `run_id` to `client.generations.wait`. A lost answer
        is asked for again under the same idempotency key, which cannot start it twice.

        Args:
            type: What to make: image, video, audio or text.
            prompt: What it shall show or say; not empty.
            workspace_id: Whose credits are spent; from `client.workspaces.list()`.
            project_id: Where the result is placed; a project of that workspace.
            model: A `model_id` of `client.models.list(type=...)`; left out, the workspace's default.
            params: What the model reads beside the prompt, by the names in its `params`, such as `aspect_ratio`.
            callback_url: A public HTTPS address that is told when the run ends.
            idempotency_key: Text of your own, such as "row-17", that makes a repeated call safe for two hours;
                made up when left out.
            strict: Checks model and params against the catalogue first; False sends them as they are. FLORA ignores
                what it does not know, and bills the run.

        Returns:
            A `run_id`, `charged_cost` (USD, a quote: the final cost may differ) and `estimated_seconds`.

        Raises:
            InvalidParamsError: the model does not take this; nothing was sent. It is a BadRequestError.
            SpendCapError: it could pass the user's cap on spending; nothing was sent.
            BadRequestError: a field is wrong, the model unknown, or the project not in the workspace.
            InsufficientCreditsError: the workspace has no credits left; stop a batch here.
            RateLimitError: too many calls of this workspace.
            DuplicateKeyError: the idempotency key was used before.
            RunUncertainError: no clear answer came; the generation was perhaps started. Do not send it again.

        Source: sdk:resources/generations.ts
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
        return await self._ask(Generations.create, RunStart, arguments)

    @Operation(verb="GET", path="/runs/{run_id}")
    async def retrieve(self, run_id: RunId) -> RunState:
        """Reads how a run stands, whatever started it.

        Args:
            run_id: From `client.generations.create(...)` or another call that starts a run.

        Returns:
            `status` (pending, running, completed or failed), `progress` (0 to 100, also 100 when failed), times in
            Unix milliseconds, and once completed `outputs`: each with `output_id`, `type` and `url`. For a text
            output `url` is the text itself. A failed run has `error_code` and `error_message`.

        Raises:
            NotFoundError: there is no such run, or it is not yours.

        Source: sdk:resources/generations.ts
        """
        return await self._ask(Generations.retrieve, RunState, {"run_id": run_id})

    @Operation(verb="GET", path="/generations", items="generations")
    def list(
        self,
        *,
        workspace_id: WorkspaceId | None = None,
        project_id: ProjectId | None = None,
        status: RunStatus | None = None,
        cursor: str | None = None,
        limit: Limit | None = None,
    ) -> Pages[Generation]:
        """Lists generations, newest first. One call with `limit=100` watches a whole batch.

        Args:
            workspace_id: Only those of this workspace.
            project_id: Only those of this project.
            status: Only those that are pending, running, completed or failed.
            cursor: Where to go on, from the page before.
            limit: Generations on a page, 1 to 100.

        Returns:
            Pages of runs as `retrieve` tells them, with `project_id`, `workspace_id` and `model`.

        Raises:
            NotFoundError: the workspace or the project is not yours.

        Source: sdk:resources/generations.ts
        """
        arguments = {
            "workspace_id": workspace_id,
            "project_id": project_id,
            "status": status,
            "cursor": cursor,
            "limit": limit,
        }
        return self._pages(Generations.list, Generation, arguments)

    @Operation(verb="GET", path="/runs/{run_id}")
    async def wait(
        self,
        run_id: RunId,
        *,
        timeout_seconds: Annotated[float, Between(0, 3600)] = 300.0,
        interval_seconds: Annotated[float, Between(0.1, 60)] | None = None,
    ) -> RunState:
        """Waits until a run has ended, and returns how it ended.

        A failed run is returned like a completed one: look at `status` first. Nothing is sent but reads, so
        waiting again is free and safe.

        Args:
            run_id: From `client.generations.create(...)`.
            timeout_seconds: How long to wait, 0 (look once) to 3600.
            interval_seconds: Time between two reads, 0.1 to 60; left out, what suits the backend.

        Returns:
            The run with `status` completed (then with `outputs`) or failed (then with `error_code`).

        Raises:
            NotFoundError: there is no such run, or it is not yours.
            WaitTimeoutError: the run has not ended in time; it goes on. Wait again.

        Source: choice
        """
        asked = {"run_id": run_id, "timeout_seconds": timeout_seconds, "interval_seconds": interval_seconds}
        check_all(asked, hints_of(Generations.wait))
        return await until_ended(
            lambda: self._ask(Generations.wait, RunState, {"run_id": run_id}),
            patience=Patience(
                timeout_seconds=timeout_seconds,
                interval_seconds=self._wire.poll_seconds if interval_seconds is None else interval_seconds,
            ),
            sleep=self._wire.attempts.sleep,
            clock=self._wire.attempts.surroundings.clock,
        )

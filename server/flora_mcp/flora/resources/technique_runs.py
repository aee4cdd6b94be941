"""Runs of techniques."""

from __future__ import annotations

from typing import Annotated, Literal

from flora_mcp.flora.arguments import (
    Between,
    IdempotencyKey,
    Items,
    Limit,
    ProjectId,
    RunId,
    TechniqueId,
    Text,
    WorkspaceId,
    check_all,
)
from flora_mcp.flora.operations import Operation, hints_of
from flora_mcp.flora.pages import Pages
from flora_mcp.flora.polling import Patience, until_ended
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import RunState, RunStatus, TechniqueInput, TechniqueRun

Inputs = Annotated[list[TechniqueInput], Items(1)]


class TechniqueRuns(Resource):
    """Start, watch and list runs of techniques."""

    @Operation(
        verb="POST",
        path="/techniques/{technique_id}/runs",
        creates="technique run",
        find="client.techniques.runs.list(technique_id={technique_id!r})",
        paid=True,
        subject="technique",
        key_in_body=True,
    )
    async def create(
        self,
        technique_id: TechniqueId,
        *,
        inputs: Inputs,
        mode: Literal["async", "stream"] = "async",
        callback_url: Text | None = None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> RunState:
        """Starts a technique and returns at once, before anything is made. Spends credits.

        Args:
            technique_id: An id or a slug, from `client.techniques.list()`.
            inputs: One for each input that is not optional, by its `id` and `type`; leave an empty text out. The
                `value` is a text or a public URL.
            mode: `async`; `stream` is for callers that read an answer as it grows, which this one does not.
            callback_url: A public HTTPS address that is told when the run ends.
            idempotency_key: Text of your own, such as "row-17", that makes a repeated call safe; made up when left
                out. FLORA answers a repetition with the first run.

        Returns:
            The run, usually still `pending`: pass its `run_id` to `client.techniques.runs.wait`.

        Raises:
            SpendCapError: it could pass the user's cap on spending; nothing was sent.
            BadRequestError: an input is missing, unknown or of the wrong type.
            InsufficientCreditsError: the workspace has no credits left; stop a batch here.
            NotFoundError: there is no such technique, or you cannot see it.
            UnprocessableEntityError: the idempotency key came with other arguments before.
            RunUncertainError: no clear answer came; the technique perhaps runs. Do not send it again.

        Source: sdk:resources/techniques/runs.ts
        """
        arguments = {
            "technique_id": technique_id,
            "inputs": inputs,
            "mode": mode,
            "callback_url": callback_url,
            "idempotency_key": idempotency_key,
        }
        return await self._ask(TechniqueRuns.create, RunState, arguments)

    @Operation(verb="GET", path="/techniques/{technique_id}/runs/{run_id}")
    async def retrieve(self, run_id: RunId, *, technique_id: TechniqueId) -> RunState:
        """Reads how a technique's run stands.

        Args:
            run_id: From `client.techniques.runs.create(...)`.
            technique_id: The technique that it runs.

        Returns:
            `status` (pending, running, completed or failed), `progress` (0 to 100) and once completed `outputs`.

        Raises:
            NotFoundError: there is no such run of the technique, or it is not yours.

        Source: sdk:resources/techniques/runs.ts
        """
        arguments = {"run_id": run_id, "technique_id": technique_id}
        return await self._ask(TechniqueRuns.retrieve, RunState, arguments)

    @Operation(verb="GET", path="/technique-runs", items="technique_runs")
    def list(
        self,
        *,
        workspace_id: WorkspaceId | None = None,
        project_id: ProjectId | None = None,
        technique_id: TechniqueId | None = None,
        status: RunStatus | None = None,
        cursor: str | None = None,
        limit: Limit | None = None,
    ) -> Pages[TechniqueRun]:
        """Lists runs of techniques, newest first. One call with `limit=100` watches a whole batch.

        Args:
            workspace_id: Only those of this workspace.
            project_id: Only those of this project.
            technique_id: Only those of this technique.
            status: Only those that are pending, running, completed or failed.
            cursor: Where to go on, from the page before.
            limit: Runs on a page, 1 to 100.

        Returns:
            Pages of runs as `retrieve` tells them, with `technique`, `project_id` and `workspace_id`.

        Raises:
            NotFoundError: the workspace or the project is not yours.

        Source: sdk:resources/techniques/runs.ts
        """
        arguments = {
            "workspace_id": workspace_id,
            "project_id": project_id,
            "technique_id": technique_id,
            "status": status,
            "cursor": cursor,
            "limit": limit,
        }
        return self._pages(TechniqueRuns.list, TechniqueRun, arguments)

    @Operation(verb="GET", path="/techniques/{technique_id}/runs/{run_id}")
    async def wait(
        self,
        run_id: RunId,
        *,
        technique_id: TechniqueId,
        timeout_seconds: Annotated[float, Between(0, 3600)] = 300.0,
        interval_seconds: Annotated[float, Between(0.1, 60)] | None = None,
    ) -> RunState:
        """Waits until a technique's run has ended, and returns how it ended: completed or failed.

        Args:
            run_id: From `client.techniques.runs.create(...)`.
            technique_id: The technique that it runs.
            timeout_seconds: How long to wait, 0 (look once) to 3600.
            interval_seconds: Time between two reads, 0.1 to 60; left out, what suits the backend.

        Returns:
            The run with `status` completed (then with `outputs`) or failed (then with `error_code`).

        Raises:
            NotFoundError: there is no such run of the technique, or it is not yours.
            WaitTimeoutError: the run has not ended in time; it goes on. Wait again.

        Source: choice
        """
        asked = {
            "run_id": run_id,
            "technique_id": technique_id,
            "timeout_seconds": timeout_seconds,
            "interval_seconds": interval_seconds,
        }
        check_all(asked, hints_of(TechniqueRuns.wait))
        return await until_ended(
            lambda: self._ask(TechniqueRuns.wait, RunState, {"run_id": run_id, "technique_id": technique_id}),
            patience=Patience(
                timeout_seconds=timeout_seconds,
                interval_seconds=self._wire.poll_seconds if interval_seconds is None else interval_seconds,
            ),
            sleep=self._wire.attempts.sleep,
            clock=self._wire.attempts.surroundings.clock,
            group="techniques.runs",
            rest=f", technique_id={technique_id!r}",
        )

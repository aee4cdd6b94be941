"""Feedback: what FLORA's makers should know."""

from __future__ import annotations

from typing import Literal

from flora_mcp.flora.arguments import IdempotencyKey, ProjectId, RunId, Text, WorkspaceId
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import FeedbackReceipt


class Feedback(Resource):
    """Tells FLORA's makers something. People read it."""

    @Operation(verb="POST", path="/feedback", creates="feedback", find="nothing: feedback cannot be read")
    async def record(
        self,
        *,
        kind: Literal["feature_request", "bug", "technique_request", "missing_capability"],
        summary: Text,
        detail: Text,
        attempted_tools: list[str] | None = None,
        workspace_id: WorkspaceId | None = None,
        project_id: ProjectId | None = None,
        run_id: RunId | None = None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> FeedbackReceipt:
        """Sends feedback to FLORA; free.

        Args:
            kind: What it is; missing_capability when the API cannot do something.
            summary: In one line.
            detail: In full.
            attempted_tools: What was tried before.
            workspace_id: Where it came up.
            project_id: Where it came up.
            run_id: With which run.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            `feedback_id` and `received_at` (Unix milliseconds).

        Raises:
            BadRequestError: a field is wrong.
            OutcomeUncertainError: no clear answer came; the feedback perhaps arrived.

        Source: sdk:resources/feedback.ts
        """
        arguments = {
            "kind": kind,
            "summary": summary,
            "detail": detail,
            "attempted_tools": attempted_tools,
            "workspace_id": workspace_id,
            "project_id": project_id,
            "run_id": run_id,
            "idempotency_key": idempotency_key,
        }
        return await self._ask(Feedback.record, FeedbackReceipt, arguments)

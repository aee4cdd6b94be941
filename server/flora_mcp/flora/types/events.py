"""What FLORA tells a callback address."""

from __future__ import annotations

from flora_mcp.flora.types.values import Number, Shape


class WebhookRun(Shape):
    """The run that ended (`sdk:lib/webhooks.ts`). Its outputs are not here: read the run."""

    run_id: str
    run_type: str
    """`generation` or `technique`."""
    workspace_id: str
    status: str
    """`completed` or `failed`."""
    error_code: str | None = None
    error_message: str | None = None


class WebhookEvent(Shape):
    """One delivery (`sdk:lib/webhooks.ts`); it may come more than once, so remember `id`."""

    id: str
    """Starts with `whd_`; the same in every repetition."""
    type: str
    """`run.completed` or `run.failed`."""
    api_version: str
    created_at: Number
    """Unix milliseconds."""
    data: WebhookRun

"""Addresses that are told of a run's end."""

import sqlalchemy as sa

from flora_mcp.studio import errors
from flora_mcp.studio.errors import WebRefusedError
from flora_mcp.studio.store import webhooks
from flora_mcp.studio.web import Web

FIELD = "callback_url"


def check_callback(web: Web, url: str | None) -> None:
    """Looks at the callback of a new run; to be asked before the transaction that records it.

    Raises:
        ApiError: 400, it is no address that webhooks go to.
    """
    if url is None:
        return
    try:
        web.check_callback(url)
    except WebRefusedError as exc:
        raise errors.invalid(FIELD, str(exc)) from exc


def check_signed(connection: sa.Connection, url: str | None, *, workspace_id: str, now_ms: int) -> None:
    """Sees that events to a callback can be signed.

    Raises:
        ApiError: 400, the workspace has no webhook secret; an unsigned event could be anybody's.
    """
    if url is not None and not webhooks.secrets_of(connection, workspace_id, now_ms=now_ms):
        raise errors.invalid(
            FIELD,
            "This workspace has no webhook secret to sign events with; make one with 'flora-mcp studio webhook-secret "
            f"--workspace {workspace_id}', or leave it out and poll GET /runs/{{run_id}}.",
        )

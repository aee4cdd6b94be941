"""Runs as the API words them, of whichever kind."""

import sqlalchemy as sa

from flora_mcp.studio.routes.context import Context

USD_PER_CREDIT = 0.001
"""1 000 credits are one dollar (docs:pricing). The studio's credits cost nothing."""


def state_of(context: Context, row: sa.RowMapping, files: list[sa.RowMapping]) -> dict[str, object]:
    """Returns a RunState; what is not known yet is absent (sdk:resources/generations.ts).

    Args:
        context: The studio.
        row: The run with its charge.
        files: Its outputs.
    """
    state: dict[str, object] = {
        "run_id": row["run_id"],
        "status": row["status"],
        "progress": row["progress"],
        "created_at": row["created_at_ms"],
        "poll_url": poll_url(context, row),
    }
    if row["started_at_ms"] is not None:
        state["started_at"] = row["started_at_ms"]
    if row["completed_at_ms"] is not None:
        state["completed_at"] = row["completed_at_ms"]
        state["charged_cost"] = usd(row["credits"]) if row["charge"] == "settled" else 0.0
    if row["status"] == "failed":
        state["error_code"] = row["error_code"]
        state["error_message"] = row["error_message"]
    if row["status"] == "completed":
        state["outputs"] = [
            {
                "output_id": file["output_id"],
                "type": file["type"],
                # Of a text, `url` is the text itself (sdk:resources/generations.ts).
                "url": context.links.media(owner_id=file["run_id"], file_name=file["file_name"])
                if file["text"] is None
                else file["text"],
            }
            for file in files
        ]
        state["facts"] = row["facts"]
    return state


def poll_url(context: Context, row: sa.RowMapping) -> str:
    """Returns where a run is read; a technique's below its technique (docs)."""
    if row["type"] == "technique":
        return context.technique_poll_url(row["run_id"], technique_id=row["model_id"])
    return context.poll_url(row["run_id"])


def usd(credit_count: int) -> float:
    return round(credit_count * USD_PER_CREDIT, 6)

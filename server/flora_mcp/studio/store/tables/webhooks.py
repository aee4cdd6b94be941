"""What is told to other programs, and what it is signed with."""

import sqlalchemy as sa

from flora_mcp.studio.store.tables.columns import id_, metadata, ms, number

# In clear, unlike keys: the studio signs with them. While one is being changed a workspace has two.
webhook_secrets = sa.Table(
    "studio_webhook_secrets",
    metadata,
    number(),
    id_("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("secret", sa.String, nullable=False, unique=True),
    ms("created_at_ms"),
    ms("expires_at_ms", nullable=True),
    sa.Index("studio_webhook_secrets_by_workspace", "workspace_id", "number"),
    sqlite_autoincrement=True,
)

deliveries = sa.Table(
    "studio_deliveries",
    metadata,
    number(),
    id_("delivery_id"),
    # One event for each run, whatever ends it and however often.
    sa.Column("run_id", sa.ForeignKey("studio_runs.run_id"), nullable=False, unique=True),
    id_("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("event", sa.String, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("problem", sa.Text),
    ms("due_at_ms"),
    ms("created_at_ms"),
    ms("ended_at_ms", nullable=True),
    sa.Index("studio_deliveries_by_state", "state", "due_at_ms"),
    sqlite_autoincrement=True,
)

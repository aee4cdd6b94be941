"""Runs, what they made and cost, and the keys by which a repeated request is recognised."""

import sqlalchemy as sa

from flora_mcp.studio.store.tables.columns import id_, metadata, ms, number

# `model_id` is what makes the outputs: the model of a generation, the action of an action's run.
runs = sa.Table(
    "studio_runs",
    metadata,
    number(),
    id_("run_id"),
    id_("workspace_id", to="studio_workspaces.workspace_id"),
    id_("project_id", to="studio_projects.project_id"),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("progress", sa.Integer, nullable=False),
    sa.Column("media_type", sa.String, nullable=False),
    sa.Column("model_id", sa.String, nullable=False),
    sa.Column("prompt", sa.Text, nullable=False),
    sa.Column("params", sa.JSON, nullable=False),
    ms("created_at_ms"),
    ms("started_at_ms", nullable=True),
    ms("completed_at_ms", nullable=True),
    sa.Column("error_code", sa.String),
    sa.Column("error_message", sa.Text),
    sa.Column("facts", sa.JSON(none_as_null=True)),
    sa.Column("inputs", sa.JSON(none_as_null=True)),
    sa.Column("node_id", sa.String),
    sa.Column("callback_url", sa.Text),
    sa.Index("studio_runs_by_status", "status", "number"),
    sa.Index("studio_runs_by_project", "project_id", "number"),
    sa.Index("studio_runs_by_start", "workspace_id", "started_at_ms"),
    sqlite_autoincrement=True,
)

outputs = sa.Table(
    "studio_outputs",
    metadata,
    number(),
    id_("run_id", to="studio_runs.run_id"),
    sa.Column("output_id", sa.String, nullable=False),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("file_name", sa.String, nullable=False),
    sa.Column("mime_type", sa.String, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("width_px", sa.Integer),
    sa.Column("height_px", sa.Integer),
    sa.Column("text", sa.Text),
    sa.UniqueConstraint("run_id", "output_id"),
    sa.UniqueConstraint("run_id", "file_name"),
    sqlite_autoincrement=True,
)

charges = sa.Table(
    "studio_charges",
    metadata,
    number(),
    sa.Column("run_id", sa.ForeignKey("studio_runs.run_id"), nullable=False, unique=True),
    id_("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("credits", sa.Integer, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    ms("reserved_at_ms"),
    ms("ended_at_ms", nullable=True),
    # Of `credits`, what came out of the workspace's balance.
    sa.Column("taken_credits", sa.Integer, nullable=False, server_default="0"),
    sqlite_autoincrement=True,
)

idempotency_keys = sa.Table(
    "studio_idempotency_keys",
    metadata,
    sa.Column("workspace_id", sa.String, primary_key=True),
    sa.Column("operation", sa.String, primary_key=True),
    sa.Column("destination", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    ms("created_at_ms"),
)

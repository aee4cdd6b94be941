"""The studio's tables. Times are Unix milliseconds, as on the wire; `number` is the order of creation."""

import sqlalchemy as sa

SCHEMA_VERSION = 2
"""Grows with every change that an older program could not read; `migrations` has a step for each."""

metadata = sa.MetaData()


def _number() -> sa.Column[int]:
    # AUTOINCREMENT never gives a number twice, so that a cursor stays true after a deletion.
    return sa.Column("number", sa.Integer, primary_key=True, autoincrement=True)


def _id(name: str, *, to: str | None = None) -> sa.Column[str]:
    if to is None:
        return sa.Column(name, sa.String, nullable=False, unique=True)
    return sa.Column(name, sa.ForeignKey(to), nullable=False)


def _ms(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


about = sa.Table(
    "studio_about",
    metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)

workspaces = sa.Table(
    "studio_workspaces",
    metadata,
    _number(),
    _id("workspace_id"),
    sa.Column("name", sa.String, nullable=False),
    _ms("created_at_ms"),
    sqlite_autoincrement=True,
)

folders = sa.Table(
    "studio_folders",
    metadata,
    _number(),
    _id("folder_id"),
    _id("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("name", sa.String, nullable=False),
    _ms("created_at_ms"),
    sqlite_autoincrement=True,
)

projects = sa.Table(
    "studio_projects",
    metadata,
    _number(),
    _id("project_id"),
    _id("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("origin", sa.String, nullable=False),
    _ms("created_at_ms"),
    _ms("last_modified_ms"),
    sa.Column("folder_id", sa.ForeignKey("studio_folders.folder_id")),
    sa.Index("studio_projects_by_activity", "workspace_id", "last_modified_ms", "number"),
    sqlite_autoincrement=True,
)

# `model_id` is what makes the outputs: the model of a generation, the action of an action's run.
runs = sa.Table(
    "studio_runs",
    metadata,
    _number(),
    _id("run_id"),
    _id("workspace_id", to="studio_workspaces.workspace_id"),
    _id("project_id", to="studio_projects.project_id"),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("progress", sa.Integer, nullable=False),
    sa.Column("media_type", sa.String, nullable=False),
    sa.Column("model_id", sa.String, nullable=False),
    sa.Column("prompt", sa.Text, nullable=False),
    sa.Column("params", sa.JSON, nullable=False),
    _ms("created_at_ms"),
    _ms("started_at_ms", nullable=True),
    _ms("completed_at_ms", nullable=True),
    sa.Column("error_code", sa.String),
    sa.Column("error_message", sa.Text),
    sa.Column("facts", sa.JSON(none_as_null=True)),
    sa.Column("inputs", sa.JSON(none_as_null=True)),
    sa.Column("node_id", sa.String),
    sa.Index("studio_runs_by_status", "status", "number"),
    sa.Index("studio_runs_by_project", "project_id", "number"),
    sqlite_autoincrement=True,
)

outputs = sa.Table(
    "studio_outputs",
    metadata,
    _number(),
    _id("run_id", to="studio_runs.run_id"),
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
    _number(),
    sa.Column("run_id", sa.ForeignKey("studio_runs.run_id"), nullable=False, unique=True),
    _id("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("credits", sa.Integer, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    _ms("reserved_at_ms"),
    _ms("ended_at_ms", nullable=True),
    sqlite_autoincrement=True,
)

assets = sa.Table(
    "studio_assets",
    metadata,
    _number(),
    _id("asset_id"),
    _id("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("project_id", sa.ForeignKey("studio_projects.project_id")),
    sa.Column("name", sa.String),
    sa.Column("description", sa.Text),
    sa.Column("folder", sa.String),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("uploaded_via", sa.String, nullable=False),
    sa.Column("source", sa.Text),
    sa.Column("upload_content_type", sa.String),
    sa.Column("file_name", sa.String),
    sa.Column("content_type", sa.String),
    sa.Column("size_bytes", sa.BigInteger),
    sa.Column("sha256", sa.String),
    sa.Column("width_px", sa.Integer),
    sa.Column("height_px", sa.Integer),
    sa.Column("failure_message", sa.Text),
    _ms("expires_at_ms", nullable=True),
    _ms("created_at_ms"),
    sa.Index("studio_assets_by_workspace", "workspace_id", "number"),
    sqlite_autoincrement=True,
)

nodes = sa.Table(
    "studio_nodes",
    metadata,
    _number(),
    _id("node_id"),
    _id("project_id", to="studio_projects.project_id"),
    sa.Column("run_id", sa.ForeignKey("studio_runs.run_id")),
    sa.Column("output_id", sa.String),
    sa.Column("asset_id", sa.ForeignKey("studio_assets.asset_id")),
    sa.Column("action_id", sa.String),
    sa.Column("params", sa.JSON(none_as_null=True)),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("label", sa.Text),
    _ms("created_at_ms"),
    sa.UniqueConstraint("run_id", "output_id"),
    sa.Index("studio_nodes_by_project", "project_id", "number"),
    sqlite_autoincrement=True,
)

library_folders = sa.Table(
    "studio_library_folders",
    metadata,
    _number(),
    _id("folder_id"),
    _id("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("name", sa.String, nullable=False),
    _ms("created_at_ms"),
    sqlite_autoincrement=True,
)

saved_nodes = sa.Table(
    "studio_saved_nodes",
    metadata,
    _number(),
    _id("saved_node_id"),
    _id("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("folder_id", sa.ForeignKey("studio_library_folders.folder_id", ondelete="SET NULL")),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("text", sa.Text),
    sa.Column("description", sa.Text),
    sa.Column("asset_id", sa.ForeignKey("studio_assets.asset_id")),
    _ms("created_at_ms"),
    sqlite_autoincrement=True,
)

feedback = sa.Table(
    "studio_feedback",
    metadata,
    _number(),
    _id("feedback_id"),
    sa.Column("content", sa.JSON, nullable=False),
    _ms("received_at_ms"),
    sqlite_autoincrement=True,
)

idempotency_keys = sa.Table(
    "studio_idempotency_keys",
    metadata,
    sa.Column("workspace_id", sa.String, primary_key=True),
    sa.Column("operation", sa.String, primary_key=True),
    sa.Column("destination", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    _ms("created_at_ms"),
)

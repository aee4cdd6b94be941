"""The canvas of each project: nodes, edges, and which run waits for which."""

import sqlalchemy as sa

from flora_mcp.studio.store.tables.columns import id_, metadata, ms, number

# A node shows an output (`run_id`, `output_id`), an asset, or its own `content`; `last_run_id` tells its status.
# Ids are unique on their canvas only, so that a canvas can be copied with its ids. `x` and `y` count from the
# node's parent. `extra` keeps what a definition holds and the studio has no use for.
nodes = sa.Table(
    "studio_nodes",
    metadata,
    number(),
    sa.Column("node_id", sa.String, nullable=False),
    id_("project_id", to="studio_projects.project_id"),
    sa.Column("short_id", sa.String, nullable=False),
    sa.Column("block", sa.String, nullable=False),
    sa.Column("type", sa.String, nullable=False),
    sa.Column("label", sa.Text),
    sa.Column("prompt", sa.Text),
    sa.Column("model_id", sa.String),
    sa.Column("action_id", sa.String),
    sa.Column("params", sa.JSON(none_as_null=True)),
    sa.Column("content", sa.Text),
    sa.Column("x", sa.Float, nullable=False),
    sa.Column("y", sa.Float, nullable=False),
    sa.Column("width", sa.Float),
    sa.Column("height", sa.Float),
    sa.Column("parent_id", sa.String),
    sa.Column("run_id", sa.ForeignKey("studio_runs.run_id")),
    sa.Column("output_id", sa.String),
    sa.Column("asset_id", sa.ForeignKey("studio_assets.asset_id")),
    sa.Column("last_run_id", sa.String),
    sa.Column("extra", sa.JSON(none_as_null=True)),
    ms("created_at_ms"),
    sa.UniqueConstraint("project_id", "node_id"),
    sa.UniqueConstraint("project_id", "short_id"),
    sa.Index("studio_nodes_by_project", "project_id", "number"),
    sqlite_autoincrement=True,
)

edges = sa.Table(
    "studio_edges",
    metadata,
    number(),
    id_("project_id", to="studio_projects.project_id"),
    sa.Column("edge_id", sa.String, nullable=False),
    sa.Column("source_id", sa.String, nullable=False),
    sa.Column("source_handle", sa.String),
    sa.Column("target_id", sa.String, nullable=False),
    sa.Column("target_handle", sa.String),
    sa.Column("extra", sa.JSON(none_as_null=True)),
    ms("created_at_ms"),
    sa.UniqueConstraint("project_id", "edge_id"),
    sqlite_autoincrement=True,
)

# A run does not start before each run that it waits for has ended.
waits = sa.Table(
    "studio_waits",
    metadata,
    sa.Column("run_id", sa.ForeignKey("studio_runs.run_id"), primary_key=True),
    sa.Column("waits_for", sa.ForeignKey("studio_runs.run_id"), primary_key=True),
    sa.Index("studio_waits_by_cause", "waits_for"),
)

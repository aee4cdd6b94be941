"""Who may come in: the members of workspaces, and their keys."""

import sqlalchemy as sa

from flora_mcp.studio.store.tables.columns import id_, metadata, ms, number

members = sa.Table(
    "studio_members",
    metadata,
    number(),
    id_("member_id"),
    id_("workspace_id", to="studio_workspaces.workspace_id"),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("role", sa.String, nullable=False),
    ms("created_at_ms"),
    ms("removed_at_ms", nullable=True),
    sa.Index("studio_members_by_workspace", "workspace_id", "number"),
    sqlite_autoincrement=True,
)

# A key is kept as its hash. It is 256 random bits, so nobody finds it by trying, however fast the hash is; slow hashes
# are for what people think of. What is taken from here opens nothing.
keys = sa.Table(
    "studio_keys",
    metadata,
    number(),
    id_("key_id"),
    id_("member_id", to="studio_members.member_id"),
    sa.Column("sha256", sa.String, nullable=False, unique=True),
    sa.Column("beginning", sa.String, nullable=False),
    ms("created_at_ms"),
    ms("revoked_at_ms", nullable=True),
    sa.Index("studio_keys_by_member", "member_id", "number"),
    sqlite_autoincrement=True,
)

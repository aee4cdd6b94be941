"""Who is at work, and on what."""

import sqlalchemy as sa

from flora_mcp.studio.store.tables.columns import metadata, ms

# A worker is known to live by its beat, which it raises again and again: nobody's clock is compared with another's.
workers = sa.Table(
    "studio_workers",
    metadata,
    sa.Column("worker_id", sa.String, primary_key=True),
    sa.Column("beat", sa.BigInteger, nullable=False),
)

# No reference to the worker: what a dead one had claimed stays claimed until a living one takes it up.
claims = sa.Table(
    "studio_claims",
    metadata,
    sa.Column("job_id", sa.String, primary_key=True),
    sa.Column("work", sa.String, nullable=False),
    sa.Column("worker_id", sa.String, nullable=False),
    ms("claimed_at_ms"),
    sa.Index("studio_claims_by_worker", "worker_id"),
)

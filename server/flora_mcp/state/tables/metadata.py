"""What all tables hang on."""

import sqlalchemy as sa

SCHEMA_VERSION = 1

metadata = sa.MetaData()

about = sa.Table(
    "flora_about",
    metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False),
)
"""The version of the schema, and secrets of this deployment."""

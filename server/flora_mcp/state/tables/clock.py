"""The time that all processes of a deployment share."""

import time

import sqlalchemy as sa


def now(connection: sa.Connection) -> float:
    """Returns the database's time, in Unix seconds."""
    if connection.dialect.name == "sqlite":
        return time.time()  # one machine
    return float(connection.scalar(sa.text("SELECT extract(epoch FROM clock_timestamp())")) or 0.0)

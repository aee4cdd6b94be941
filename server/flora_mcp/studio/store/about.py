"""What the studio keeps about itself."""

import sqlalchemy as sa

from flora_mcp.studio.store.tables import about


def secret(connection: sa.Connection, *, fresh: str) -> str:
    """Returns the key of signed addresses; `fresh` becomes it where there is none yet."""
    found = connection.scalar(sa.select(about.c.value).where(about.c.key == "link_secret"))
    if found is None:
        connection.execute(about.insert().values(key="link_secret", value=fresh))
        return fresh
    return str(found)

"""Random bytes that all processes of a deployment share, made by the first that asks."""

import secrets

import sqlalchemy as sa

from flora_mcp.database import Database
from flora_mcp.state.tables.metadata import about

SECRET_BYTES = 32


class Secrets:
    """Secrets by name. They never leave the host: ids of tenants and signatures of addresses are made with them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> bytes:
        """Returns the secret of that name, the same for ever and for everybody on this database."""
        key = f"secret:{name}"

        def work(connection: sa.Connection) -> bytes:
            found = connection.scalar(sa.select(about.c.value).where(about.c.key == key))
            if found is None:
                found = secrets.token_hex(SECRET_BYTES)
                connection.execute(about.insert().values(key=key, value=found))
            return bytes.fromhex(found)

        return await self._database.write(work)

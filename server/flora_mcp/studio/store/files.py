"""The files that have addresses: outputs of runs, and assets."""

from dataclasses import dataclass

import sqlalchemy as sa

from flora_mcp.studio.links import ASSET_FILE
from flora_mcp.studio.store.tables import assets, outputs


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """A file on disk, in the folder of its run or asset."""

    stored_name: str
    mime_type: str
    sha256: str
    width_px: int | None
    height_px: int | None


def find(connection: sa.Connection, *, owner_id: str, file_name: str) -> StoredFile | None:
    """Returns what an address names; an asset has a file once it is ready."""
    if owner_id.startswith("asset_"):
        if file_name != ASSET_FILE:
            return None
        query = sa.select(
            assets.c.file_name, assets.c.content_type, assets.c.sha256, assets.c.width_px, assets.c.height_px
        )
        query = query.where(assets.c.asset_id == owner_id, assets.c.status == "ready")
    else:
        query = sa.select(
            outputs.c.file_name, outputs.c.mime_type, outputs.c.sha256, outputs.c.width_px, outputs.c.height_px
        )
        query = query.where(outputs.c.run_id == owner_id, outputs.c.file_name == file_name)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return StoredFile(stored_name=row[0], mime_type=row[1], sha256=row[2], width_px=row[3], height_px=row[4])

"""Queries on assets and the nodes that show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import sqlalchemy as sa

from flora_mcp.studio import errors
from flora_mcp.studio.callers import EVERYBODY, Caller
from flora_mcp.studio.canvas.kinds import ASSETS
from flora_mcp.studio.files import KINDS
from flora_mcp.studio.pages import Page, Slice, read_page
from flora_mcp.studio.store import canvas, projects
from flora_mcp.studio.store.tables import assets, nodes

AssetStatus = Literal["pending_upload", "ready", "failed"]

UploadedVia = Literal["url", "signed_url", "direct"]

STATUSES: tuple[AssetStatus, ...] = get_args(AssetStatus)

MOVES: Mapping[AssetStatus, frozenset[AssetStatus]] = {
    "pending_upload": frozenset({"ready", "failed"}),
    "failed": frozenset({"pending_upload", "ready", "failed"}),
    "ready": frozenset(),
}
"""Where each state may go; a failed asset is taken up again by `retry` (sdk:resources/assets.ts)."""

MODALITIES = {kind.mime_type: kind.modality for kind in KINDS}


@dataclass(frozen=True, kw_only=True)
class NewAsset:
    """An asset that was asked for; `project_id` is where it appears once it is ready."""

    asset_id: str
    workspace_id: str
    project_id: str | None
    name: str | None
    folder: str | None
    uploaded_via: UploadedVia
    source: str | None
    upload_content_type: str | None


@dataclass(frozen=True, kw_only=True)
class AssetFile:
    """A file that was inspected and stored in an asset's folder."""

    file_name: str
    content_type: str
    size_bytes: int
    sha256: str
    width_px: int | None
    height_px: int | None


def create(connection: sa.Connection, asset: NewAsset, *, expires_at_ms: int | None, now_ms: int) -> None:
    """Records an asset that waits for its file."""
    row = {**vars(asset), "status": "pending_upload", "expires_at_ms": expires_at_ms, "created_at_ms": now_ms}
    connection.execute(assets.insert().values(row))


def get(connection: sa.Connection, asset_id: str, *, caller: Caller = EVERYBODY) -> sa.RowMapping:
    query = sa.select(assets).where(assets.c.asset_id == asset_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None or not caller.reads(row["workspace_id"]):
        raise errors.not_found(f"Asset {asset_id!r} was not found; GET /assets lists what there is.")
    return row


def read_some(
    connection: sa.Connection,
    page: Slice,
    *,
    workspace_id: str | None,
    project_id: str | None,
    text: str | None,
) -> Page[sa.RowMapping]:
    """Returns a page of assets, newest first, each with the first node that shows it."""
    node = sa.select(nodes.c.node_id).where(nodes.c.asset_id == assets.c.asset_id).order_by(nodes.c.number).limit(1)
    query = sa.select(assets, node.scalar_subquery().label("node_id"))
    if workspace_id is not None:
        query = query.where(assets.c.workspace_id == workspace_id)
    if project_id is not None:
        shown = sa.select(nodes.c.asset_id).where(nodes.c.project_id == project_id, nodes.c.asset_id.is_not(None))
        query = query.where(sa.or_(assets.c.project_id == project_id, assets.c.asset_id.in_(shown)))
    if text:
        query = query.where(assets.c.name.icontains(text, autoescape=True))
    return read_page(connection, query, (assets.c.number,), page)


def make_ready(connection: sa.Connection, asset_id: str, *, file: AssetFile, node_id: str, now_ms: int) -> bool:
    """Gives an asset its file, and its project a node; False when it has one already."""
    if not _move(connection, asset_id, "ready", failure_message=None, expires_at_ms=None, **vars(file)):
        return False
    project_id = get(connection, asset_id)["project_id"]
    if project_id is not None:
        place(connection, asset_id, project_id=project_id, node_id=node_id, now_ms=now_ms)
    return True


def fail(connection: sa.Connection, asset_id: str, *, message: str) -> bool:
    """Ends an attempt to get the file; False when the asset has its file by now."""
    return _move(connection, asset_id, "failed", failure_message=message, expires_at_ms=None)


def reopen(connection: sa.Connection, asset_id: str, *, expires_at_ms: int | None) -> bool:
    """Lets a failed asset wait for its file again; False when it has not failed."""
    return _move(connection, asset_id, "pending_upload", failure_message=None, expires_at_ms=expires_at_ms)


def place(connection: sa.Connection, asset_id: str, *, project_id: str, node_id: str, now_ms: int) -> None:
    """Shows a ready asset on a project's canvas.

    Raises:
        ApiError: The asset is not ready, or of another workspace than the project.
    """
    asset = get(connection, asset_id)
    projects.check_belongs(connection, project_id, workspace_id=asset["workspace_id"])
    if asset["status"] != "ready":
        raise errors.conflict(
            f"Asset {asset_id!r} is {asset['status']!r}, not 'ready'; upload its bytes, then POST "
            f"/assets/{asset_id}/complete."
        )
    kind = MODALITIES[asset["content_type"]]
    row = {"node_id": node_id, "asset_id": asset_id, "block": ASSETS[kind], "type": kind, "label": asset["name"]}
    canvas.place(connection, row, project_id=project_id, now_ms=now_ms)
    projects.touch(connection, project_id, now_ms=now_ms)


def _move(connection: sa.Connection, asset_id: str, status: AssetStatus, **values: object) -> bool:
    sources = [source for source in STATUSES if status in MOVES[source]]
    change = assets.update().where(assets.c.asset_id == asset_id, assets.c.status.in_(sources))
    return connection.execute(change.values(status=status, **values)).rowcount == 1

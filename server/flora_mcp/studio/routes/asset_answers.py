"""Assets as the API words them."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import sqlalchemy as sa

from flora_mcp.studio.links import ASSET_FILE, Links


def created(links: Links, row: sa.RowMapping) -> dict[str, object]:
    """Returns what POST /assets answers; the address is known before the file is (sdk:resources/assets.ts)."""
    return {
        "asset_id": row["asset_id"],
        "status": row["status"],
        "uploaded_via": row["uploaded_via"],
        "url": links.media(owner_id=row["asset_id"], file_name=ASSET_FILE),
        "visibility": "workspace",
        "workspace_id": row["workspace_id"],
        **_target(links, row),
    }


def outcome(links: Links, row: sa.RowMapping) -> dict[str, object]:
    """Returns what `complete` and `retry` answer (sdk:resources/assets.ts)."""
    return {
        "asset_id": row["asset_id"],
        "status": row["status"],
        "url": _url(links, row),
        "visibility": "workspace",
        "workspace_id": row["workspace_id"],
        "failure_message": row["failure_message"],
        **_target(links, row),
    }


def record(links: Links, row: sa.RowMapping) -> dict[str, object]:
    """Returns an asset as `retrieve` gives it: its time is text here, and a number in lists (sdk)."""
    return {**_common(links, row), "failure_message": row["failure_message"], "created_at": _iso(row["created_at_ms"])}


def listed(links: Links, row: sa.RowMapping) -> dict[str, object]:
    """Returns an asset as `list` gives it (sdk:resources/assets.ts)."""
    extra = {"created_at": row["created_at_ms"], "node_id": row["node_id"], "project_id": row["project_id"]}
    return {**_common(links, row), **extra}


def _common(links: Links, row: sa.RowMapping) -> dict[str, object]:
    # FLORA's type may be a modality, its sizes missing or of other bytes (skill); these are measured (choice).
    return {
        "asset_id": row["asset_id"],
        "name": row["name"],
        "description": row["description"],
        "workspace_id": row["workspace_id"],
        "url": _url(links, row),
        "content_type": row["content_type"] or row["upload_content_type"] or "application/octet-stream",
        "upload_content_type": row["upload_content_type"],
        "uploaded_via": row["uploaded_via"],
        "status": row["status"],
        "width": row["width_px"],
        "height": row["height_px"],
        "size_bytes": row["size_bytes"],
    }


def _target(links: Links, row: sa.RowMapping) -> dict[str, object]:
    """Returns where the bytes go, of an asset that waits for them: as a form, or alone to `upload_url`."""
    if row["status"] != "pending_upload" or row["expires_at_ms"] is None:
        return {}
    url, fields = links.upload(row["asset_id"], expires_seconds=row["expires_at_ms"] // 1000)
    return {
        "upload": {
            "url": url,
            "method": "POST",
            "content_type": "multipart/form-data",
            "file_field": "file",
            "form_fields": fields,
        },
        "upload_url": f"{url}?{urlencode(fields)}",
        "expires_at": _iso(row["expires_at_ms"]),
    }


def _url(links: Links, row: sa.RowMapping) -> str | None:
    return links.media(owner_id=row["asset_id"], file_name=ASSET_FILE) if row["status"] == "ready" else None


def _iso(time_ms: int) -> str:
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

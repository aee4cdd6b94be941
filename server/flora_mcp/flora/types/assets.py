"""Files at FLORA: how they are brought there, and what is known of them."""

from __future__ import annotations

from flora_mcp.flora.types.values import Number, Shape


class UploadTarget(Shape):
    """Where the bytes of a signed upload go (`sdk:resources/assets.ts`)."""

    url: str
    method: str = "POST"
    content_type: str = "multipart/form-data"
    file_field: str = "file"
    """The name of the part that holds the file; it comes last."""
    form_fields: dict[str, str] = {}
    """Parts that come before the file, as they are."""


class AssetUpload(Shape):
    """An asset as `create`, `complete` and `retry` answer it (`sdk:resources/assets.ts`)."""

    asset_id: str
    """Starts with `asset_`."""
    status: str
    """`pending_upload`, `ready` or `failed`."""
    uploaded_via: str | None = None
    """`url`, `signed_url` or `direct`; only `create` tells it."""
    url: str | None = None
    visibility: str | None = None
    workspace_id: str | None = None
    failure_message: str | None = None
    upload: UploadTarget | None = None
    """Of a signed upload that waits for its bytes."""
    upload_url: str | None = None
    """An address that takes the raw bytes by PUT, where `upload` is missing."""
    expires_at: str | None = None
    """ISO 8601; when the upload address stops working."""


class Asset(Shape):
    """What is known of a file (`sdk:resources/assets.ts`).

    Size, type and dimensions are often missing or wrong at FLORA (`skill:flora-brand-consistency-audit`): measure
    the bytes.
    """

    asset_id: str | None = None
    """Only null in a list."""
    status: str
    """`pending_upload`, `ready` or `failed`."""
    content_type: str | None = None
    """May be a kind such as `image` instead of a MIME type."""
    upload_content_type: str | None = None
    uploaded_via: str | None = None
    name: str | None = None
    description: str | None = None
    url: str | None = None
    """Public address of the bytes."""
    width: Number | None = None
    """In pixels."""
    height: Number | None = None
    """In pixels."""
    size_bytes: Number | None = None
    workspace_id: str | None = None
    failure_message: str | None = None
    """Why it is `failed`; only `retrieve` tells it."""
    created_at: str | Number | None = None
    """ISO 8601 from `retrieve`, Unix milliseconds (`choice`) in a list."""
    node_id: str | None = None
    project_id: str | None = None


class AssetPlacement(Shape):
    """An asset that was put on a canvas (`sdk:resources/projects/assets.ts`)."""

    asset_id: str
    node_id: str
    project_id: str
    canvas_url: str | None = None

"""Assets: files that users bring."""

from typing import Annotated, Literal

from pydantic import Field

from flora_mcp.studio.openapi.operation import CREATED, IDS, PAGE, Operation
from flora_mcp.studio.openapi.projects import Pixels
from flora_mcp.studio.openapi.shapes import (
    Answer,
    AssetId,
    IsoTime,
    Meta,
    ProjectId,
    Time,
    Url,
    WorkspaceId,
    absent,
)
from flora_mcp.studio.routes.assets import AssetFields, SourcedAsset

AssetStatus = Literal["pending_upload", "ready", "failed"]

UploadedVia = Literal["url", "signed_url", "direct"]


class UploadTarget(Answer):
    """Where the bytes of a signed upload go: a form, its fields first, the file last."""

    url: Url
    method: Literal["POST"]
    content_type: Literal["multipart/form-data"]
    file_field: str
    form_fields: dict[str, str]


class CreatedAsset(Answer):
    """A new asset; while it waits for its bytes, with where they go (sdk:resources/assets.ts)."""

    asset_id: AssetId
    status: AssetStatus
    uploaded_via: UploadedVia
    url: Url
    visibility: Literal["workspace"]
    workspace_id: WorkspaceId
    upload: UploadTarget = absent()
    upload_url: Url = absent()
    expires_at: IsoTime = absent()


class AssetOutcome(Answer):
    """What became of an asset's bytes (sdk:resources/assets.ts)."""

    asset_id: AssetId
    status: AssetStatus
    url: Url | None
    visibility: Literal["workspace"]
    workspace_id: WorkspaceId | None
    failure_message: str | None
    upload: UploadTarget = absent()
    upload_url: Url = absent()
    expires_at: IsoTime = absent()


class KnownAsset(Answer):
    """What is known of an asset wherever it is read."""

    asset_id: AssetId
    name: str | None
    description: str | None
    workspace_id: WorkspaceId | None
    url: Url | None
    content_type: str
    upload_content_type: str | None
    uploaded_via: UploadedVia
    status: AssetStatus
    width: Pixels | None
    height: Pixels | None
    size_bytes: Annotated[int, Field(ge=0)] | None


class Asset(KnownAsset):
    """An asset by itself; its time is ISO 8601 (sdk:resources/assets.ts)."""

    failure_message: str | None
    created_at: IsoTime | None


class ListedAsset(KnownAsset):
    """An asset in a list; its time is in milliseconds (sdk:resources/assets.ts)."""

    created_at: Time | None
    node_id: str | None
    project_id: ProjectId | None


class Assets(Answer):
    """A page of assets, newest first."""

    assets: list[ListedAsset]
    meta: Meta


OPERATIONS = (
    Operation(
        endpoint="POST /assets",
        name="assets.create",
        summary="Makes an asset from an address, or from the bytes of a form, or reserves a signed upload for one.",
        answer=CreatedAsset,
        body=SourcedAsset,
        form=AssetFields,
        status=CREATED,
        refusals=(400, 404),
        keyed=True,
    ),
    Operation(
        endpoint="GET /assets",
        name="assets.list",
        summary="Lists assets.",
        answer=Assets,
        query={
            "workspace_id": IDS["workspace_id"],
            "project_id": IDS["project_id"],
            "query": {"type": "string"},
            **PAGE,
        },
        refusals=(400, 404),
    ),
    Operation(
        endpoint="GET /assets/{asset_id}",
        name="assets.retrieve",
        summary="Reads an asset.",
        answer=Asset,
        refusals=(400, 404),
    ),
    Operation(
        endpoint="POST /assets/{asset_id}/complete",
        name="assets.complete",
        summary="Looks at the bytes of a signed upload.",
        answer=AssetOutcome,
        refusals=(400, 404, 409),
        keyed=True,
    ),
    Operation(
        endpoint="POST /assets/{asset_id}/retry",
        name="assets.retry",
        summary="Tries again to get the bytes of an asset that failed.",
        answer=AssetOutcome,
        refusals=(400, 404, 409),
        keyed=True,
    ),
)

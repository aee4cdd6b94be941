"""Assets: files at FLORA, brought there by address, as bytes, or through a signed upload."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from flora_mcp.flora.arguments import (
    SIGNED_UPLOAD,
    AssetId,
    Between,
    IdempotencyKey,
    Limit,
    ProjectId,
    PublicSource,
    Text,
    WorkspaceId,
    check_all,
)
from flora_mcp.flora.errors import ConflictError, OutcomeUncertainError
from flora_mcp.flora.files import File, file_of
from flora_mcp.flora.operations import Operation, hints_of
from flora_mcp.flora.pages import Pages
from flora_mcp.flora.polling import Patience
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.resources.uploads import DIRECT_BYTES, POLL_SECONDS, deliver, is_url, name_in, until_ready
from flora_mcp.flora.types import Asset, AssetUpload

FIND = "client.assets.list(workspace_id={workspace_id!r})"
RETRIEVE = "client.assets.retrieve({asset_id!r})"


class Assets(Resource):
    """Bring files to FLORA and read what is known of them."""

    @Operation(verb="POST", path="/assets", creates="asset", find=FIND)
    async def create(
        self,
        *,
        source: Annotated[str, PublicSource()],
        workspace_id: WorkspaceId,
        content_type: Text | None = None,
        file_name: Text | None = None,
        folder: Text | None = None,
        project_id: ProjectId | None = None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> AssetUpload:
        """Lets FLORA fetch a public file, or reserves a signed upload for one; free.

        Args:
            source: A public HTTPS address of at most 50 MB, or "signed-url" to reserve an upload. Not a local path.
            workspace_id: From `client.workspaces.list()`.
            content_type: Such as image/png.
            file_name: What people see in FLORA.
            folder: Where it is filed.
            project_id: Also puts it on this project's canvas.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            `asset_id`, `status` and `url`. Of a reservation `status` is pending_upload, and `upload` tells where the
            bytes go: a form with `form_fields`, then the file; `complete` comes after it.

        Raises:
            BadRequestError: the address is not public, or the file is too large or of a kind that FLORA does not take.
            OutcomeUncertainError: no clear answer came; the asset perhaps exists.

        Source: sdk:resources/assets.ts
        """
        arguments = {
            "source": source,
            "workspace_id": workspace_id,
            "content_type": content_type,
            "file_name": file_name,
            "folder": folder,
            "project_id": project_id,
            "idempotency_key": idempotency_key,
        }
        return await self._ask(Assets.create, AssetUpload, arguments)

    @Operation(verb="POST", path="/assets", creates="asset", find=FIND, host_only=True)
    async def create_direct(
        self,
        content: bytes | Path,
        *,
        workspace_id: WorkspaceId,
        content_type: Text | None = None,
        file_name: Text | None = None,
        folder: Text | None = None,
        project_id: ProjectId | None = None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> AssetUpload:
        """Sends the bytes of a small file, up to 4 MiB, in the one request that makes the asset; free.

        Args:
            content: The bytes, or the path of a file.
            workspace_id: From `client.workspaces.list()`.
            content_type: Such as image/png; seen from the name when left out.
            file_name: What people see in FLORA; the file's own name when left out.
            folder: Where it is filed.
            project_id: Also puts it on this project's canvas.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            The asset, usually ready.

        Raises:
            BadRequestError: the file is too large or of a kind that FLORA does not take.
            OutcomeUncertainError: no clear answer came; the asset perhaps exists.

        Source: sdk:lib/upload.ts
        """
        file = await file_of(content, file_name=file_name, content_type=content_type)
        target = {
            "workspace_id": workspace_id,
            "folder": folder,
            "project_id": project_id,
            "idempotency_key": idempotency_key,
        }
        return await self._send_direct(file, target)

    @Operation(verb="POST", path="/assets/{asset_id}/complete", creates="completion", find=RETRIEVE)
    async def complete(self, asset_id: AssetId, *, idempotency_key: IdempotencyKey | None = None) -> AssetUpload:
        """Says that the bytes of a signed upload are all there; free.

        Args:
            asset_id: From `client.assets.create(source="signed-url", ...)`.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            The asset as it stands: ready, or failed with a `failure_message`.

        Raises:
            ConflictError: it was completed before.
            NotFoundError: there is no such asset, or it is not yours.
            OutcomeUncertainError: no clear answer came; read the asset to see.

        Source: sdk:resources/assets.ts
        """
        arguments = {"asset_id": asset_id, "idempotency_key": idempotency_key}
        return await self._ask(Assets.complete, AssetUpload, arguments)

    @Operation(verb="POST", path="/assets/{asset_id}/retry", creates="upload address", find=RETRIEVE)
    async def retry(self, asset_id: AssetId, *, idempotency_key: IdempotencyKey | None = None) -> AssetUpload:
        """Reserves a signed upload anew, after one that failed or expired; free.

        Args:
            asset_id: From `client.assets.create(source="signed-url", ...)`.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            The asset with a fresh `upload`.

        Raises:
            ConflictError: the upload has not failed.
            NotFoundError: there is no such asset, or it is not yours.
            OutcomeUncertainError: no clear answer came; read the asset to see.

        Source: sdk:resources/assets.ts
        """
        arguments = {"asset_id": asset_id, "idempotency_key": idempotency_key}
        return await self._ask(Assets.retry, AssetUpload, arguments)

    @Operation(verb="GET", path="/assets/{asset_id}")
    async def retrieve(self, asset_id: AssetId) -> Asset:
        """Reads one asset.

        Args:
            asset_id: From `client.assets.create(...)` or `client.assets.list(...)`.

        Returns:
            `status`, `url`, `name`, `content_type`, `width`, `height` and `size_bytes`, as far as FLORA knows them.

        Raises:
            NotFoundError: there is no such asset, or it is not yours.

        Source: sdk:resources/assets.ts
        """
        return await self._ask(Assets.retrieve, Asset, {"asset_id": asset_id})

    @Operation(verb="GET", path="/assets", items="assets")
    def list(
        self,
        *,
        workspace_id: WorkspaceId | None = None,
        project_id: ProjectId | None = None,
        query: str | None = None,
        cursor: str | None = None,
        limit: Limit | None = None,
    ) -> Pages[Asset]:
        """Lists assets.

        Args:
            workspace_id: Only those of this workspace.
            project_id: Only those on this project's canvas.
            query: Only those that match.
            cursor: Where to go on, from the page before.
            limit: Assets on a page, 1 to 100.

        Returns:
            Pages of assets as `retrieve` tells them, with `node_id` and `project_id`.

        Raises:
            NotFoundError: the workspace or the project is not yours.

        Source: sdk:resources/assets.ts
        """
        arguments = {
            "workspace_id": workspace_id,
            "project_id": project_id,
            "query": query,
            "cursor": cursor,
            "limit": limit,
        }
        return self._pages(Assets.list, Asset, arguments)

    @Operation(verb="POST", path="/assets", host_only=True)
    async def upload(
        self,
        file: str | bytes | Path,
        *,
        workspace_id: WorkspaceId,
        content_type: Text | None = None,
        file_name: Text | None = None,
        folder: Text | None = None,
        project_id: ProjectId | None = None,
        poll_interval_seconds: Annotated[float, Between(0.1, 60)] = POLL_SECONDS,
        poll_timeout_seconds: Annotated[float, Between(0, 3600)] = 120.0,
        idempotency_key: IdempotencyKey | None = None,
    ) -> Asset:
        """Brings a file to FLORA the shortest way, and returns it when it is ready; free.

        An address is fetched by FLORA; up to 4 MiB are sent with the call; more goes through a signed upload.

        Args:
            file: A public http(s) address, the path of a local file, or bytes.
            workspace_id: From `client.workspaces.list()`.
            content_type: Such as image/png; seen from the name when left out.
            file_name: What people see in FLORA; the file's own name, or the address's last part, when left out.
            folder: Where it is filed.
            project_id: Also puts it on this project's canvas.
            poll_interval_seconds: Time between two looks at the asset, 0.1 to 60.
            poll_timeout_seconds: How long to look, 0 (once) to 3600.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            The asset, ready.

        Raises:
            BadRequestError: the file is too large or of a kind that FLORA does not take.
            UploadError: the bytes were not taken, the asset failed, or it was not ready in time.
            OutcomeUncertainError: no clear answer came; the asset perhaps exists.

        Source: sdk:lib/upload.ts
        """
        told = {
            "workspace_id": workspace_id,
            "content_type": content_type,
            "file_name": file_name,
            "folder": folder,
            "project_id": project_id,
            "idempotency_key": idempotency_key,
        }
        looks = {"poll_interval_seconds": poll_interval_seconds, "poll_timeout_seconds": poll_timeout_seconds}
        check_all({**told, **looks}, hints_of(Assets.upload))
        made = await self._send(file, told)
        return await until_ready(
            lambda: self.retrieve(made.asset_id),
            asset_id=made.asset_id,
            patience=Patience(timeout_seconds=poll_timeout_seconds, interval_seconds=poll_interval_seconds),
            wire=self._wire,
        )

    async def _send(self, file: str | bytes | Path, told: dict[str, str | None]) -> AssetUpload:
        if isinstance(file, str) and is_url(file):
            name = told["file_name"] or name_in(file)
            return await self._ask(Assets.create, AssetUpload, {"source": file, **told, "file_name": name})
        content = Path(file) if isinstance(file, str) else file
        local = await file_of(content, file_name=told["file_name"], content_type=told["content_type"])
        if local.size_bytes <= DIRECT_BYTES:
            return await self._send_direct(local, told)
        return await self._send_signed(local, told)

    async def _send_direct(self, file: File, target: Mapping[str, str | None]) -> AssetUpload:
        arguments = {**target, "content_type": file.content_type, "file_name": file.given_name}
        return await self._ask_with_file(Assets.create_direct, AssetUpload, arguments, file)

    async def _send_signed(self, file: File, target: Mapping[str, str | None]) -> AssetUpload:
        arguments = {
            "source": SIGNED_UPLOAD,
            **target,
            "content_type": file.content_type,
            "file_name": file.given_name,
        }
        reservation = await self._ask(Assets.create, AssetUpload, arguments)
        await deliver(file, reservation, wire=self._wire)
        # Completed by an attempt whose answer was lost: the asset itself tells.
        with suppress(ConflictError, OutcomeUncertainError):
            await self.complete(reservation.asset_id)
        return reservation

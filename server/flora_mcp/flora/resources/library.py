"""The library: folders of saved pictures and texts."""

from __future__ import annotations

from typing import Literal

from flora_mcp.flora.arguments import IdempotencyKey, LibraryFolderId, Text, WorkspaceId
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.resources.resource import Resource, Wire
from flora_mcp.flora.types import LibraryFolder, LibraryFolderRemoval, LibraryItem


class LibraryFolders(Resource):
    """The folders of your library; no call lists them, so keep their ids."""

    @Operation(
        verb="POST", path="/workspaces/{workspace_id}/library/folders", creates="folder", find="the library in FLORA"
    )
    async def create(
        self, workspace_id: WorkspaceId, *, name: Text | None = None, idempotency_key: IdempotencyKey | None = None
    ) -> LibraryFolder:
        """Creates a folder in your library; free.

        Args:
            workspace_id: From `client.workspaces.list()`.
            name: What people see in FLORA; made up when left out.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            The folder; its `folder_id` is what `add_item` and `delete` need.

        Raises:
            NotFoundError: the workspace is not yours.
            OutcomeUncertainError: no clear answer came; the folder perhaps exists.

        Source: sdk:resources/workspaces/library/folders.ts
        """
        arguments = {"workspace_id": workspace_id, "name": name, "idempotency_key": idempotency_key}
        return await self._ask(LibraryFolders.create, LibraryFolder, arguments)

    @Operation(verb="DELETE", path="/workspaces/{workspace_id}/library/folders/{folder_id}")
    async def delete(self, folder_id: LibraryFolderId, *, workspace_id: WorkspaceId) -> LibraryFolderRemoval:
        """Deletes a folder of your library. What was saved in it stays, outside of any folder.

        Args:
            folder_id: From `client.workspaces.library.folders.create(...)`.
            workspace_id: From `client.workspaces.list()`.

        Returns:
            `deleted`, which is true.

        Raises:
            NotFoundError: there is no such folder (any more), or it is not yours.

        Source: sdk:resources/workspaces/library/folders.ts
        """
        arguments = {"folder_id": folder_id, "workspace_id": workspace_id}
        return await self._ask(LibraryFolders.delete, LibraryFolderRemoval, arguments)

    @Operation(
        verb="POST",
        path="/workspaces/{workspace_id}/library/folders/{folder_id}/items",
        creates="saved item",
        find="the library in FLORA",
    )
    async def add_item(
        self,
        folder_id: LibraryFolderId,
        *,
        workspace_id: WorkspaceId,
        type: Literal["image", "text"] | None = None,  # noqa: A002 - the wire's own name
        source: Text | None = None,
        text: Text | None = None,
        description: str | None = None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> LibraryItem:
        """Saves a picture or a text in a folder of your library; free.

        Args:
            folder_id: From `client.workspaces.library.folders.create(...)`.
            workspace_id: From `client.workspaces.list()`.
            type: What is saved: image or text.
            source: The picture's public HTTPS address, for an image.
            text: What to save, for a text.
            description: What people see under it.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            `saved_node_id`, and for an image its `asset_id` and `url`.

        Raises:
            BadRequestError: the address cannot be fetched, or `source` or `text` is missing.
            NotFoundError: there is no such folder, or it is not yours.
            OutcomeUncertainError: no clear answer came; it was perhaps saved.

        Source: sdk:resources/workspaces/library/folders.ts
        """
        arguments = {
            "folder_id": folder_id,
            "workspace_id": workspace_id,
            "type": type,
            "source": source,
            "text": text,
            "description": description,
            "idempotency_key": idempotency_key,
        }
        return await self._ask(LibraryFolders.add_item, LibraryItem, arguments)


class Library(Resource):
    """What you saved for later use."""

    folders: LibraryFolders

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self.folders = LibraryFolders(wire)

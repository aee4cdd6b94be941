"""Assets on a project's canvas."""

from __future__ import annotations

from flora_mcp.flora.arguments import AssetId, IdempotencyKey, ProjectId
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import AssetPlacement


class ProjectAssets(Resource):
    """Puts assets on a canvas."""

    @Operation(
        verb="POST",
        path="/projects/{project_id}/assets/{asset_id}/attach",
        creates="node",
        find="client.projects.list_nodes({project_id!r})",
    )
    async def attach_asset(
        self, asset_id: AssetId, *, project_id: ProjectId, idempotency_key: IdempotencyKey | None = None
    ) -> AssetPlacement:
        """Puts an asset that is ready on a project's canvas; free.

        Args:
            asset_id: From `client.assets.create(...)` or `client.assets.list(...)`; its `status` must be ready.
            project_id: From `client.projects.list(...)`.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            The new node's `node_id`, and `canvas_url`.

        Raises:
            BadRequestError: the asset is not ready.
            NotFoundError: there is no such asset or project, or it is not yours.
            OutcomeUncertainError: no clear answer came; the node perhaps exists.

        Source: sdk:resources/projects/assets.ts
        """
        arguments = {"asset_id": asset_id, "project_id": project_id, "idempotency_key": idempotency_key}
        return await self._ask(ProjectAssets.attach_asset, AssetPlacement, arguments)

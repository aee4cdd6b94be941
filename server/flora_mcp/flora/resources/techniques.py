"""Techniques: saved workflows that anyone can run with inputs of their own."""

from __future__ import annotations

from flora_mcp.flora.arguments import Limit, TechniqueId, WorkspaceId
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.pages import Pages
from flora_mcp.flora.resources.resource import Resource, Wire
from flora_mcp.flora.resources.technique_runs import TechniqueRuns
from flora_mcp.flora.types import Technique


class Techniques(Resource):
    """The catalogue of techniques."""

    runs: TechniqueRuns

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self.runs = TechniqueRuns(wire)

    @Operation(verb="GET", path="/techniques", items="techniques")
    def list(
        self,
        *,
        query: str | None = None,
        workspace_id: WorkspaceId | None = None,
        cursor: str | None = None,
        limit: Limit | None = None,
    ) -> Pages[Technique]:
        """Lists the techniques you can run, with their inputs, outputs and cost.

        Args:
            query: Only techniques that match.
            workspace_id: Only what this workspace sees.
            cursor: Where to go on, from the page before.
            limit: Techniques on a page, 1 to 100.

        Returns:
            Pages of techniques as `retrieve` tells them.

        Raises:
            NotFoundError: the workspace is not yours.

        Source: sdk:resources/techniques/techniques.ts
        """
        arguments = {"query": query, "workspace_id": workspace_id, "cursor": cursor, "limit": limit}
        return self._pages(Techniques.list, Technique, arguments)

    @Operation(verb="GET", path="/techniques/{technique_id}")
    async def retrieve(self, technique_id: TechniqueId) -> Technique:
        """Reads one technique: what it takes, what it makes, what it costs.

        Args:
            technique_id: An id or a slug, from `client.techniques.list()`.

        Returns:
            `name`, `run_cost` (USD for one run), `inputs` and `outputs`: each with `id`, `name` and `type`; an input
            with `optional` true may be left out.

        Raises:
            NotFoundError: there is no such technique, or you cannot see it.

        Source: sdk:resources/techniques/techniques.ts
        """
        return await self._ask(Techniques.retrieve, Technique, {"technique_id": technique_id})

"""A project's canvas as a Mermaid flowchart."""

from __future__ import annotations

from flora_mcp.flora.arguments import IdempotencyKey, ProjectId, Text
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import CanvasDiagram, DiagramChanges, DiagramNodeParams


class ProjectCanvas(Resource):
    """Short to read and to write; `workspaces.projects.graph` and `apply_changeset` lose and leave out nothing."""

    @Operation(verb="GET", path="/projects/{project_id}/canvas")
    async def retrieve(self, project_id: ProjectId) -> CanvasDiagram:
        """Reads a canvas as a Mermaid flowchart; labels may be shortened.

        Args:
            project_id: From `client.projects.list(...)`.

        Returns:
            `diagram`, such as `graph LR` and lines like `n1["Prompt (text)"]` and `n1 -->|text| n2`, and a `summary`
            of counts.

        Raises:
            NotFoundError: there is no such project, or it is not yours.

        Source: sdk:resources/projects/canvas.ts
        """
        return await self._ask(ProjectCanvas.retrieve, CanvasDiagram, {"project_id": project_id})

    @Operation(
        verb="PATCH",
        path="/projects/{project_id}/canvas",
        creates="part of the canvas",
        find="client.projects.canvas.retrieve({project_id!r})",
    )
    async def update(
        self,
        project_id: ProjectId,
        *,
        diagram: Text,
        node_params: dict[str, DiagramNodeParams] | None = None,
        idempotency_key: IdempotencyKey | None = None,
    ) -> DiagramChanges:
        """Adds the nodes and edges of a Mermaid flowchart to a canvas; changes and removes nothing. Free.

        An existing node is meant by its bare id in an edge, such as `n1 --> out`; with a label it would become a new
        node. Groups (`subgraph`) are not made.

        Args:
            project_id: From `client.projects.list(...)`.
            diagram: Such as `graph LR`, `src["Photo (Image)"]`, `out["A fox in snow (Image)"]`, `src --> out`, each on
                a line of its own. A label ends with the type; the rest is the prompt.
            node_params: By the flowchart's node id: `prompt` or `content_url` (existing media, then with a label of
                the type alone), `model`, `aspect_ratio`, `resolution`, `model_parameters`.
            idempotency_key: Text of your own that makes a repeated call safe for two hours; made up when left out.

        Returns:
            `diagram` as it was applied, `created_node_count`, `created_edge_count` and `warnings`.

        Raises:
            BadRequestError: the flowchart cannot be read, or a parameter is wrong.
            NotFoundError: there is no such project, or it is not yours.
            OutcomeUncertainError: no clear answer came; the nodes perhaps exist.

        Source: sdk:resources/projects/canvas.ts
        """
        arguments = {
            "project_id": project_id,
            "diagram": diagram,
            "node_params": node_params,
            "idempotency_key": idempotency_key,
        }
        return await self._ask(ProjectCanvas.update, DiagramChanges, arguments)

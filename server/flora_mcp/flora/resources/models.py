"""Models: what FLORA can make, with which parameters."""

from __future__ import annotations

from flora_mcp.flora.arguments import Limit
from flora_mcp.flora.operations import Operation
from flora_mcp.flora.pages import Pages
from flora_mcp.flora.resources.resource import Resource
from flora_mcp.flora.types import MediaType, Model


class Models(Resource):
    """The catalogue of models. There is no call for a single one: list and choose."""

    @Operation(verb="GET", path="/models", items="models")
    def list(
        self,
        *,
        type: MediaType | None = None,  # noqa: A002 - the wire's own name
        cursor: str | None = None,
        limit: Limit | None = None,
    ) -> Pages[Model]:
        """Lists the models you can use, with the parameters of each.

        Read a model's `params` before generating: `generations.create` takes what they say.

        Args:
            type: Only models that make this: image, video, audio or text. Not "t2i": that begins a `model_id`.
            cursor: Where to go on, from the page before; FLORA answers with one page unless it names a cursor.
            limit: Models on a page, 1 to 100; left out, FLORA sends them all.

        Returns:
            Models with `model_id`, `name`, `type`, `provider`, `capabilities`, `estimated_credits` (1 credit is
            0.001 USD; 0 is a gap in the catalogue), `estimated_seconds` and `params`: each with `name`, `type`,
            `required`, `default`, `min`, `max` and `options`.

        Raises:
            BadRequestError: `type` is not one that FLORA knows.

        Source: sdk:resources/models.ts
        """
        return self._pages(Models.list, Model, {"type": type, "cursor": cursor, "limit": limit})

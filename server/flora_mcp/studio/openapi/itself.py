"""The document describes where it is read."""

from pydantic import BaseModel, ConfigDict

from flora_mcp.studio.openapi.operation import Operation


class OpenApiDocument(BaseModel):
    """An OpenAPI 3.1 document."""

    model_config = ConfigDict(extra="allow")

    openapi: str


OPERATIONS = (
    Operation(
        endpoint="GET /openapi.json",
        name="openapi",
        summary="Reads this document; no key is needed.",
        answer=OpenApiDocument,
    ),
)

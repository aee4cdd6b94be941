"""The tool `search_docs`: looks something up in the documentation."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from mcp_types import CallToolResult, Tool, ToolAnnotations
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from flora_mcp.docs_search import Docs
from flora_mcp.tools import answer
from flora_mcp.tools.arguments import Arguments, read, schema

DESCRIPTION = """Looks up methods of `client`, models, actions, techniques and guides. \
Example: {"query": "upload a local image"}, or a name such as generations.create."""


class SearchDocsArguments(Arguments):
    query: str
    language: Annotated[Literal["python", "javascript"] | SkipJsonSchema[None], Field(default=None)]


class SearchDocs:
    """Answers from the user's documentation; nothing is sent that costs anything."""

    definition = Tool(
        name="search_docs",
        title="Search docs",
        description=DESCRIPTION,
        input_schema=schema(SearchDocsArguments),
        annotations=ToolAnnotations(title="Search the documentation", read_only_hint=True, idempotent_hint=True),
    )

    def __init__(self, docs: Docs) -> None:
        self._docs = docs

    async def __call__(self, arguments: Mapping[str, Any], progress: object) -> CallToolResult:
        asked = read(SearchDocsArguments, arguments, tool="search_docs")
        return answer.words(await self._docs.answer(asked.query, language=asked.language or "python"))

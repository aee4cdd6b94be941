"""The documentation that `search_docs` searches, page by page."""

from collections.abc import Sequence
from typing import Protocol

from mcp_types import Annotations, Resource, ResourceTemplate, TextResourceContents

from flora_mcp.resources.choices import Choices
from flora_mcp.resources.errors import AbsentError, CursorError
from flora_mcp.resources.family import Family, Given, Listed, Reading

TEMPLATE = "docs://{kind}/{name}"
MARKDOWN = "text/markdown"
LISTED = "guides"
"""The kind that is listed; the pages of all methods and models would bury the outputs."""

SCHEME = "docs://"
CATALOGUES = ("models", "actions", "techniques")
"""Kinds whose pages depend on what the tenant can run."""

LASTING_MS = 3_600_000


class Documentation(Protocol):
    """All pages that there are for a tenant."""

    def names(self) -> Sequence[tuple[str, str, str]]:
        """Returns address, title and summary of the guides and of the methods' pages."""
        ...

    async def page(self, uri: str) -> str | None:
        """Returns a page as Markdown; None when there is none."""
        ...


def docs(documentation: Documentation, *, choices: Choices) -> Family:
    """Returns the pages; of them, the guides are listed."""

    async def listed(cursor: str | None, limit: int) -> Listed:
        begin = _place(cursor)
        guides = [each for each in documentation.names() if each[0].startswith(f"{SCHEME}{LISTED}/")]
        following = str(begin + limit) if begin + limit < len(guides) else None
        return Listed(resources=[_resource(*each) for each in guides[begin : begin + limit]], following=following)

    async def read(uri: str, given: Given) -> Reading:
        text = await documentation.page(uri)
        if text is None:
            raise AbsentError(
                f"No page {uri[:200]!r}; the tool search_docs finds those there are, and resources/list names guides."
            )
        contents = TextResourceContents(uri=uri, mime_type=MARKDOWN, text=text)
        return Reading(contents=contents, fresh_ms=LASTING_MS)

    async def kinds(typed: str, given: Given) -> list[str]:
        return [LISTED, "methods", *CATALOGUES]

    async def names(typed: str, given: Given) -> list[str]:
        kind = given.get("kind")
        if kind in CATALOGUES:
            return await choices.names(kind)
        parts = [uri.removeprefix(SCHEME).partition("/") for uri, _, _ in documentation.names()]
        return [name for each, _, name in parts if not kind or kind == each]

    return Family(
        template=ResourceTemplate(
            name="docs",
            title="Documentation",
            uri_template=TEMPLATE,
            description="A page on a method, model, action or technique, or a guide. search_docs finds the right one.",
            mime_type=MARKDOWN,
        ),
        read=read,
        list=listed,
        choices={"kind": kinds, "name": names},
    )


def _place(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not cursor.isdecimal() or len(cursor) > 9:
        raise CursorError(cursor=cursor)
    return int(cursor)


def _resource(uri: str, title: str, summary: str) -> Resource:
    return Resource(
        uri=uri,
        name=uri.rpartition("/")[2],
        title=title,
        description=summary,
        mime_type=MARKDOWN,
        annotations=Annotations(audience=["assistant"], priority=0.3),
    )

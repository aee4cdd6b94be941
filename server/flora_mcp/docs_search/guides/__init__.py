"""The guides, of our own writing, and the one that reads them."""

from functools import cache
from importlib import resources

from flora_mcp.docs_search.page import Page

_FIELDS = ("title", "summary", "words", "related")


@cache
def guides() -> tuple[Page, ...]:
    """Returns the guides by their names' order."""
    files = sorted(resources.files(__name__).iterdir(), key=lambda file: file.name)
    return tuple(_page(file.name, file.read_text(encoding="utf-8")) for file in files if file.name.endswith(".md"))


def _page(file_name: str, content: str) -> Page:
    """Reads a file: a line for each field, an empty line, then the text."""
    head, _, text = content.partition("\n\n")
    fields = dict(line.split(": ", maxsplit=1) for line in head.splitlines())
    unknown = sorted(set(fields) ^ set(_FIELDS))
    assert not unknown, f"{file_name}: the fields {unknown} are too many or missing; a guide has {_FIELDS}"
    return Page(
        kind="guide",
        name=file_name.removesuffix(".md"),
        title=fields["title"],
        summary=fields["summary"],
        words=fields["words"],
        related=tuple(fields["related"].split(", ")),
        text=text,
    )

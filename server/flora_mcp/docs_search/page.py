"""One page of the documentation: what it is called, what it says, and what of that one language needs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Language = Literal["python", "javascript"]
Kind = Literal["guide", "method", "model", "action", "technique"]

SCHEME = "docs://"

_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<code>.*?)^```\n?", re.MULTILINE | re.DOTALL)
_SECTION = re.compile(r"^## (?=\S)", re.MULTILINE)
_WORDS = re.compile(r"^<!-- words: (.*?) -->\n", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")


@dataclass(frozen=True, kw_only=True)
class Page:
    """Something that an agent can look up."""

    kind: Kind
    name: str
    """Such as `generations.create`, `uploads` or `crop-image-browser`; unique within its kind."""
    title: str
    summary: str
    """A sentence or two."""
    words: str = ""
    """What agents call it, beside what the text says."""
    aliases: tuple[str, ...] = ()
    """Other names that lead straight here."""
    related: tuple[str, ...] = ()
    """Names of its neighbours, the nearest first."""
    successor: str = ""
    """The name of the page that tells what to use today; this one is never the first then."""
    text: str = ""
    """Markdown without the title. Code blocks are marked with their language; sections begin with `## `."""

    @property
    def uri(self) -> str:
        return f"{SCHEME}{self.kind}s/{self.name}"

    @property
    def markdown(self) -> str:
        """The whole page, in every language."""
        return f"# {self.title}\n\n{self.summary}\n\n{_tidy(_WORDS.sub('', self.text))}\n"


@dataclass(frozen=True, kw_only=True)
class Passage:
    """What is found: a section of a page, or all of a page without sections."""

    page: Page
    heading: str
    """Empty for what stands before the first section."""
    words: str
    text: str

    @property
    def title(self) -> str:
        return f"{self.page.title}: {self.heading}" if self.heading else self.page.title


def passages(page: Page) -> Iterator[Passage]:
    """Yields the sections of a page in their order; the first is what stands before them, empty or not."""
    lead, *sections = _SECTION.split(page.text)
    yield _passage(page, "", lead)
    for section in sections:
        heading, _, text = section.partition("\n")
        yield _passage(page, heading.strip(), text)


def in_language(text: str, language: Language) -> str:
    """Returns Markdown without the code blocks of another language than this."""

    def kept(block: re.Match[str]) -> str:
        return block[0] if block["language"] == language else ""

    return _tidy(_BLOCK.sub(kept, _WORDS.sub("", text)))


def without_code(text: str) -> str:
    """Returns Markdown without its code blocks."""
    return _tidy(_BLOCK.sub("", _WORDS.sub("", text)))


def blocks(text: str, language: Language) -> list[str]:
    """Returns the code blocks of one language."""
    return [block["code"] for block in _BLOCK.finditer(text) if block["language"] == language]


def _passage(page: Page, heading: str, text: str) -> Passage:
    told = " ".join(_WORDS.findall(text))
    return Passage(page=page, heading=heading, words=told, text=_tidy(_WORDS.sub("", text)))


def _tidy(text: str) -> str:
    return _GAPS.sub("\n\n", text).strip()

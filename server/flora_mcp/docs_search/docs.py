"""The documentation: of the methods, of what the user can run, and guides; by name and by question."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import zip_longest
from types import TracebackType
from typing import Self

import anyio
import anyio.to_thread

from flora_mcp.docs_search.answers import about, listing
from flora_mcp.docs_search.catalogue import READ_SECONDS, Catalogue
from flora_mcp.docs_search.guides import guides
from flora_mcp.docs_search.index import Hit, Index
from flora_mcp.docs_search.method_pages import method_pages
from flora_mcp.docs_search.page import SCHEME, Language, Page, passages
from flora_mcp.docs_search.words import QUESTION_CHARS
from flora_mcp.flora import METHODS, Flora, Rules
from flora_mcp.flora.methods import MethodEntry

_NAME = re.compile(r"\w[\w./:-]*")
_MARKED = re.compile(r"[._\d/-]")

QUOTED_CHARS = 120
GUIDES_BESIDE = 3
"""Guides that are named beside a method; some methods are in nearly all."""

FIRST = "start"
"""The guide that is told when nothing was asked."""

INSTEAD = {"webhooks": "webhooks", "assets": "uploads"}
"""The guide for each group of methods that programs cannot call."""


class Docs:
    """All that can be looked up by one user. As an async context manager it frees the index at the end.

    Args:
        flora: Reads what the user can run; its rules decide what is told of the methods.
        methods: Those that a program may call.
        clock: Seconds.
        patience_seconds: How long a question waits for lists that do not come, before it is answered without them.
    """

    def __init__(
        self,
        *,
        flora: Flora,
        methods: tuple[MethodEntry, ...],
        clock: Callable[[], float] = anyio.current_time,
        patience_seconds: float = READ_SECONDS,
    ) -> None:
        self._rules: Rules = flora.rules
        self._methods = methods
        self._catalogue = Catalogue(flora, clock=clock, patience_seconds=patience_seconds)
        self._turn = anyio.Lock()
        self._index: Index | None = None
        self._found: tuple[Page, ...] = ()
        self._by_name: dict[str, Page] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    @cached_property
    def _fixed(self) -> tuple[Page, ...]:
        """What is the same for as long as the server runs; made when it is first wanted."""
        return (*guides(), *method_pages(self._methods))

    @cached_property
    def _fixed_by_name(self) -> dict[str, Page]:
        return _by_name(self._fixed)

    def names(self) -> list[tuple[str, str, str]]:
        """Returns address, title and summary of every guide and every method's page.

        Models, actions and techniques have pages as well, such as `docs://models/…`; the user's lists name them.
        """
        return [(page.uri, page.title, page.summary) for page in self._fixed]

    async def page(self, uri: str) -> str | None:
        """Returns a page as Markdown, with the code of every language; None when there is none."""
        key = _key(uri)
        if not uri.startswith(SCHEME) or "/" not in key:
            return None
        page = self._fixed_by_name.get(key)
        if page is None:
            await self._refresh()
            page = self._by_name.get(key)
        return page.markdown if page is not None else None

    async def answer(self, question: str, /, *, language: Language = "python") -> str:
        """Returns the passage that answers a question best, and its neighbours: at most 3 000 characters.

        A name, such as `generations.create` or `uploads`, gives its page. Nothing found is an answer too.
        """
        asked = question.strip()[:QUESTION_CHARS] or FIRST
        told = self._fixed_answer(asked, language)
        if told is not None:
            return told
        await self._refresh()
        note = self._note()
        named = self._by_name.get(_key(asked))
        if named is not None:
            return self._about(named, (), language=language, note=note)
        hits = await self._search(asked)
        if not hits:
            return self._overview(asked, language=language, note=note)
        found = [hit.passage.page for hit in hits]
        mentioned = self._mentioned(asked)
        if mentioned is not None or found[0].successor:
            return self._about(mentioned or found[0], found, language=language, note=note)
        return about(hits[0].passage, self._near(found[0], found), language=language, note=note)

    def _fixed_answer(self, asked: str, language: Language) -> str | None:
        """Returns what needs no list of the user's: a guide, a method, a group of methods; None for all else."""
        named = self._fixed_by_name.get(_key(asked))
        if named is not None:
            return self._about(named, (), language=language)
        refused = self._refused(asked, language)
        if refused is not None:
            return refused
        bare = _bare(asked)
        groups = [(page, page.name.rpartition(".")[0]) for page in self._fixed if not page.successor]
        inside = [page for page, group in groups if group == bare or group.startswith(f"{bare}.")]
        if len(inside) == 1:
            return self._about(inside[0], (), language=language)
        return listing(f"Methods of client.{bare}:", inside, language=language) if inside else None

    def _about(self, page: Page, found: Iterable[Page], *, language: Language, note: str = "") -> str:
        """Returns what is told of a page as a whole; of an older one, what took its place."""
        shown = self._fixed_by_name.get(_key(page.successor), page) if page.successor else page
        if shown is not page:
            older = f"{page.title} is an older way to do this; its page is {page.uri}."
            note = f"{older}\n{note}".strip()
        return about(next(passages(shown)), self._near(shown, found), language=language, note=note)

    async def _refresh(self) -> None:
        """Looks whether there is anything new, and builds the index anew if there is."""
        found = await self._catalogue.pages()
        async with self._turn:
            if self._index is not None and found is self._found:
                return
            pages = (*self._fixed, *found)
            index = await anyio.to_thread.run_sync(Index, pages)
            self._close()
            self._index, self._found, self._by_name = index, found, _by_name(pages)

    async def _search(self, question: str) -> list[Hit]:
        async with self._turn:
            assert self._index is not None
            return await anyio.to_thread.run_sync(self._index.search, question)

    def _close(self) -> None:
        if self._index is not None:
            self._index.close()
        self._index = None

    def _near(self, page: Page, found: Iterable[Page] = ()) -> list[Page]:
        """Returns the neighbours: what else was found and what the page itself names, in turn."""
        own = [self._fixed_by_name[_key(name)] for name in page.related if _key(name) in self._fixed_by_name]
        telling = [guide for guide in guides() if f"client.{page.name}(" in guide.text]
        telling.sort(key=lambda guide: page.name not in guide.related)
        beside = _in_turn(own, telling[:GUIDES_BESIDE])
        mixed = _in_turn(found, beside)
        return [each for each in dict.fromkeys(mixed) if each is not page and not each.successor]

    def _mentioned(self, question: str) -> Page | None:
        """Returns the page of a name that stands in a question, if it can be nothing but a name."""
        for word in _NAME.findall(question):
            page = self._by_name.get(_key(word.rstrip("./:-"))) if _MARKED.search(word) else None
            if page is not None:
                return page
        return None

    def _refused(self, asked: str, language: Language) -> str | None:
        """Returns why a method that FLORA has cannot be called here, and what to do instead."""
        entry = next((each for each in METHODS if _bare(asked) in (each.path, each.camel_path)), None)
        if entry is None:
            return None
        forbidden = self._rules.refusal(entry.path)
        if forbidden is not None:
            return forbidden
        if not entry.host_only:
            return f"client.{entry.path} is a method of FLORA that the backend of this server does not have."
        told = f"client.{entry.path} takes bytes, files or secrets, which programs do not have. What to do instead:"
        wanted = f"guide/{INSTEAD[entry.path.partition('.')[0]]}"
        return listing(told, [self._fixed_by_name[wanted]], language=language)

    def _overview(self, asked: str, *, language: Language, note: str) -> str:
        quoted = f"{asked[:QUOTED_CHARS]}…" if len(asked) > QUOTED_CHARS else asked
        head = (
            f"Nothing here fits {quoted!r}. Ask in a few English words, or for a name such as 'generations.create'; "
            "help('start') is an overview. The guides:"
        )
        return listing(head, guides(), language=language, note=note)

    def _note(self) -> str:
        missing = self._catalogue.missing
        return f"(The lists of {', '.join(missing)} could not be read just now: ask again later.)" if missing else ""


def _in_turn(first: Iterable[Page], second: Iterable[Page]) -> list[Page]:
    return [page for pair in zip_longest(first, second) for page in pair if page is not None]


def _by_name(pages: tuple[Page, ...]) -> dict[str, Page]:
    """Returns what each name leads to; of two pages with one name, the first."""
    return {name: page for page in reversed(pages) for name in _names(page)}


def _names(page: Page) -> Iterator[str]:
    """Yields what leads to a page."""
    for name in (page.name, *page.aliases):
        yield from (name.casefold(), f"{page.kind}/{name.casefold()}", f"{page.kind}s/{name.casefold()}")


def _key(asked: str) -> str:
    return _bare(asked).casefold()


def _bare(asked: str) -> str:
    """Returns a name without what programs and addresses have around it."""
    name = asked.strip().strip("`'\"").removeprefix(SCHEME).removeprefix("await ").removeprefix("client.")
    return name.partition("(")[0].strip()

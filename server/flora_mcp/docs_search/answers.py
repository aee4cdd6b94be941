"""Writes what is told of a page that was found, in so many characters and no more."""

from collections.abc import Iterable, Sequence

from flora_mcp.docs_search.page import Language, Page, Passage, blocks, in_language, passages

ANSWER_CHARS = 3_000
"""The longest answer: what an agent reads is paid by the word."""

BEST_CHARS = 2_100
"""Of the best passage; the rest of the room is for what stands beside it."""

LINE_CHARS = 170
CALL_CHARS = 130
NEIGHBOURS = 6
NOTE_CHARS = 300


def about(best: Passage, others: Iterable[Page], *, language: Language, note: str = "") -> str:
    """Returns the best passage and a line for each of the others, the nearest first."""
    note = cut(note, NOTE_CHARS)
    lines = [_line(page, language) for page in list(others)[:NEIGHBOURS]]
    shown = cut(_told(best, language), BEST_CHARS if lines else ANSWER_CHARS - len(note) - 2, more=best.page.uri)
    room = ANSWER_CHARS - len(shown) - len(note) - len("\n\nSee also:\n") - 2
    kept = _fitting(lines, room)
    parts = [shown, "\n".join(["See also:", *kept]) if kept else "", note]
    return "\n\n".join(part for part in parts if part)


def listing(head: str, pages: Iterable[Page], *, language: Language, note: str = "") -> str:
    """Returns a heading and a line for each page, as many as there is room for."""
    head, note = cut(head, BEST_CHARS), cut(note, NOTE_CHARS)
    lines = _fitting([_line(page, language) for page in pages], ANSWER_CHARS - len(head) - len(note) - 4)
    return "\n\n".join(part for part in ["\n".join([head, *lines]), note] if part)


def cut(text: str, chars: int, *, more: str = "") -> str:
    """Returns the text, its end cut off between lines when it is longer, with a mark that says where the rest is."""
    if len(text) <= chars:
        return text
    mark = f"\n… more in {more}" if more else "…"
    room = max(0, chars - len(mark) - len("\n```"))
    kept = text[:room]
    whole = kept.rpartition("\n")[0]
    kept = whole if len(whole) * 2 > len(kept) else kept
    fence = "\n```" if kept.count("```") % 2 else ""
    return f"{kept}{fence}{mark}"[:chars]


def _told(best: Passage, language: Language) -> str:
    page = best.page
    sections = [passage.heading for passage in passages(page) if passage.heading]
    if not best.heading:
        return f"# {page.title} ({page.uri})\n{page.summary}\n\n{in_language(page.text, language)}".strip()
    rest = ", ".join(heading for heading in sections if heading != best.heading)
    told = f"# {best.title} ({page.uri})\n{in_language(best.text, language)}"
    return f"{told}\n\nAlso in this guide: {rest}." if rest else told


def _line(page: Page, language: Language) -> str:
    """Returns where a neighbour is and what it is; of a method, how it is called."""
    called = ""
    if page.kind == "method":
        example = blocks(page.text, language)[0].splitlines()[-1]
        called = f" `{example}`" if len(example) <= CALL_CHARS else ""
    return cut(f"- {page.uri}: {page.summary}", LINE_CHARS) + called


def _fitting(lines: Sequence[str], room: int) -> list[str]:
    kept: list[str] = []
    for line in lines:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return kept

"""Finds passages by words: SQLite's full-text search, ranked by BM25 over weighted columns."""

import difflib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flora_mcp.docs_search.page import Kind, Page, Passage, passages, without_code
from flora_mcp.docs_search.words import Question, all_words, apart, question_of, synonyms

WEIGHTS = "8.0, 6.0, 5.0, 2.0, 1.0"
"""Of name, title, words, summary and text."""

PREFERENCE: Mapping[Kind, float] = {"guide": 1.15, "method": 1.0, "action": 0.9, "technique": 0.8, "model": 0.7}
"""Of two that fit equally, whoever asks in words wants the guide; a model is asked for by its name."""

SYNONYM = 0.45
PHRASE = 0.6
GUESS = 0.7
"""What a synonym, two words in a row and a corrected word count, beside a word as it was asked for."""

NUMBER = 0.3
"""What a short number counts: how many are wanted tells nothing of how; but 429 does."""

FAR = 0.25
"""What scores less than so much of the best is not worth a line."""

LIKENESS = 0.8
SECTION = 0.8
"""What is left of a section's score: where the whole guide fits as well, its beginning is told."""

OLDER = 0.3
"""What is left of an older method's score: its successor says the same."""

_COLUMNS = "name, title, words, summary, body"


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A passage that fits, and how well."""

    passage: Passage
    score: float


class Index:
    """The pages, ready to be searched, from any thread but by one at a time."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._passages: list[Passage] = [passage for page in pages for passage in passages(page)]
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(
            # Without its own copy of the text: the passages have it.
            f"CREATE VIRTUAL TABLE passages USING fts5({_COLUMNS}, content='', "
            'tokenize="porter unicode61 remove_diacritics 2")'
        )
        self._database.executemany(
            f"INSERT INTO passages(rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names
            [(number, *_row(passage)) for number, passage in enumerate(self._passages)],
        )

    def search(self, question: str, *, most: int = 8) -> list[Hit]:
        """Returns the best passages, at most one of each page, the best first."""
        scores = self._scores(question_of(question))
        best: dict[str, Hit] = {}
        for number, score in scores.items():
            passage = self._passages[number]
            known = best.get(passage.page.uri)
            if known is None or score > known.score:
                best[passage.page.uri] = Hit(passage=passage, score=score)
        ranked = sorted(best.values(), key=lambda hit: (-hit.score, hit.passage.page.uri))
        return [hit for hit in ranked[:most] if hit.score >= FAR * ranked[0].score]

    def close(self) -> None:
        self._database.close()

    def _scores(self, question: Question) -> dict[int, float]:
        scores: dict[int, float] = {}
        matched: dict[int, int] = {}
        for word in question.words:
            found = self._word(word)
            for number, score in found.items():
                scores[number] = scores.get(number, 0.0) + score
                matched[number] = matched.get(number, 0) + 1
        for phrase in question.phrases:
            for number, score in self._match(f'"{phrase}"').items():
                scores[number] = scores.get(number, 0.0) + PHRASE * score
        # Who has all the words is better than who has one of them often.
        return {
            number: score * (0.5 + 0.5 * matched.get(number, 0) / len(question.words)) * self._preference(number)
            for number, score in scores.items()
        }

    def _word(self, word: str) -> dict[int, float]:
        weight = NUMBER if word.isdigit() and len(word) < 3 else 1.0
        found = {number: weight * score for number, score in self._match(f'"{word}"').items()}
        if not found:
            for guess in self._guesses(word):
                found.update({number: GUESS * score for number, score in self._match(guess).items()})
        for other in synonyms(word):
            for number, score in self._match(f'"{other}"').items():
                found[number] = max(found.get(number, 0.0), SYNONYM * score)
        return found

    def _match(self, expression: str) -> dict[int, float]:
        rows = self._database.execute(
            f"SELECT rowid, -bm25(passages, {WEIGHTS}) FROM passages WHERE passages MATCH ?",  # noqa: S608
            (expression,),
        )
        return dict(rows.fetchall())

    def _guesses(self, word: str) -> list[str]:
        """Returns what a word that nothing has could be: two words written as one, or a slip."""
        for cut in range(3, len(word) - 2):
            if word[:cut] in self._vocabulary and word[cut:] in self._vocabulary:
                return [f'"{word[:cut]} {word[cut:]}"']
        return [f'"{near}"' for near in difflib.get_close_matches(word, self._vocabulary, n=2, cutoff=LIKENESS)]

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """Every word that is written anywhere; most questions never need it."""
        return frozenset(word for passage in self._passages for word in all_words(" ".join(_row(passage))))

    def _preference(self, number: int) -> float:
        passage = self._passages[number]
        lead = SECTION if passage.heading else 1.0
        return PREFERENCE[passage.page.kind] * lead * (OLDER if passage.page.successor else 1.0)


def _row(passage: Passage) -> tuple[str, str, str, str, str]:
    """Returns what is searched, by column. Code says `client.workspaces.list` everywhere, so it tells nothing."""
    page = passage.page
    names = " ".join([page.name, *page.aliases])
    first = not passage.heading
    return (
        names,
        f"{page.title} {passage.heading}",
        apart(f"{page.words} {passage.words}" if first else passage.words),
        page.summary if first else "",
        apart(without_code(passage.text)),
    )

"""What a question asks for: its telling words, and the words that mean about the same."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

QUESTION_CHARS = 1_000
"""Of a longer question only the beginning is read."""

MOST_WORDS = 24
WORD_CHARS = 40

_WORD = re.compile(r"[^\W_]+")
_ENDINGS = (("s", ""), ("es", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("d", ""))
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

_SILENT = (
    "a about all allow allowed am an and any are as at be been but by can could did do does for from get give",
    "got had has have help here how i if in into is it its just like me my need of on one or our please should",
    "so some take taken takes tell that the their them then there these they this to use used using want was",
    "way we were what when where which who why will with would you your flora client api sdk docs",
    "documentation method function call example way",
)
SILENT = frozenset(" ".join(_SILENT).split())
"""Words that tell nothing here: they are in every question or on every page."""

ALIKE = (
    "image picture photo photograph img pic",
    "video movie clip animation animate motion",
    "audio sound music voice speech",
    "cost price spend charge money usd dollars cheap expensive bill pay budget credits",
    "delete remove",
    "upload import",
    "wait poll finish done complete ready status await",
    "error fail failure exception problem",
    "batch many bulk multiple several parallel concurrent concurrently csv rows loop",
    "resize upscale enlarge bigger larger scale upscaling",
    "webhook callback hook notify notification",
    "technique template preset pipeline",
    "canvas board graph diagram mermaid",
    "workflow technique canvas",
    "list find search",
    "retry again repeat resend",
    "idempotency duplicate twice",
    "cancel stop abort",
    "background backdrop cutout transparent",
    "color colour",
    "size resolution dimensions pixels width height",
    "ratio portrait landscape square format",
    "reference input source",
    "edit change modify alter",
    "download save",
    "output result",
    "throttle rate quota 429",
    "limit maximum max",
    "parameter params param option",
    "generate create start make",
    "crop cut trim",
    "flip mirror rotate",
    "logo watermark",
    "variation seed reproducible refine iterate improve",
    "caption describe judge",
    "javascript typescript js",
)
"""Each line: words of which one may stand for another."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What of a question is looked for."""

    words: tuple[str, ...]
    """The telling ones in their order, each once, in small letters."""
    phrases: tuple[str, ...]
    """Telling words that stand side by side, or with one silent word between them: `image to image`."""


def question_of(text: str) -> Question:
    """Reads a question; of a very long one, its beginning."""
    found = [word[:WORD_CHARS] for word in all_words(text[:QUESTION_CHARS])]
    telling = [word for word in found if word not in SILENT] or found
    kept = frozenset(telling)
    pairs = [f"{first} {second}" for first, second in pairwise(found) if {first, second} <= kept]
    bridges = [
        f"{first} {middle} {last}"
        for first, middle, last in zip(found, found[1:], found[2:], strict=False)
        if {first, last} <= kept and middle not in kept
    ]
    return Question(
        words=tuple(dict.fromkeys(telling))[:MOST_WORDS],
        phrases=tuple(dict.fromkeys([*pairs, *bridges]))[:MOST_WORDS],
    )


def all_words(text: str) -> list[str]:
    """Returns the words of a text in small letters; `listNodes` and `list_nodes` are two."""
    return [word.casefold() for word in _WORD.findall(apart(unicodedata.normalize("NFKC", text)))]


def apart(text: str) -> str:
    """Returns the text with `listNodes` as two words."""
    return _CAMEL.sub(" ", text)


def synonyms(word: str) -> frozenset[str]:
    """Returns the words that may stand for one, which may have an ending."""
    forms = [word, *(f"{word.removesuffix(end)}{tail}" for end, tail in _ENDINGS if word.endswith(end))]
    return next((SYNONYMS[form] for form in forms if form in SYNONYMS), frozenset())


def _alike() -> Mapping[str, frozenset[str]]:
    groups = [frozenset(line.split()) for line in ALIKE]
    words = {word for group in groups for word in group}
    return {word: frozenset().union(*(group for group in groups if word in group)) - {word} for word in words}


SYNONYMS: Mapping[str, frozenset[str]] = _alike()
"""The words that may stand for a word."""

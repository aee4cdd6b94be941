"""Names that a person recognises an output by."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime

WORDS_CHARACTERS = 48
WORDS_BYTES = 150
"""Most file systems end at 255 bytes for the whole name."""

_KEPT = "LMN"
"""Letters, marks and numbers, of any script; everything else becomes a dash."""


def stem(texts: Iterable[str | None], *, at: datetime) -> str:
    """Returns the day, where the computer stands, and the first text that has words: `2026-11-22-a-red-house`.

    Args:
        texts: The best first.
        at: An aware time.
    """
    day = at.astimezone().date().isoformat()
    return "-".join([day, next(filter(None, map(words, texts)), "output")])


def words(text: str | None) -> str:
    """Returns the beginning of a text in lower case, its words with dashes between them; empty if it has none."""
    plain = unicodedata.normalize("NFC", text or "").lower()
    kept = "".join(letter if unicodedata.category(letter)[0] in _KEPT else " " for letter in plain[:1000])
    chosen = ""
    for word in kept.split():
        longer = f"{chosen}-{word}" if chosen else word
        if len(longer) > WORDS_CHARACTERS or len(longer.encode()) > WORDS_BYTES:
            break
        chosen = longer
    return chosen or _cut("-".join(kept.split()))


def _cut(text: str) -> str:
    """Returns the beginning of a single word that is too long, as a language without spaces has."""
    return text[:WORDS_CHARACTERS].encode()[:WORDS_BYTES].decode("utf-8", "ignore")

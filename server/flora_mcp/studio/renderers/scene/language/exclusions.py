"""What a prompt does not want: `no clouds`, `without trees or cars`."""

from collections.abc import Sequence
from dataclasses import dataclass

from flora_mcp.studio.renderers.scene.language.phrases import Phrase


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """A negation and the words under it."""

    end: int
    """Index of the first phrase after it."""
    names: frozenset[str]
    """Nouns, settings, weathers and colours, by their names in the lexicon."""
    honoured: bool
    """False when it asks away what every picture has, or a part of a thing."""


def exclusion_at(phrases: Sequence[Phrase], at: int) -> Exclusion | None:
    """Returns the negation that begins at this phrase, if one does.

    It reaches over prepositions, articles and adjectives to the first noun, and over `or` and `and` to further ones.
    A word that means nothing to us is honoured too: nothing of it is ever drawn.
    """
    if not phrases[at].may_be("negation"):
        return None
    names: set[str] = set()
    honoured = True
    end = at + 1
    while end < len(phrases):
        end, found, drawn_anyway = _noun_phrase(phrases, end)
        names |= found
        honoured = honoured and not drawn_anyway
        following = phrases[end] if end < len(phrases) else None
        joined = following is not None and following.may_be("conjunction") and not following.starts_sentence
        if not joined or end + 1 >= len(phrases) or phrases[end + 1].may_be("determiner", "negation", "count"):
            break
        end += 1
    return Exclusion(end=end, names=frozenset(names), honoured=honoured and end > at + 1)


def _noun_phrase(phrases: Sequence[Phrase], at: int) -> tuple[int, set[str], bool]:
    names: set[str] = set()
    end = at
    while end < len(phrases) and phrases[end].may_be("determiner", "relation"):
        end += 1
    start = end
    while end < len(phrases):
        phrase = phrases[end]
        if phrase.after_pause and end > start:
            break
        if phrase.may_be("unavoidable", "part"):
            return end + 1, names, True
        head = phrase.sense("noun", "setting", "surface", "weather", "light")
        if head is not None:
            names |= {sense.value for sense in phrase.senses}
            return end + 1, names, False
        if phrase.senses and not phrase.may_be("colour", "tone", "material", "size", "mood"):
            break
        if phrase.may_be("colour"):
            names |= {sense.value for sense in phrase.senses}
        end += 1
    return end, names, False

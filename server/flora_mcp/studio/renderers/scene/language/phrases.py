"""Cuts a prompt into the longest phrases the lexicon knows."""

from dataclasses import dataclass
from itertools import pairwise

from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON, Kind, Sense, normal, word_spans

_PAUSES = frozenset(',;:.!?…\n()[]{}"“”«»—|')
_ENDS = frozenset(".!?…\n")
_DIGITS = 4
"""A longer number is as good as the largest of so many digits."""


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """One or more words of the prompt that mean something together, or one word that means nothing to us."""

    text: str
    """As written."""
    senses: tuple[Sense, ...]
    after_pause: bool
    """A comma or the like stands before it."""
    starts_sentence: bool

    def sense(self, *kinds: Kind) -> Sense | None:
        """Returns the phrase's first sense of one of these kinds."""
        return next((sense for sense in self.senses if sense.kind in kinds), None)

    def may_be(self, *kinds: Kind) -> bool:
        """Whether the phrase has a sense of one of these kinds."""
        return self.sense(*kinds) is not None


def spot(prompt: str) -> list[Phrase]:
    """Returns the phrases of a prompt in their order; every word is in exactly one."""
    spans = word_spans(prompt)
    words = [normal(prompt[start:end]) for start, end in spans]
    gaps = [prompt[before[1] : after[0]] for before, after in pairwise(spans)]
    pauses = [True, *(any(mark in _PAUSES for mark in gap) for gap in gaps)]
    ends = [True, *(any(mark in _ENDS for mark in gap) for gap in gaps)]
    phrases = []
    at = 0
    while at < len(words):
        length, senses = _longest(words, pauses, at)
        text = prompt[spans[at][0] : spans[at + length - 1][1]]
        phrases.append(Phrase(text=text, senses=senses, after_pause=pauses[at], starts_sentence=ends[at]))
        at += length
    return phrases


def _longest(words: list[str], pauses: list[bool], at: int) -> tuple[int, tuple[Sense, ...]]:
    reach = 1
    while reach < LEXICON.longest and at + reach < len(words) and not pauses[at + reach]:
        reach += 1
    for length in range(reach, 0, -1):
        senses = LEXICON.senses.get(tuple(words[at : at + length]))
        if senses is not None:
            return length, senses
    if words[at].isdecimal():
        return 1, (Sense(kind="count", value=str(int(words[at][:_DIGITS]))),)
    return 1, ()

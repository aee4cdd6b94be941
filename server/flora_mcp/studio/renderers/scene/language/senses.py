"""Chooses among the senses of a word by the words around it."""

from collections.abc import Sequence

from flora_mcp.studio.renderers.scene.language.lexicon import Kind, Sense
from flora_mcp.studio.renderers.scene.language.phrases import Phrase

_ADJECTIVES: tuple[Kind, ...] = ("colour", "tone", "material", "size", "count")
_HEADS: tuple[Kind, ...] = ("noun", "setting", "surface", "part", "light", "weather", "picture")
_FORESIGHT = 12
"""How many phrases ahead a noun may be: what keeps long prompts quick to read."""
_THINGS: tuple[Kind, ...] = ("noun", "surface", "setting", "part")


def leads_to_head(phrases: Sequence[Phrase], at: int, *, over_pause: bool = False) -> bool:
    """Whether the adjective at `at` has a noun to its right that it can belong to.

    Other adjectives may stand between, also joined by `and` or, with `over_pause`, by a comma; articles may not.
    """
    joined = False
    heads = _THINGS if over_pause else _HEADS
    for phrase in phrases[at + 1 : at + 1 + _FORESIGHT]:
        if phrase.starts_sentence or (phrase.after_pause and not over_pause):
            return False
        over_pause = over_pause and phrase.after_pause
        adjective = phrase.may_be(*_ADJECTIVES, "mood", "camera", "undrawn")
        if phrase.may_be(*heads) and not (joined and not adjective):
            return True
        if phrase.may_be("conjunction"):
            joined = True
            continue
        if not adjective and phrase.senses:
            return False
        joined = False
    return False


def resolve(phrases: Sequence[Phrase], at: int, *, on_top: bool, described: bool) -> Sense | None:
    """Returns the meaning of one phrase, or None if it has none here.

    Args:
        phrases: All phrases of the prompt.
        at: Which of them.
        on_top: The relation `on` waits for its noun, so that a table is furniture to put things on.
        described: A count or colour waits for its noun.
    """
    phrase = phrases[at]
    if not phrase.senses:
        return None
    if phrase.may_be("tone"):
        following = phrases[at + 1] if at + 1 < len(phrases) else None
        if following is not None and not following.after_pause and leads_to_head(phrases, at):
            return phrase.sense("tone")
        return phrase.sense("stop") or phrase.sense("tone")
    if len(phrase.senses) == 1:
        return phrase.senses[0]
    if phrase.may_be("colour", "material") and phrase.may_be(*_THINGS):
        return _adjective_or_thing(phrases, at, on_top=on_top)
    if phrase.may_be("noun") and phrase.may_be("surface"):
        return phrase.sense("surface" if on_top else "noun")
    if phrase.may_be("noun") and phrase.may_be("weather"):
        return phrase.sense("noun" if described else "weather")
    if phrase.may_be("noun") and phrase.may_be("stop"):
        before = phrases[at - 1] if at else None
        named = before is not None and before.may_be("determiner", *_ADJECTIVES)
        return phrase.sense("noun" if named else "stop")
    if phrase.may_be("colour") and phrase.may_be("material"):
        return phrase.sense("colour" if _in_a_list_of_colours(phrases, at) else "material")
    return phrase.sense("relation", "picture", "arrangement") or phrase.senses[0]


def _adjective_or_thing(phrases: Sequence[Phrase], at: int, *, on_top: bool) -> Sense | None:
    phrase = phrases[at]
    if leads_to_head(phrases, at):
        return phrase.sense("colour", "material")
    start = at - 1
    while start > 0 and phrases[start].may_be("colour", "tone"):
        start -= 1
    before = phrases[start] if start >= 0 else None
    if before is not None and before.may_be("material_of"):
        if phrase.may_be("material") and not any(sense.plural for sense in phrase.senses):
            return phrase.sense("material")
        if (
            start == at - 1
            and before.text.casefold() == "in"
            and phrase.may_be("colour")
            and not phrase.may_be("setting")
        ):
            return phrase.sense("colour")
    if on_top and phrase.may_be("surface"):
        return phrase.sense("surface")
    return phrase.sense(*_THINGS)


def _in_a_list_of_colours(phrases: Sequence[Phrase], at: int) -> bool:
    if at >= 2 and phrases[at - 1].may_be("conjunction") and phrases[at - 2].may_be("colour"):
        return True
    following = phrases[at + 1 : at + 3]
    return len(following) == 2 and following[0].may_be("conjunction") and following[1].may_be("colour")

"""The words the model understands, read once from the two tables beside this module."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, get_args

from flora_mcp.studio.renderers.scene.graph import Colour, Material, Setting

Kind = Literal[
    "noun",
    "colour",
    "tone",
    "material",
    "size",
    "count",
    "light",
    "weather",
    "camera",
    "mood",
    "setting",
    "surface",
    "part",
    "picture",
    "relation",
    "arrangement",
    "determiner",
    "negation",
    "conjunction",
    "material_of",
    "unavoidable",
    "undrawn",
    "stop",
]
"""What a word can be."""

Home = Literal["tabletop", "room", "land", "water", "sky"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|&")
_IRREGULAR = {"shelf": "shelves", "leaf": "leaves", "loaf": "loaves"}


@dataclass(frozen=True, kw_only=True)
class Noun:
    """One thing that can be drawn."""

    name: str
    """Singular, as the alt text says it."""
    shape: str
    """Its key in the renderer."""
    words: tuple[str, ...]
    """Its name and synonyms, in the singular."""
    plurals: tuple[str, ...]
    home: Home
    """What it stands on when the prompt does not say."""
    settings: tuple[Setting, ...] = ()
    """Where it may be when the prompt does not say; the seed chooses."""
    seat: float = 1.0
    """The part of its height at which another thing rests on it."""
    hollow: bool = False
    """Whether another thing may stand in it."""
    turns: tuple[float, float] | None = None
    """Least and most degrees it is turned from the viewer, to either side."""
    reversible: bool = False
    """Whether it looks as good from behind: then its handle may be at either side."""
    parts: tuple[str, ...] = ()
    """Its parts that can have a colour of their own."""
    main_parts: tuple[str, ...] = ()
    """Its parts that have its own colour."""

    @property
    def plural(self) -> str:
        """The plural of the name."""
        return self.plurals[0] if self.plurals else plural_of(self.name)


@dataclass(frozen=True, kw_only=True)
class Substance:
    """What a material word stands for."""

    name: str
    """As the alt text says it."""
    material: Material
    """As the renderer knows it."""
    colour: str | None = None
    """A colour that comes with it, like the brown of walnut."""


@dataclass(frozen=True, kw_only=True)
class Sense:
    """One meaning of a phrase."""

    kind: Kind
    value: str
    plural: bool = False
    nearest: bool = False
    """The word means something that is not drawn itself; this is the nearest that is."""


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """All words, by their lower-case parts."""

    nouns: Mapping[str, Noun]
    colours: Mapping[str, Colour]
    substances: Mapping[str, Substance]
    senses: Mapping[tuple[str, ...], tuple[Sense, ...]]
    setting_colours: Mapping[str, frozenset[str]]
    """Colours that a setting has anyway."""
    longest: int
    """The number of parts of the longest phrase."""


def word_spans(text: str) -> list[tuple[int, int]]:
    """Returns where the words of a text begin and end; hyphens and slashes separate words."""
    return [match.span() for match in _WORD.finditer(text)]


def normal(word: str) -> str:
    """Returns the form of a single word under which the lexicon keeps it."""
    return word.casefold().replace("'", "").replace("’", "")


def plural_of(phrase: str) -> str:
    """Returns the regular plural of a noun phrase; in `cup of tea` it is the cup that becomes many."""
    head, of, rest = phrase.partition(" of ")
    start, space, word = head.rpartition(" ")
    if word in _IRREGULAR:
        word = _IRREGULAR[word]
    elif re.search(r"[^aeiou]y$", word):
        word = word[:-1] + "ies"
    elif re.search(r"(s|x|z|ch|sh)$", word):
        word += "es"
    else:
        word += "s"
    return start + space + word + of + rest


def _parts(phrase: str) -> tuple[str, ...]:
    return tuple(normal(phrase[start:end]) for start, end in word_spans(phrase))


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _nouns() -> dict[str, Noun]:
    found = {}
    for name, entry in _table("nouns.toml").items():
        words = (name, *entry.get("words", ()))
        plurals = tuple(entry.get("plurals", ()))
        found[name] = Noun(
            name=name,
            shape=entry.get("shape", name.replace(" ", "_")),
            words=words,
            plurals=plurals,
            home=entry["home"],
            settings=tuple(entry.get("settings", ())),
            seat=entry.get("seat", 1.0),
            hollow=entry.get("hollow", False),
            reversible=entry.get("reversible", False),
            turns=tuple(entry["turns"]) if "turns" in entry else None,
            parts=tuple(entry.get("parts", ())),
            main_parts=tuple(entry.get("main_parts", ())),
        )
    return found


def _colour(code: str) -> Colour:
    red, green, blue = (int(code[i : i + 2], 16) / 255.0 for i in (1, 3, 5))
    return red, green, blue


def _substances(words: dict[str, Any]) -> dict[str, Substance]:
    return {
        name: Substance(name=name, material=entry.get("as", name), colour=entry.get("colour"))
        for name, entry in words["materials"].items()
    }


_SECTIONS: Mapping[str, Kind] = {
    "tones": "tone",
    "sizes": "size",
    "counts": "count",
    "lights": "light",
    "weather": "weather",
    "camera": "camera",
    "moods": "mood",
    "settings": "setting",
    "surfaces": "surface",
    "parts": "part",
    "pictures": "picture",
    "relations": "relation",
    "arrangements": "arrangement",
    "nearest_settings": "setting",
    "undrawn": "undrawn",
}
_WITH_PLURAL: frozenset[Kind] = frozenset({"light", "setting", "surface", "part", "picture"})


def _entries(words: dict[str, Any], nouns: Iterable[Noun]) -> Iterable[tuple[str, Sense]]:
    for noun in nouns:
        for word in noun.words:
            yield word, Sense(kind="noun", value=noun.name)
            yield plural_of(word), Sense(kind="noun", value=noun.name, plural=True)
        for word in noun.plurals:
            yield word, Sense(kind="noun", value=noun.name, plural=True)
    for name in words["colours"]:
        yield name, Sense(kind="colour", value=name)
    for word, name in words["colour_synonyms"].items():
        yield word, Sense(kind="colour", value=name)
    for name, entry in words["materials"].items():
        for word in entry["words"]:
            yield word, Sense(kind="material", value=name)
    for section, kind in _SECTIONS.items():
        for name, phrases in words[section].items():
            for word in phrases:
                nearest = section.startswith("nearest")
                yield word, Sense(kind=kind, value=name, nearest=nearest)
                if kind in _WITH_PLURAL:
                    yield plural_of(word), Sense(kind=kind, value=name, plural=True, nearest=nearest)
    for kind, phrases in words["grammar"].items():
        assert kind in get_args(Kind)
        for word in phrases:
            yield word, Sense(kind=kind, value=kind)


def _load() -> Lexicon:
    words = _table("words.toml")
    nouns = _nouns()
    senses: dict[tuple[str, ...], tuple[Sense, ...]] = {}
    for phrase, sense in _entries(words, nouns.values()):
        known = senses.get(_parts(phrase), ())
        if all((sense.kind, sense.value) != (other.kind, other.value) for other in known):
            senses[_parts(phrase)] = (*known, sense)
    return Lexicon(
        nouns=nouns,
        colours={name: _colour(code) for name, code in words["colours"].items()},
        substances=_substances(words),
        senses=senses,
        setting_colours={name: frozenset(colours) for name, colours in words["setting_colours"].items()},
        longest=max(len(parts) for parts in senses),
    )


LEXICON = _load()
"""Every word of the model."""

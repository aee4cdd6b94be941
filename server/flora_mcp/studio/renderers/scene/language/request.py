"""What a prompt asks for, before anything is placed or chosen."""

from dataclasses import dataclass
from typing import Literal

from flora_mcp.studio.renderers.scene.graph import LightName, Mood, Setting
from flora_mcp.studio.renderers.scene.language.lexicon import Noun

ClaimKind = Literal["setting", "backdrop", "ground", "light", "product", "weather", "camera", "mood", "gloom"]
"""What about the picture as a whole a phrase can ask for."""


@dataclass(frozen=True, kw_only=True)
class Shade:
    """A colour as asked for; without a name the tone changes whatever colour the thing gets."""

    name: str | None = None
    tone: str | None = None
    """`light`, `dark`, `bright` or nothing."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """Where a thing is, told by another thing."""

    relation: str
    to: int
    """Index of the other wish."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One noun of the prompt and all that is said about it."""

    noun: Noun
    count: int
    shades: tuple[Shade, ...] = ()
    """Dealt out in turn when there are more things than shades."""
    substance: str | None = None
    accent: Shade | None = None
    part: str = ""
    """What has the accent, as the prompt calls it."""
    size: str | None = None
    arrangement: str | None = None
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A piece of furniture or cloth that the prompt puts things on."""

    kind: str
    """`table`, `pedestal` or `cloth`."""
    word: str
    """As the prompt calls it."""
    shade: Shade | None = None
    substance: str | None = None


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a phrase asks of the picture as a whole; whether it is drawn is known when the scene is."""

    kind: ClaimKind
    value: str


@dataclass(frozen=True, kw_only=True)
class Request:
    """A whole prompt."""

    wishes: tuple[Wish, ...] = ()
    ground: Ground | None = None
    settings: tuple[Setting, ...] = ()
    """In the order of the prompt; the first is the scene, others may only lend things to it."""
    flying: bool = False
    """The things are up in the sky."""
    light: LightName | None = None
    product: bool = False
    """A picture of one thing for its own sake, as in a catalogue."""
    weather: frozenset[str] = frozenset()
    camera: frozenset[str] = frozenset()
    mood: Mood | None = None
    gloomy: bool = False
    """The surroundings are called dark."""
    moon: bool = False
    """The moon is in the sky of the setting, not among the things."""
    sun: bool = False
    """So is the sun."""
    backdrop: Shade | None = None
    palette: tuple[Shade, ...] = ()
    """Colours that no thing was named for."""
    excluded: frozenset[str] = frozenset()
    """Nouns, settings, weathers and colours that must not appear."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One phrase of the prompt that is worth a report."""

    text: str
    understood: bool
    claims: tuple[Claim, ...] = ()
    """What it asks of the picture; it counts as recognised if any of that is drawn."""


@dataclass(frozen=True, kw_only=True)
class Understanding:
    """A request, and the phrases that made it."""

    request: Request
    heard: tuple[Heard, ...]

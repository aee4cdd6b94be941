"""Adjectives waiting for the noun they belong to."""

from dataclasses import dataclass, field

from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON, Sense
from flora_mcp.studio.renderers.scene.language.request import Shade


@dataclass(kw_only=True)
class Adjectives:
    """What has been said since the last noun, and by which phrases."""

    count: int | None = None
    shades: list[Shade] = field(default_factory=list)
    tone: str | None = None
    substance: str | None = None
    size: str | None = None
    arrangement: str | None = None
    blocked: bool = False
    """A word we do not know came last: they may belong to that."""
    places: list[int] = field(default_factory=list)
    """Indices of the phrases."""
    counted_at: int | None = None
    """Index of the phrase with the count."""
    made_at: int | None = None
    """Index of the phrase with the material."""
    arranged_at: int | None = None
    """Index of the phrase with the arrangement."""
    shaded_at: list[int] = field(default_factory=list)
    """Indices of the phrases of the shades."""

    def __bool__(self) -> bool:
        return bool(self.places)

    def add(self, sense: Sense, at: int) -> None:
        """Takes one more adjective; of two materials or sizes the last one counts, as in `wooden oak table`."""
        self.places.append(at)
        self.blocked = False
        match sense.kind:
            case "colour":
                self.shades.append(Shade(name=sense.value, tone=self.tone))
                self.shaded_at.append(at)
                self.tone = None
            case "tone":
                self.tone = sense.value
            case "material":
                self._make_of(sense.value, at)
            case "size":
                self.size = sense.value
            case "count":
                self.count, self.counted_at = int(sense.value), at
            case _:
                self.arrangement, self.arranged_at = sense.value, at

    def _make_of(self, substance: str, at: int) -> None:
        """Takes a material; one before it stays in force as a word only if both are the same to the eye."""
        known = LEXICON.substances
        if self.substance is not None and known[self.substance].material != known[substance].material:
            assert self.made_at is not None
            self.places.remove(self.made_at)
        self.substance, self.made_at = substance, at

    def drop_count(self) -> int | None:
        """Forgets the count and returns the index of its phrase."""
        at, self.count, self.counted_at = self.counted_at, None, None
        if at is not None:
            self.places.remove(at)
        return at

    def all_shades(self) -> list[Shade]:
        """Returns the colours, or the bare tone if that is all there is."""
        if self.tone is not None:
            return [*self.shades, Shade(tone=self.tone)]
        return list(self.shades)

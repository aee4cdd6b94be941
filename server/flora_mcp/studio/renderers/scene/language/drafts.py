"""The things a prompt names, as they grow while it is read, and how they hang together."""

from dataclasses import dataclass, field

from flora_mcp.studio.renderers.scene.language.adjectives import Adjectives
from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON, Noun
from flora_mcp.studio.renderers.scene.language.request import Link, Shade, Wish
from flora_mcp.studio.renderers.scene.shapes import SHAPES

MOST_THINGS = 20
"""A larger count is drawn as this many."""

_DEFAULT_COUNTS = {"row": 5, "circle": 6, "stack": 3}
_GROWING = frozenset({"tree", "pine tree", "palm tree", "flower", "bush", "mushroom"})
_SERVED = frozenset(
    {"apple", "orange", "lemon", "pear", "banana", "cherry", "egg", "flower", "plant", "donut", "ball", "cactus"}
)
"""What `a bowl of` or `a vase with` has inside, not beside."""


@dataclass(kw_only=True)
class Draft:
    """One noun of the prompt so far."""

    noun: Noun
    plural: bool
    count: int | None = None
    shades: list[Shade] = field(default_factory=list)
    substance: str | None = None
    accent: Shade | None = None
    part: str = ""
    size: str | None = None
    arrangement: str | None = None
    links: list[Link] = field(default_factory=list)
    counted_at: int | None = None
    """Index of the phrase with the count; the next three are those of its material, arrangement and shades."""
    made_at: int | None = None
    arranged_at: int | None = None
    shaded_at: list[int] = field(default_factory=list)

    def take(self, adjectives: Adjectives) -> None:
        """Takes over adjectives; what they leave open stays as it is."""
        self.shades.extend(adjectives.all_shades())
        self.shaded_at.extend(adjectives.shaded_at)
        if adjectives.count is not None:
            self.count, self.counted_at = adjectives.count, adjectives.counted_at
        if adjectives.substance is not None:
            self.substance, self.made_at = adjectives.substance, adjectives.made_at
        self.size = adjectives.size or self.size
        if adjectives.arrangement is not None:
            self.arrangement, self.arranged_at = adjectives.arrangement, adjectives.arranged_at

    def take_several(self, lots: list[Adjectives]) -> None:
        """Takes over the adjectives of `one red and two blue balls`: the counts add up, the shades are dealt out."""
        for adjectives in lots:
            self.take(adjectives)
        self.count = sum(adjectives.count or 1 for adjectives in lots)
        self.shades = [
            shade
            for adjectives in lots
            for shade in (adjectives.all_shades()[:1] or [Shade()]) * min(adjectives.count or 1, MOST_THINGS)
        ]

    def unseen(self) -> list[int]:
        """Drops what its shape cannot show, and returns the indices of the phrases that asked for it."""
        shape, unseen = SHAPES[self.noun.shape], []
        if self.made_at is not None and not any(part.slot == "body" and part.material is None for part in shape.parts):
            if self.substance in LEXICON.colours and not self.shades:
                self.shades.append(Shade(name=self.substance))
            else:
                unseen.append(self.made_at)
            self.substance = None
        one = self.count == 1 or (self.count is None and not self.plural)
        if self.arranged_at is not None and one and self.arrangement in ("row", "circle"):
            self.arrangement = None
            unseen.append(self.arranged_at)
        if self.counted_at is not None and (self.count or 0) > MOST_THINGS:
            unseen.append(self.counted_at)
        colours = self.wish().count + any(part.slot == "accent" for part in shape.parts)
        if len(self.shaded_at) == len(self.shades) > colours:
            unseen.extend(self.shaded_at[colours:])
        return unseen

    def wish(self) -> Wish:
        """Returns the finished wish."""
        count = self.count
        if count is None:
            count = self._usual() if self.plural else 1
        if count == 1 and self.arrangement == "stack":
            count = 3
        return Wish(
            noun=self.noun,
            count=max(1, min(count, MOST_THINGS)),
            shades=tuple(self.shades),
            substance=self.substance,
            accent=self.accent,
            part=self.part,
            size=self.size,
            arrangement=self.arrangement,
            links=tuple(self.links),
        )

    def _usual(self) -> int:
        """Returns how many a bare plural means."""
        if any(link.relation == "around" for link in self.links):
            return _DEFAULT_COUNTS["circle"]
        return _DEFAULT_COUNTS.get(self.arrangement or "", 5 if self.noun.name in _GROWING else 3)


class Drafts:
    """All things so far; relations tie the ones named last to the ones named next."""

    def __init__(self) -> None:
        self.all: list[Draft] = []
        self.relation: str | None = None
        """The relation that waits for its second noun."""
        self._group: list[int] = []
        self._fronted: Link | None = None
        self._enclosed: list[int] = []
        """The things that stand between the one named last and perhaps the next one."""

    @property
    def last(self) -> Draft | None:
        """The thing named last, which later words may still describe."""
        return self.all[-1] if self.all else None

    def end_clause(self) -> None:
        """Closes a sentence: relations do not reach over its end, the things stay."""
        self.relation = None
        self._fronted = None
        self._group = []
        self._enclosed = []

    def add(self, draft: Draft, *, after_of: bool) -> bool:
        """Adds a thing and returns whether the waiting relation tied it to another one."""
        new = len(self.all)
        self.all.append(draft)
        relation, self.relation = self.relation, None
        enclosed, self._enclosed = self._enclosed, []
        if relation is None and enclosed:
            for subject in enclosed:
                self.all[subject].links.append(Link(relation="between", to=new))
            self._group.append(new)
            return True
        holder = self._group[-1] if self._group else None
        if holder is not None and self._is_inside(draft, relation=relation, holder=holder, after_of=after_of):
            draft.links.append(Link(relation="in", to=holder))
            return True
        if relation is None:
            if self._fronted is not None:
                draft.links.append(self._fronted)
                self._fronted = None
            self._group.append(new)
            return False
        if not self._group:
            self._fronted = Link(relation=relation, to=new)
            return False
        if holder is not None and relation == "with" and self.all[holder].noun.name == "island":
            draft.links.append(Link(relation="on", to=holder))
            return True
        if holder is not None and relation == "ringed":
            draft.links.append(Link(relation="around", to=holder))
            return True
        for subject in self._group:
            link = Link(relation="beside" if relation == "with" else relation, to=new)
            self.all[subject].links.append(link)
        if relation == "between" and draft.count in (None, 1) and not draft.plural:
            self._enclosed = self._group
        self._group = [new]
        return True

    def _is_inside(self, draft: Draft, *, relation: str | None, holder: int, after_of: bool) -> bool:
        if relation == "holding":
            return True
        if not self.all[holder].noun.hollow or draft.noun.name not in _SERVED:
            return False
        return relation == "with" or (relation is None and after_of)

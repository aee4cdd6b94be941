"""Reads the phrases of a prompt into a request: what belongs to what."""

from dataclasses import replace
from typing import Literal, cast

from flora_mcp.studio.renderers.scene.graph import LightName, Mood, Setting
from flora_mcp.studio.renderers.scene.language.adjectives import Adjectives
from flora_mcp.studio.renderers.scene.language.drafts import Draft, Drafts
from flora_mcp.studio.renderers.scene.language.exclusions import Exclusion, exclusion_at
from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON, Sense, plural_of
from flora_mcp.studio.renderers.scene.language.phrases import Phrase, spot
from flora_mcp.studio.renderers.scene.language.request import Claim, ClaimKind, Ground, Heard, Request, Understanding
from flora_mcp.studio.renderers.scene.language.senses import leads_to_head, resolve

_Mark = Literal["recognised", "ignored", "silent"]
_SMALL_WORDS = frozenset({"on", "in", "by", "with", "near", "over", "into"})
"""Relations that are no news in a list of recognised words."""
_ALOFT = ("flying", "hovering", "floating above")
_PICTURES = ("shot", "photo", "photograph", "render", "packshot", "photography")


def understand(prompt: str) -> Understanding:
    """Returns what a prompt asks for; no text is an error."""
    reader = _Reader(phrases=spot(prompt))
    reader.read()
    heard = (
        Heard(text=text, understood=mark == "recognised", claims=tuple(reader.claims.get(at, ())))
        for at, (mark, text) in enumerate(zip(reader.marks, reader.texts, strict=True))
        if mark != "silent"
    )
    return Understanding(request=reader.request(), heard=tuple(heard))


class _Reader:
    def __init__(self, *, phrases: list[Phrase]) -> None:
        self.phrases = phrases
        self.texts = [phrase.text for phrase in phrases]
        self.marks: list[_Mark] = ["ignored"] * len(phrases)
        self.drafts = Drafts()
        self.pending = Adjectives()
        self.elliptic: list[Adjectives] = []
        """Adjectives whose noun comes later, as in `a red and a blue ball`."""
        self.found = Request()
        self.lights: list[tuple[LightName, int]] = []
        self.excluded: set[str] = set()
        self.claims: dict[int, list[Claim]] = {}
        """What phrases ask of the picture as a whole, by their indices."""
        self.grounded_at: list[int] = []
        """Indices of the phrases that describe the ground."""
        self.after_setting = False
        """The last head was a setting: what comes after belongs to it."""

    def request(self) -> Request:
        wishes = tuple(draft.wish() for draft in self.drafts.all)
        light = self.found.light or ("night" if "stars" in self.found.weather else None)
        return replace(self.found, wishes=wishes, light=light, excluded=frozenset(self.excluded))

    def read(self) -> None:
        at = 0
        while at < len(self.phrases):
            phrase = self.phrases[at]
            if phrase.starts_sentence:
                self._end_clause()
            elif phrase.after_pause and not leads_to_head(self.phrases, at - 1, over_pause=True):
                self._flush()
            exclusion = exclusion_at(self.phrases, at)
            if exclusion is None:
                on_top = self.drafts.relation == "on"
                self._take(at, resolve(self.phrases, at, on_top=on_top, described=bool(self.pending)))
                at += 1
            else:
                self._exclude(at, exclusion)
                at = exclusion.end
        self._end_clause()
        self._settle_light()
        for draft in self.drafts.all:
            for at in draft.unseen():
                self.marks[at] = "ignored"

    def _take(self, at: int, sense: Sense | None) -> None:
        if sense is None:
            self.pending.blocked = bool(self.pending)
            return
        match sense.kind:
            case "noun":
                self._take_noun(at, sense)
            case "colour" | "tone" | "material" | "size" | "count" | "arrangement":
                self._take_adjective(at, sense)
            case "setting":
                self._take_setting(at, sense)
            case "surface":
                self._take_surface(at, sense)
            case "part":
                self._take_part(at)
            case "light" | "weather" | "camera" | "mood":
                self._take_manner(at, sense)
            case "picture":
                self._take_picture(at)
            case "relation":
                self._take_relation(at, sense)
            case "conjunction":
                self._take_conjunction(at)
            case "determiner":
                self.marks[at] = "silent"
                self._flush()
            case "undrawn":
                pass
            case _:
                self.marks[at] = "silent"

    def _take_noun(self, at: int, sense: Sense) -> None:
        self.after_setting = False
        draft = Draft(noun=LEXICON.nouns[sense.value], plural=sense.plural)
        lots = [*self.elliptic, self.pending]
        if self.elliptic:
            draft.take_several(lots)
        else:
            draft.take(self.pending)
        for adjectives in lots:
            self._mark(adjectives)
        self.elliptic, self.pending = [], Adjectives()
        self.marks[at] = "recognised"
        relation_at = self._last_relation(at)
        tied = self.drafts.add(draft, after_of=self._follows_of(at))
        if tied and relation_at is not None and self.texts[relation_at].casefold() not in _SMALL_WORDS:
            self.marks[relation_at] = "recognised"

    def _last_relation(self, at: int) -> int | None:
        if self.drafts.relation is None:
            return None
        return next((i for i in range(at - 1, -1, -1) if self.phrases[i].may_be("relation")), None)

    def _follows_of(self, at: int) -> bool:
        before = at - 1
        while before > 0 and self.phrases[before].may_be("colour", "count", "size", "material", "tone", "determiner"):
            before -= 1
        return before > 0 and self.texts[before].casefold() == "of"

    def _take_adjective(self, at: int, sense: Sense) -> None:
        if sense.value == "back" and self.after_setting:
            self.marks[at] = "silent"
            return
        if sense.kind == "material" and self.drafts.relation == "on" and not leads_to_head(self.phrases, at):
            self._lay(Ground(kind="table", word="surface", substance=sense.value), at)
            return
        self.pending.add(sense, at)
        if sense.kind == "arrangement" and not self.texts[at].casefold().endswith(" of"):
            self._flush()

    def _take_setting(self, at: int, sense: Sense) -> None:
        if sense.value == "studio" and self.pending.all_shades():
            self.found = replace(self.found, backdrop=self.pending.all_shades()[0])
            self._mark(self.pending, Claim(kind="backdrop", value=sense.value))
            self._claim(at, "backdrop", sense.value)
        relation_at = self._last_relation(at)
        aloft = relation_at is not None and self.texts[relation_at].casefold().startswith(_ALOFT)
        if sense.value == "sky" or aloft:
            self.found = replace(self.found, flying=True)
        natural = LEXICON.setting_colours.get(sense.value, frozenset())
        if self.pending.shades and {shade.name for shade in self.pending.shades} <= natural:
            self._mark(self.pending, Claim(kind="setting", value=sense.value))
        if self.pending.tone == "dark":
            self.found = replace(self.found, gloomy=True)
            self._mark(self.pending, Claim(kind="gloom", value="moody"))
        if sense.value != "sky":
            settings = (*self.found.settings, cast(Setting, sense.value))
            self.found = replace(self.found, settings=tuple(dict.fromkeys(settings)))
        self.marks[at] = "ignored" if sense.nearest else "recognised"
        self._claim(at, "setting", sense.value)
        self.pending = Adjectives()
        self.drafts.relation = None
        self.after_setting = True

    def _take_surface(self, at: int, sense: Sense) -> None:
        shades = self.pending.all_shades()
        ground = Ground(
            kind=sense.value,
            word=" ".join(self.texts[at].casefold().split()),
            shade=shades[0] if shades else None,
            substance=self.pending.substance,
        )
        self._lay(ground, at)

    def _lay(self, ground: Ground, at: int) -> None:
        """Makes this the ground; one named before it is not drawn."""
        for earlier in self.grounded_at:
            self.marks[earlier] = "ignored"
        self.grounded_at = [*self.pending.places, at]
        self._mark(self.pending, Claim(kind="ground", value=ground.kind))
        if self.pending.counted_at is not None:
            self.marks[self.pending.counted_at] = "silent"
        self.found = replace(self.found, ground=ground)
        self.marks[at] = "recognised"
        self._claim(at, "ground", ground.kind)
        self.pending = Adjectives()
        self.drafts.relation = None

    def _take_part(self, at: int) -> None:
        shades, draft = self.pending.all_shades(), self.drafts.last
        text = self.texts[at].casefold()
        if draft is not None and shades and any(text in (part, plural_of(part)) for part in draft.noun.parts):
            draft.accent, draft.part = shades[0], text
            self._mark(self.pending)
            self.marks[at] = "recognised"
        elif draft is not None and any(text in (part, plural_of(part)) for part in draft.noun.main_parts):
            draft.take(self.pending)
            self._mark(self.pending)
            self.marks[at] = "recognised" if shades else "ignored"
        self.pending = Adjectives()
        self.drafts.relation = None

    def _take_manner(self, at: int, sense: Sense) -> None:
        self.marks[at] = "recognised"
        found = self.found
        match sense.kind:
            case "light":
                self.lights.append((cast(LightName, sense.value), at))
                self._claim(at, "light", sense.value)
                if self.texts[at].casefold().rstrip("s").endswith(_PICTURES):
                    self._drop_count()
                    self.found = replace(found, product=True)
                    self._claim(at, "product", sense.value)
            case "weather":
                self.found = replace(found, weather=found.weather | {sense.value})
                self._claim(at, "weather", sense.value)
            case "camera":
                self.found = replace(found, camera=found.camera | {sense.value})
                self._claim(at, "camera", sense.value)
            case _:
                self._claim(at, "mood", sense.value)
                if found.mood is not None and found.mood != sense.value:
                    self.marks[at] = "ignored"
                else:
                    self.found = replace(found, mood=cast(Mood, sense.value))
        if not leads_to_head(self.phrases, at):
            self.drafts.relation = None
            if sense.kind in ("light", "weather"):
                self.pending = Adjectives()

    def _take_picture(self, at: int) -> None:
        self._drop_count()
        self.pending = Adjectives()
        self.marks[at] = "silent"

    def _drop_count(self) -> None:
        counted_at = self.pending.drop_count()
        if counted_at is not None:
            self.marks[counted_at] = "silent"

    def _take_relation(self, at: int, sense: Sense) -> None:
        self.marks[at] = "silent"
        self._flush()
        self.drafts.relation = sense.value

    def _take_conjunction(self, at: int) -> None:
        self.marks[at] = "silent"
        following = self.phrases[at + 1] if at + 1 < len(self.phrases) else None
        if following is None or not self.pending:
            return
        before = self.phrases[max(min(self.pending.places) - 1, 0)]
        told_later = before.may_be("material_of") or before.text.casefold() in ("is", "are")
        if told_later or self.pending.blocked:
            return
        if following.may_be("determiner", "count") and leads_to_head(self.phrases, at + 1):
            self.elliptic.append(self.pending)
            self.pending = Adjectives()

    def _exclude(self, at: int, exclusion: Exclusion) -> None:
        self._flush()
        self.marks[at : exclusion.end] = ["silent"] * (exclusion.end - at)
        self.marks[at] = "recognised" if exclusion.honoured else "ignored"
        self.texts[at] = " ".join(self.texts[at : exclusion.end])
        if exclusion.honoured:
            self.excluded |= exclusion.names

    def _flush(self) -> None:
        """Gives adjectives that met no noun to the thing before them, or to the palette if there is none."""
        pending, self.pending = self.pending, Adjectives()
        if not pending or pending.blocked:
            return
        draft = self.drafts.last
        if draft is None or self._speaks_of_several(pending):
            # A landscape without things has nothing to paint in a colour that belongs to no noun.
            if pending.shades and not (draft is None and self.found.settings):
                self.found = replace(self.found, palette=(*self.found.palette, *pending.shades))
                self._mark(pending)
            return
        draft.take(pending)
        self._mark(pending)
        if pending.counted_at is not None:
            self.marks[pending.counted_at] = "ignored"

    def _speaks_of_several(self, pending: Adjectives) -> bool:
        """Whether these are the colours of `spheres and cubes in teal and pink`."""
        bare = [draft for draft in self.drafts.all if not draft.shades]
        return len(pending.shades) > 1 and len(bare) > 1

    def _end_clause(self) -> None:
        self._flush()
        for adjectives in self.elliptic:
            self.pending = adjectives
            self._flush()
        self.elliptic = []
        self.drafts.end_clause()

    def _mark(self, adjectives: Adjectives, *claims: Claim) -> None:
        for at in adjectives.places:
            self.marks[at] = "recognised"
            self.claims.setdefault(at, []).extend(claims)

    def _claim(self, at: int, kind: ClaimKind, value: str) -> None:
        self.claims.setdefault(at, []).append(Claim(kind=kind, value=value))

    def _settle_light(self) -> None:
        """A light that is named wins over the one of a product shot; of several the first one counts."""
        named = [(name, at) for name, at in self.lights if name != "studio"] or self.lights
        if not named:
            return
        self.found = replace(self.found, light=named[0][0])
        for name, at in self.lights:
            if name != named[0][0] and not (name == "studio" and self.found.product):
                self.marks[at] = "ignored"

"""Says in one sentence of plain English what a scene shows."""

from math import gcd

from flora_mcp.studio.renderers.scene.graph import INDOORS, LightName, Setting, Thing
from flora_mcp.studio.renderers.scene.language.composition import Composition
from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON
from flora_mcp.studio.renderers.scene.language.palettes import name_of, words_for
from flora_mcp.studio.renderers.scene.language.request import Claim, Wish
from flora_mcp.studio.renderers.scene.language.verdicts import is_drawn
from flora_mcp.studio.renderers.scene.shapes import SHAPES

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_PLACES: dict[Setting, str] = {
    "table": "on a table",
    "studio": "in a studio",
    "room": "in a room",
    "field": "on a green field",
    "forest": "in a forest",
    "mountains": "before mountains",
    "lake": "by a lake",
    "ocean": "by the ocean",
    "beach": "on a beach",
    "desert": "in a desert",
    "snow": "in the snow",
    "city": "in a city",
    "space": "in space",
}
_SEEN_FROM_ABOVE: dict[Setting, str] = {
    "mountains": "on a meadow",
    "city": "on paving",
    "forest": "on a forest floor",
    "beach": "on sand",
}
"""Places as they look where the camera sees the ground only."""
_VIEWS: dict[Setting, str] = {
    "table": "An empty table",
    "studio": "An empty studio",
    "room": "An empty room",
    "field": "A green field",
    "forest": "A forest",
    "mountains": "Mountains",
    "lake": "A lake",
    "ocean": "The ocean",
    "beach": "A beach",
    "desert": "A desert",
    "snow": "A snowy landscape",
    "city": "A city",
    "space": "Stars in space",
}
_VISTAS: dict[tuple[Setting, frozenset[Setting]], tuple[str, str]] = {
    ("lake", frozenset({"mountains"})): ("A lake below mountains", "a lake below mountains"),
    ("lake", frozenset({"forest"})): ("A lake with a wooded shore", "a lake with a wooded shore"),
    ("lake", frozenset({"mountains", "forest"})): ("A lake below wooded mountains", "a lake below wooded mountains"),
    ("beach", frozenset({"ocean"})): ("A beach by the ocean", "on a beach by the ocean"),
    ("mountains", frozenset({"field"})): ("A meadow before mountains", "on a meadow before mountains"),
    ("mountains", frozenset({"snow"})): ("Snowy mountains", ""),
    ("mountains", frozenset({"field", "snow"})): ("A meadow before snowy mountains", ""),
    ("snow", frozenset({"forest"})): ("A snowy landscape with woods", "in the snow before woods"),
    ("city", frozenset({"lake"})): ("A city by the water", ""),
    ("city", frozenset({"ocean"})): ("A city by the water", ""),
    ("city", frozenset({"lake", "ocean"})): ("A city by the water", ""),
}
"""Settings seen together: as a view of their own, and as the place of things (of a lake without its preposition)."""
_LIGHTS: dict[LightName, str] = {
    "sunlit": "in sunlight",
    "golden hour": "at golden hour",
    "night": "at night",
    "candle": "by candlelight",
    "overcast": "in soft overcast light",
    "studio": "in soft studio light",
}
_RELATIONS = {
    "on": "on",
    "in": "in",
    "over": "above",
    "under": "under",
    "front": "in front of",
    "behind": "behind",
    "beside": "next to",
    "left": "to the left of",
    "right": "to the right of",
    "around": "around",
    "between": "between",
}
_FORMATIONS = {"row": "in a row", "circle": "in a circle", "stack": "in a stack", "back": "in the background"}
_ANGLES = {"top-down": "seen from above", "low": "from a low angle", "high": "from a high angle"}
_ON_WATER = frozenset({"sailboat", "boat", "duck", "bridge", "island", "fish"})


def alt_text(composition: Composition) -> str:
    """Returns one sentence: things, where they are, the light, the view and the format."""
    scene = composition.scene
    parts = [_subject(composition), *_light(composition)]
    weathers = [word for word, drawn in (("rain", scene.rain), ("fog", scene.fog)) if drawn]
    if weathers:
        parts.append(f"in {' and '.join(weathers)}")
    if is_drawn(Claim(kind="weather", value="clear"), composition):
        parts.append("under a clear sky")
    elif "cloudy" in composition.request.weather and is_drawn(Claim(kind="weather", value="cloudy"), composition):
        parts.append("under a cloudy sky")
    if scene.moon:
        parts.append("under a full moon")
    if composition.request.sun:
        parts.append("with the sun low over the horizon")
    sentence = " ".join(part for part in parts if part)
    return ", ".join([sentence[0].upper() + sentence[1:], *_view(composition)]) + "."


def _light(composition: Composition) -> list[str]:
    scene = composition.scene
    if scene.setting == "space":
        return []
    if "window" in composition.request.camera and is_drawn(Claim(kind="camera", value="window"), composition):
        return [{"sunlit": "in sunlight", "golden hour": "in golden light"}[scene.light] + " from a window"]
    lit = [_LIGHTS[scene.light]]
    sides = (word for word in ("backlit", "sidelit") if word in composition.request.camera)
    side = next((word for word in sides if is_drawn(Claim(kind="camera", value=word), composition)), None)
    if side is not None:
        lit.append({"backlit": "from behind", "sidelit": "from the side"}[side])
    return lit


def _view(composition: Composition) -> list[str]:
    scene = composition.scene
    camera = scene.camera
    said = [f"seen from the {composition.faced}"] if composition.faced else []
    if camera.framing != "normal":
        said.append({"close-up": "close view", "wide": "wide view"}[camera.framing])
    if camera.angle != "eye":
        said.append(_ANGLES[camera.angle])
    if camera.cinematic:
        said.append("cinematic")
    if scene.mood != "neutral":
        said.append(f"{scene.mood} mood")
    return [*said, _format(scene.width_px, scene.height_px)]


def _format(width_px: int, height_px: int) -> str:
    across, down = width_px // gcd(width_px, height_px), height_px // gcd(width_px, height_px)
    if max(across, down) <= 21:
        return f"{across}:{down}"
    return "square" if abs(width_px - height_px) < 0.03 * width_px else "wide" if width_px > height_px else "tall"


def _subject(composition: Composition) -> str:
    scene, wishes = composition.scene, composition.wishes
    if not wishes:
        view = _VISTAS.get((scene.setting, composition.beyond))
        return view[0] if view else _VIEWS[scene.setting]
    phrases = []
    told: set[int] = set()
    targets = {link.to for wish in wishes for link in wish.links[:1]}
    for index, wish in enumerate(wishes):
        if index in told or (index in targets and not wish.links and _told_later(index, wishes)):
            continue
        phrases.append(_chain(index, composition, told))
    place = _place(composition)
    return " ".join(part for part in (_listed(phrases), place) if part)


def _told_later(index: int, wishes: tuple[Wish, ...]) -> bool:
    """Whether another wish that stands by this one will name it."""
    return any(wish.links and wish.links[0].to == index for other, wish in enumerate(wishes) if other != index)


def _chain(index: int, composition: Composition, told: set[int]) -> str:
    told.add(index)
    wish = composition.wishes[index]
    said = _phrase(index, composition)
    if wish.arrangement in _FORMATIONS:
        said += " " + _FORMATIONS[wish.arrangement]
    if wish.links:
        link = wish.links[0]
        known = link.to in told
        other = f"the {composition.wishes[link.to].noun.name}" if known else _chain(link.to, composition, told)
        if link.relation == "between":
            others = [x.to for x in wish.links[1:] if x.relation == "between" and x.to not in told]
            other = _listed([other, *(_chain(to, composition, told) for to in others)])
            alone = not others and composition.wishes[link.to].count < 2
            return f"{said} {'next to' if alone else 'between'} {other}"
        said += f" {_RELATIONS.get(link.relation, 'next to')} {other}"
    return said


def _phrase(index: int, composition: Composition) -> str:
    wish = composition.wishes[index]
    things = [thing for thing, of in zip(composition.scene.things, composition.of_wish, strict=False) if of == index]
    looks = list(dict.fromkeys(_look(wish, thing) for thing in things))
    noun = wish.noun.name if wish.count == 1 else wish.noun.plural
    size = [wish.size] if wish.size else []
    look = looks[0] if len(looks) == 1 else _listed(looks) if len(looks) <= 3 else ""
    words = " ".join([*size, look, noun] if look else [*size, noun])
    accent = ""
    if wish.accent:
        said = f"{words_for(wish.accent)} {wish.part}"
        accent = f" with {said if said.endswith('s') else _article(said)}"
    if wish.count == 1:
        return _article(words) + accent
    number = _NUMBERS[wish.count] if wish.count < len(_NUMBERS) else str(wish.count)
    return f"{number} {words}{accent}"


def _look(wish: Wish, thing: Thing) -> str:
    """Returns the colour and material of one thing, as far as they can be seen."""
    shape = SHAPES[thing.shape]
    substance = wish.substance or ""
    words = []
    if thing.colour is not None and any(part.slot == "body" and part.colour is None for part in shape.parts):
        stated = next((shade for shade in wish.shades if shade.name is not None), None)
        single = stated is not None and len(wish.shades) == 1
        own = LEXICON.substances[substance].colour if substance in LEXICON.substances else None
        if single and stated is not None:
            words.append(words_for(stated))
        elif own is None and (thing.material or shape.material) != "glass":
            name = name_of(thing.colour)
            words.extend([name] if name != wish.noun.name else [])
    if substance:
        words.append({"wood": "wooden", "lacquer": "glossy"}.get(substance, substance))
    return " ".join(words)


def _place(composition: Composition) -> str:
    scene = composition.scene
    if scene.setting == "table":
        return f"on {_article(composition.top.name)}" if composition.top.name else _PLACES["table"]
    if composition.top.name and scene.setting in INDOORS:
        return f"on {_article(composition.top.name)}"
    shapes = {thing.shape for thing in scene.things}
    vista = _VISTAS.get((scene.setting, composition.beyond))
    if scene.camera.angle in ("high", "top-down") and scene.setting in _SEEN_FROM_ABOVE:
        return _SEEN_FROM_ABOVE[scene.setting]
    if composition.request.flying and scene.setting not in (*INDOORS, "space"):
        view = vista[0] if vista else _VIEWS[scene.setting]
        return f"flying over {view[0].lower()}{view[1:]}"
    afloat = bool(shapes & _ON_WATER) and "shore" not in shapes
    if scene.setting == "lake":
        at = "in" if shapes == {"fish"} else "on" if afloat else "by"
        return f"{at} {vista[1] if vista else 'a lake'}"
    if scene.setting == "ocean" and afloat:
        return "in the ocean" if shapes == {"fish"} else "on the ocean"
    return vista[1] if vista else _PLACES[scene.setting]


def _article(words: str) -> str:
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def _listed(phrases: list[str]) -> str:
    if len(phrases) < 2:
        return "".join(phrases)
    return ", ".join(phrases[:-1]) + " and " + phrases[-1]

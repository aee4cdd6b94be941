"""Says in one sentence of plain English what a scene shows."""

from math import gcd

from flora_mcp.studio.renderers.scene.graph import INDOORS, LightName, Scene, Setting, Thing
from flora_mcp.studio.renderers.scene.language.composition import Composition
from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON
from flora_mcp.studio.renderers.scene.language.palettes import name_of, words_for
from flora_mcp.studio.renderers.scene.language.request import Wish
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
    "between": "among",
}
_FORMATIONS = {"row": "in a row", "circle": "in a circle", "stack": "in a stack", "back": "in the background"}
_ANGLES = {"top-down": "seen from above", "low": "from a low angle", "high": "from a high angle"}
_ON_WATER = frozenset({"sailboat", "boat", "duck", "bridge", "island", "fish"})


def alt_text(composition: Composition) -> str:
    """Returns one sentence: things, where they are, the light, the view and the format."""
    scene = composition.scene
    parts = [_subject(composition), _LIGHTS[scene.light]]
    if scene.rain:
        parts.append("in the rain")
    elif scene.fog:
        parts.append("in fog")
    if scene.moon:
        parts.append("under a full moon")
    if composition.request.sun:
        parts.append("with the sun low over the horizon")
    sentence = " ".join(part for part in parts if part)
    return ", ".join([sentence[0].upper() + sentence[1:], *_view(scene)]) + "."


def _view(scene: Scene) -> list[str]:
    camera = scene.camera
    said = []
    if camera.framing != "normal":
        said.append({"close-up": "close view", "wide": "wide view"}[camera.framing])
    if camera.angle != "eye":
        said.append(
            {"top-down": "seen from above", "low": "from a low angle", "high": "from a high angle"}[camera.angle]
        )
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
        return _VIEWS[scene.setting]
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
    if composition.request.flying and scene.setting not in (*INDOORS, "space"):
        return f"flying over {_VIEWS[scene.setting][0].lower()}{_VIEWS[scene.setting][1:]}"
    if scene.setting in ("lake", "ocean") and shapes & _ON_WATER and "shore" not in shapes:
        return "on a lake" if scene.setting == "lake" else "on the ocean"
    return _PLACES[scene.setting]


def _article(words: str) -> str:
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def _listed(phrases: list[str]) -> str:
    if len(phrases) < 2:
        return "".join(phrases)
    return ", ".join(phrases[:-1]) + " and " + phrases[-1]

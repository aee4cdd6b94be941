"""Chooses setting, surface, light and camera: what the prompt says, and by the seed what it leaves open."""

from random import Random
from typing import NamedTuple

from flora_mcp.studio.renderers.scene.graph import (
    INDOORS,
    Angle,
    Camera,
    Colour,
    Framing,
    LightName,
    Material,
    Mood,
    Setting,
    Surface,
)
from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON
from flora_mcp.studio.renderers.scene.language.palettes import DYED, colour_of, named
from flora_mcp.studio.renderers.scene.language.request import Ground, Request, Wish
from flora_mcp.studio.renderers.scene.language.vistas import Vista, vista
from flora_mcp.studio.renderers.scene.shapes import SHAPES


class Top(NamedTuple):
    """A surface and what to call it."""

    surface: Surface
    name: str


_TABLES: tuple[tuple[Material, str | None, str], ...] = (
    ("wood", "tan", "light oak table"),
    ("wood", None, "wooden table"),
    ("wood", "chocolate", "dark walnut table"),
    ("marble", None, "marble table"),
    ("fabric", "ivory", "linen tablecloth"),
    ("stone", "slate", "slate table"),
)
"""Table tops for a prompt that names none: material, colour and name."""

_NATURAL: dict[Material, Colour] = {
    "wood": (0.62, 0.42, 0.25),
    "stone": (0.58, 0.57, 0.55),
    "marble": (0.9, 0.89, 0.87),
}
_LIGHTS_INDOORS: tuple[LightName, ...] = ("sunlit", "sunlit", "sunlit", "golden hour", "overcast")
_LIGHTS_OUTDOORS: tuple[LightName, ...] = ("sunlit", "sunlit", "sunlit", "sunlit", "golden hour")


_DRY: tuple[Setting, ...] = ("mountains", "forest", "city")
"""Settings in whose middle nothing floats; two of them are seen across a lake."""


def choose_vista(request: Request, random: Random) -> Vista:
    """Returns where the scene is, and what else the prompt names that is seen from there."""
    allowed = [setting for setting in request.settings if setting not in request.excluded]
    outside = [setting for setting in allowed if setting not in INDOORS]
    if outside:
        if outside[0] in _DRY and any(wish.noun.home == "water" for wish in _roots(request)):
            outside = outside if "lake" in outside else ["lake", *outside]
        return vista(request, outside)
    return Vista(_indoors_or_home(request, allowed, random))


def _indoors_or_home(request: Request, allowed: list[Setting], random: Random) -> Setting:
    """Returns where the scene is if the prompt names no place under the sky."""
    homes = {wish.noun.home for wish in _roots(request)}
    if request.ground is not None and request.ground.kind == "cloth" and homes - {"tabletop"}:
        return "room"
    if request.ground is not None and not ("room" in homes and request.ground.kind == "table"):
        return "studio" if request.ground.kind == "pedestal" else "table"
    if "studio" in allowed or (request.light == "studio" and "room" not in allowed):
        return "studio"
    if homes <= {"tabletop"}:
        return "studio" if request.mood == "minimal" and "window" not in request.camera else "table"
    if "room" in homes or "room" in allowed:
        return "room"
    return _at_home(request, random)


def _roots(request: Request) -> list[Wish]:
    """Returns the things that stand on nothing but the ground: they decide where the scene is."""
    roots = [wish for wish in request.wishes if not any(link.relation in ("on", "in") for link in wish.links)]
    return roots or list(request.wishes)


def _at_home(request: Request, random: Random) -> Setting:
    """Returns a setting that suits as many of the things as possible, the first one above all."""
    lists = [wish.noun.settings for wish in _roots(request) if wish.noun.settings]
    shared = [setting for setting in lists[0] if all(setting in other for other in lists[1:])]
    choice = [setting for setting in shared or lists[0] if setting not in request.excluded]
    if "window" in request.camera and "room" in choice:
        return "room"
    if any(wish.noun.name in ("moon", "sun") for wish in request.wishes):
        choice = [setting for setting in choice if setting != "mountains"] or choice
    if request.weather & {"rain", "fog", "cloudy"}:
        choice = [setting for setting in choice if setting not in ("space", *INDOORS)] or choice
    return random.choice(choice or ["field"])


def choose_top(request: Request, setting: Setting, random: Random) -> Top:
    """Returns what the things stand on."""
    ground = request.ground
    chosen = random.choice(_TABLES)
    if ground is None or ground.kind == "pedestal" or (ground.kind == "cloth" and setting not in INDOORS):
        if setting != "table":
            return Top(Surface(), "")
        material, colour, name = chosen
        return Top(Surface(material=material, colour=named(colour) if colour else None), name)
    if ground.kind == "cloth" and ground.substance is None:
        material, colour, word = "fabric", "ivory", ground.word
        shade = colour_of(ground.shade, otherwise=named(colour)) if ground.shade else None
        return Top(Surface(material=material, colour=shade), _called(ground, word))
    if ground.substance is None and ground.shade is None:
        material, colour, name = chosen if ground.word == "table" else random.choice(_TABLES[:3])
        if material == "fabric":
            material, colour, name = _TABLES[0]
        return Top(
            Surface(material=material, colour=named(colour) if colour else None),
            name.removesuffix("table") + ground.word,
        )
    return Top(_stated(ground), _called(ground, ground.word))


def _stated(ground: Ground) -> Surface:
    substance = LEXICON.substances[ground.substance] if ground.substance else None
    material: Material = substance.material if substance else "paint"
    own = named(substance.colour) if substance and substance.colour else _NATURAL.get(material)
    if substance is None and ground.shade is not None and ground.shade.name is None:
        material, own = "wood", _NATURAL["wood"]
    if ground.shade is not None:
        return Surface(material=material, colour=colour_of(ground.shade, otherwise=own or (0.6, 0.6, 0.6)))
    if own is None and material in DYED:
        own = named("ivory")
    return Surface(material=material, colour=own if substance and substance.colour else None)


def _called(ground: Ground, word: str) -> str:
    shade = ground.shade
    tone = [shade.tone] if shade and shade.tone else []
    name = [shade.name] if shade and shade.name else []
    substance = {"wood": "wooden"}.get(ground.substance or "", ground.substance)
    return " ".join([*tone, *name, *([substance] if substance else []), word])


def choose_light(request: Request, setting: Setting, random: Random) -> LightName:
    """Returns the light that was asked for, or one that suits."""
    if setting == "space":
        return "night"
    if request.light is not None and (request.light != "studio" or setting in INDOORS):
        return request.light
    if "window" in request.camera and setting in ("table", "room"):
        return random.choice(("sunlit", "sunlit", "golden hour"))
    nouns = {wish.noun.name for wish in request.wishes}
    aimed = bool(request.camera & {"backlit", "sidelit"}) or "clear" in request.weather
    if "rain" in request.weather or ("fog" in request.weather and not aimed and random.random() < 0.5):
        return "overcast"
    if nouns & {"moon", "planet"}:
        return "night"
    if "sun" in nouns:
        return random.choice(("sunlit", "golden hour"))
    if setting == "studio":
        return "studio"
    if nouns & {"candle", "lantern"} and setting == "table":
        return "golden hour" if aimed else random.choice(("candle", "golden hour", "overcast"))
    open_lights = _LIGHTS_INDOORS if setting in INDOORS else _LIGHTS_OUTDOORS
    return random.choice([light for light in open_lights if not (aimed and light == "overcast")])


def choose_camera(request: Request, setting: Setting, random: Random) -> Camera:
    """Returns the camera; what the prompt leaves open varies gently."""
    said = request.camera
    framing: Framing = "close-up" if "close" in said else "wide" if "wide" in said else "normal"
    angle: Angle = "eye"
    for word, stated in _ANGLES.items():
        if word in said:
            # Seen from above, a landscape without things would be bare ground.
            bare = stated in ("top-down", "high") and not request.wishes and setting not in INDOORS
            angle = "eye" if bare else stated
            break
    else:
        ring = any(wish.arrangement == "circle" or _is_around(wish) for wish in request.wishes)
        many = ring or sum(wish.count for wish in request.wishes) > 4
        if (
            setting in ("table", "studio")
            and random.random() < (1.0 if _is_served(request) else 0.75 if many else 0.3)
            and not said & _LEVEL
        ):
            angle = "high"
        elif setting not in INDOORS and random.random() < 0.12 and request.wishes and not said & _LEVEL:
            angle = "low"
    turn = 0.0 if said & {"side", "front"} else random.uniform(-24.0, 24.0)
    return Camera(framing=framing, angle=angle, cinematic="cinematic" in said, yaw_degrees=round(turn, 2))


def _is_served(request: Request) -> bool:
    """Whether something lies in a bowl or the like, where only a higher eye sees it."""
    return any(
        link.relation == "in" and request.wishes[link.to].noun.hollow and SHAPES[wish.noun.shape].kind != "plant"
        for wish in request.wishes
        for link in wish.links
    )


def _is_around(wish: Wish) -> bool:
    return any(link.relation == "around" for link in wish.links)


_LEVEL = frozenset({"side", "front", "eye"})
"""Words that keep the camera level."""
_ANGLES: dict[str, Angle] = {"top": "top-down", "low": "low", "high": "high"}


def choose_mood(request: Request, setting: Setting) -> Mood:
    """Returns the mood in the renderer's words; nothing but an empty studio is minimal."""
    if request.mood is not None and (request.mood != "minimal" or setting == "studio"):
        return request.mood
    return "moody" if request.gloomy else "neutral"


def choose_light_degrees(request: Request, random: Random) -> float | None:
    """Returns where the light comes from, relative to the camera, or None to leave it to light and setting."""
    if request.sun or "backlit" in request.camera:
        return round(90.0 + random.choice((-1.0, 1.0)) * random.uniform(6.0, 15.0), 2)
    if "sidelit" in request.camera:
        return random.choice((0.0, 180.0))
    return None


def choose_clouds(request: Request) -> float | None:
    """Returns the share of the sky under cloud, or None to leave it to the light."""
    if "clear" in request.weather or "cloudy" in request.excluded or "cloud" in request.excluded:
        return 0.0
    if request.moon or request.sun:
        return 0.3 if "cloudy" in request.weather else 0.12
    return 0.75 if "cloudy" in request.weather else None

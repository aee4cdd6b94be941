"""Makes a scene of a request: chooses by the seed what the prompt leaves open, and puts everything in its place."""

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from random import Random

from flora_mcp.studio.renderers.scene.graph import INDOORS, Colour, Material, Scene, Setting, Thing
from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON
from flora_mcp.studio.renderers.scene.language.palettes import DYED, colour_of, named, open_colours
from flora_mcp.studio.renderers.scene.language.placement import Item, arrange
from flora_mcp.studio.renderers.scene.language.request import Ground, Link, Request, Shade, Wish
from flora_mcp.studio.renderers.scene.language.shores import shore
from flora_mcp.studio.renderers.scene.language.sizes import scales
from flora_mcp.studio.renderers.scene.language.sky import hang
from flora_mcp.studio.renderers.scene.language.surroundings import (
    Top,
    choose_camera,
    choose_clouds,
    choose_light,
    choose_light_degrees,
    choose_mood,
    choose_top,
    choose_vista,
)
from flora_mcp.studio.renderers.scene.shapes import SHAPES, Shape

_MOST_ALTOGETHER = 40
_TURNS = {"building": (8.0, 27.0), "vehicle": (35.0, 65.0), "creature": (8.0, 32.0), "furniture": (10.0, 40.0)}
"""Least and most degrees that things of a kind are turned from the viewer."""


@dataclass(frozen=True, kw_only=True)
class Composition:
    """A scene, and what is needed to say in words what it shows."""

    scene: Scene
    wishes: tuple[Wish, ...]
    of_wish: tuple[int, ...]
    """For each thing of the scene the index of its wish."""
    top: Top
    request: Request
    beyond: frozenset[Setting] = frozenset()
    """Further settings that are seen behind the scene's own."""
    ground_drawn: bool = False
    """Whether the table, pedestal or cloth that the prompt names is drawn."""
    faced: str | None = None
    """The side that the things turn to the viewer because the prompt says so, `front` or `side`."""


def compose(request: Request, *, width_px: int, height_px: int, seed: int) -> Composition:
    """Returns the scene of a request; equal arguments make equal scenes."""
    random = Random(seed)  # noqa: S311 - a picture keeps no secret, and must be the same again
    request = _completed(request, random)
    setting, beyond = choose_vista(request, random)
    ground_drawn = _is_drawn(request.ground, setting, request)
    request = _lamps_up(_furnished(_with_heaven(request, setting), setting), setting)
    wishes = request.wishes
    top = choose_top(request, setting, random)
    light = choose_light(request, setting, random)
    items = _items(wishes, setting, random)
    faced = _face(items, request, random)
    aloft = [item for item in items if wishes[item.wish].noun.home == "sky" and not wishes[item.wish].links]
    arrange([item for item in items if item not in aloft], wishes, random, aspect=width_px / height_px)
    hang(aloft, [item for item in items if item not in aloft], random, flying=request.flying)
    grounded = [] if request.flying else [item for item in items if item not in aloft]
    bank = shore(grounded, wishes, setting, random)
    if setting in ("lake", "ocean"):
        _dive(grounded)
    things = _things(items, request, random)
    camera = choose_camera(request, setting, random)
    open_air = setting not in (*INDOORS, "space")
    scene = Scene(
        width_px=width_px,
        height_px=height_px,
        seed=seed,
        things=_towards(things if bank is None else [*things, bank], camera.yaw_degrees),
        setting=setting,
        surface=top.surface,
        light=light,
        light_degrees=choose_light_degrees(request, random),
        camera=camera,
        mood=choose_mood(request, setting),
        backdrop=colour_of(request.backdrop, otherwise=named("grey")) if request.backdrop else None,
        clouds=choose_clouds(request),
        rain="rain" in request.weather and open_air,
        fog=0.55 if "fog" in request.weather and open_air else 0.0,
        moon=request.moon,
    )
    return Composition(
        scene=scene,
        wishes=wishes,
        of_wish=tuple(item.wish for item in items),
        top=top,
        request=request,
        beyond=beyond,
        ground_drawn=ground_drawn,
        faced=faced,
    )


def _items(wishes: tuple[Wish, ...], setting: Setting, random: Random) -> list[Item]:
    """Returns all copies of the wishes with their sizes, turned as things of their kind look best."""
    items = [
        Item(wish=index, shape=SHAPES[wish.noun.shape], scale=scale * _grown(wish, random))
        for index, (wish, scale) in enumerate(zip(wishes, scales(wishes, setting), strict=True))
        for _ in range(wish.count)
    ]
    for item in items:
        least, most = wishes[item.wish].noun.turns or _TURNS.get(item.shape.kind, (0.0, 180.0))
        item.yaw_degrees = random.uniform(least, most) * random.choice((-1.0, 1.0))
        if wishes[item.wish].noun.reversible and random.random() < 0.5:
            item.yaw_degrees += 180.0
    return items


def _dive(items: list[Item]) -> None:
    """Lets fish swim with their backs above the water; they do not hover over it."""
    for item in items:
        if item.shape.name == "fish" and item.z == 0.0:
            item.z -= item.shape.floats * item.scale + 0.3 * item.height


def _is_drawn(ground: Ground | None, setting: Setting, request: Request) -> bool:
    """Whether the ground can be part of the scene: a cloth lies indoors, furniture holds things elsewhere."""
    if ground is None or ground.kind == "cloth":
        return ground is not None and setting in INDOORS
    return setting == "table" or bool(request.wishes)


def _face(items: list[Item], request: Request, random: Random) -> str | None:
    """Turns what has a front to the side that the prompt names, and returns that side."""
    side = next((word for word in ("front", "side") if word in request.camera), None)
    turned = [item for item in items if item.shape.kind in _TURNS]
    for item in turned if side else []:
        item.yaw_degrees = (0.0 if side == "front" else random.choice((-90.0, 90.0))) + random.uniform(-4.0, 4.0)
    return side if turned else None


def _completed(request: Request, random: Random) -> Request:
    """Returns the request without what it excludes, and with a still life if nothing at all is left."""
    request = _laid(_fitting(_without(_landscaped(_outdoors_of(request), random), request.excluded)))
    if not request.wishes and not [setting for setting in request.settings if setting not in INDOORS]:
        return replace(request, wishes=_still_life(request, random))
    return request


def _outdoors_of(request: Request) -> Request:
    """Returns the request with what would be hidden in a building or a vehicle before it."""
    wishes = []
    for wish in request.wishes:
        links = tuple(
            replace(link, relation="front") if link.relation == "in" and _is_closed(request.wishes[link.to]) else link
            for link in wish.links
        )
        wishes.append(replace(wish, links=links))
    return replace(request, wishes=tuple(wishes))


def _is_closed(wish: Wish) -> bool:
    return SHAPES[wish.noun.shape].kind in ("building", "vehicle") and wish.noun.home != "water"


def _landscaped(request: Request, random: Random) -> Request:
    """Returns the request with a landscape, if all it speaks of is sky, weather or a time of day."""
    if request.wishes or request.settings or request.ground or request.product or "window" in request.camera:
        return request
    if request.flying or request.weather:
        return replace(request, settings=("field",))
    if request.light in ("golden hour", "night"):
        chosen: tuple[Setting, ...] = ("ocean", "lake", "mountains", "field")
        return replace(request, settings=(random.choice([s for s in chosen if s not in request.excluded] or ["snow"]),))
    return request


def _without(request: Request, names: Collection[str]) -> Request:
    kept = [index for index, wish in enumerate(request.wishes) if wish.noun.name not in names]
    number = {old: new for new, old in enumerate(kept)}
    wishes = tuple(
        replace(
            request.wishes[index],
            links=tuple(replace(x, to=number[x.to]) for x in request.wishes[index].links if x.to in number),
        )
        for index in kept
    )
    return replace(request, wishes=wishes)


def _grown(wish: Wish, random: Random) -> float:
    """Returns a small difference in size between things of a kind; plants differ more."""
    return random.uniform(0.84, 1.12) if SHAPES[wish.noun.shape].kind == "plant" else random.uniform(0.97, 1.03)


def _fitting(request: Request) -> Request:
    """Returns the request with no more things than a picture has room for; the first ones stay."""
    kept, room = [], _MOST_ALTOGETHER
    for wish in request.wishes:
        if room <= 0:
            break
        kept.append(replace(wish, count=min(wish.count, room)))
        room -= wish.count
    here = len(kept)
    kept = [replace(wish, links=tuple(link for link in wish.links if link.to < here)) for wish in kept]
    return replace(request, wishes=tuple(kept))


def _laid(request: Request) -> Request:
    """Returns the request with its table as what things stand on, if they are small and it is not one of them."""
    tables = [index for index, wish in enumerate(request.wishes) if wish.noun.name == "table"]
    others = [wish for wish in request.wishes if wish.noun.name != "table"]
    if len(tables) != 1 or not others or request.ground is not None:
        return request
    table = request.wishes[tables[0]]
    beneath = any(link.relation == "under" and link.to == tables[0] for wish in others for link in wish.links)
    if table.count > 1 or beneath or any(wish.noun.home != "tabletop" for wish in others):
        return request
    ground = Ground(
        kind="table", word="table", shade=table.shades[0] if table.shades else None, substance=table.substance
    )
    return replace(_without(request, {"table"}), ground=ground)


def _with_heaven(request: Request, setting: Setting) -> Request:
    """Returns the request with its plain moon and sun taken from the things: the sky of the setting has them."""
    plain = {wish.noun.name for wish in request.wishes if wish.count == 1 and not wish.shades and not wish.substance}
    if setting in INDOORS or setting == "space":
        return request
    if "moon" in plain and request.light in (None, "night"):
        return replace(_without(request, {"moon"}), light="night", moon=True)
    if "sun" in plain and request.light in (None, "golden hour"):
        return replace(_without(request, {"sun"}), light="golden hour", sun=True)
    return request


def _still_life(request: Request, random: Random) -> tuple[Wish, ...]:
    names = [name for name in ("ball", "cube", "cone", "cylinder") if name not in request.excluded]
    counts = {"ball": random.choice((2, 3)), "cube": random.choice((1, 2))}
    chosen = names[:2] + ([random.choice(names[2:])] if len(names) > 2 else [])
    return tuple(Wish(noun=LEXICON.nouns[name], count=counts.get(name, 1)) for name in chosen)


def _furnished(request: Request, setting: Setting) -> Request:
    """Returns the request with a table or pedestal among its things where the setting has none by itself."""
    ground = request.ground
    if ground is None or (ground.kind == "table" and setting == "table") or ground.kind == "cloth":
        return request
    if not request.wishes:
        return request
    noun, size = LEXICON.nouns["table"], None
    shades: tuple[Shade, ...] = (ground.shade,) if ground.shade else ()
    if ground.kind == "pedestal":
        noun, size = replace(LEXICON.nouns["cylinder"], name=ground.word), "large"
        shades = shades or (Shade(name="ivory"),) * (ground.substance is None)
    stand = Wish(noun=noun, count=1, shades=shades, substance=ground.substance, size=size)
    here = len(request.wishes)
    wishes = tuple(
        wish
        if wish.links or wish.noun.home in ("room", "sky")
        else replace(wish, links=(Link(relation="on", to=here),))
        for wish in request.wishes
    )
    return replace(request, wishes=(*wishes, stand), ground=None)


def _lamps_up(request: Request, setting: Setting) -> Request:
    """Returns the request with the lamps of a room on its table, or so tall that they may stand on its floor."""
    if setting != "room":
        return request
    shapes = [wish.noun.shape for wish in request.wishes]
    table = shapes.index("table") if "table" in shapes else None
    wishes = []
    for index, wish in enumerate(request.wishes):
        resting = any(link.relation in ("on", "in") for link in wish.links)
        if wish.noun.shape == "lamp" and not resting:
            alone = not wish.links and all(link.to != index for other in request.wishes for link in other.links)
            if table is not None and alone:
                wish = replace(wish, links=(Link(relation="on", to=table),))
            else:
                wish = replace(wish, noun=replace(wish.noun, shape="floor_lamp"))
        wishes.append(wish)
    return replace(request, wishes=tuple(wishes))


def _things(items: list[Item], request: Request, random: Random) -> list[Thing]:
    looks: dict[int, list[tuple[Material | None, Colour | None]]] = {}
    dealt = 0
    for index, wish in enumerate(request.wishes):
        looks[index] = _looks(wish, SHAPES[wish.noun.shape], request, dealt, random)
        dealt += wish.count
    things = []
    for item in items:
        wish = request.wishes[item.wish]
        material, colour = looks[item.wish].pop(0)
        accent = colour_of(wish.accent, otherwise=named("grey")) if wish.accent else None
        if accent is None and len(wish.shades) > wish.count:
            accent = colour_of(wish.shades[wish.count], otherwise=named("grey"))
        things.append(
            Thing(
                shape=item.shape.name,
                position=(round(item.x, 5), round(item.y, 5), round(item.z, 5)),
                yaw_degrees=round(item.yaw_degrees, 3),
                scale=round(item.scale, 5),
                material=material,
                colour=colour,
                accent=accent,
            )
        )
    return things


def _towards(things: list[Thing], yaw_degrees: float) -> tuple[Thing, ...]:
    """Returns the things turned with the camera, so that it sees them as they were arranged, in another landscape."""
    c, s = math.cos(math.radians(yaw_degrees)), math.sin(math.radians(yaw_degrees))
    turned = []
    for thing in things:
        x, y, z = thing.position
        position = (round(x * c - y * s, 5), round(x * s + y * c, 5), z)
        turned.append(replace(thing, position=position, yaw_degrees=round(thing.yaw_degrees + yaw_degrees, 3)))
    return tuple(turned)


def _looks(
    wish: Wish, shape: Shape, request: Request, dealt: int, random: Random
) -> list[tuple[Material | None, Colour | None]]:
    """Returns material and colour of each copy; `dealt` copies of other wishes took their share of the palette."""
    substance = LEXICON.substances[wish.substance] if wish.substance else None
    material = substance.material if substance else None
    chosen: list[Colour | None] = [*open_colours(wish.count, own=_own(shape, material, request), random=random)]
    if substance is not None and substance.colour is not None:
        chosen = [named(substance.colour)] * wish.count
    elif material is not None and material not in DYED and material != shape.material:
        chosen = [None] * wish.count
    shades = wish.shades or request.palette
    offset = 0 if wish.shades else dealt
    looks: list[tuple[Material | None, Colour | None]] = []
    for number, colour in enumerate(chosen):
        shade: Shade | None = shades[(offset + number) % len(shades)] if shades else None
        if shade is not None and (shade.name or shade.tone):
            colour = colour_of(shade, otherwise=colour or (0.6, 0.58, 0.55))
        looks.append((material, colour))
    return looks


def _own(shape: Shape, material: Material | None, request: Request) -> tuple[Colour, ...]:
    """Returns the colours to choose from; colours that the prompt excludes are not among them."""
    barred = [LEXICON.colours[name] for name in request.excluded if name in LEXICON.colours]
    own = shape.colours if material is None or material == shape.material else ()
    return tuple(colour for colour in own if all(_differ(colour, other) for other in barred))


def _differ(one: Colour, other: Colour) -> bool:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 0.55

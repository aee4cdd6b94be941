"""Colours: from words to sRGB, from sRGB back to words, and for what a prompt leaves open."""

import colorsys
import math
from random import Random

from flora_mcp.studio.renderers.scene.graph import Colour, Material
from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON
from flora_mcp.studio.renderers.scene.language.request import Shade

DYED: frozenset[Material] = frozenset({"ceramic", "plastic", "rubber", "paint", "fabric", "paper", "wax"})
"""Materials that come in any colour; the others have one of their own."""

_FLOWERY = frozenset({"amber", "cobalt", "indigo", "emerald", "chestnut", "scarlet", "sand", "mint"})
"""Names that are understood but not used for a colour that nobody named."""
_PLAIN = {"light blue": (0.70, 0.80, 0.87), "light green": (0.72, 0.80, 0.68)}
"""Further names for such a colour."""
_STRONGER = 1.15
"""How much more colour a lit thing shows than its paint has."""
_PLEASING = ("ivory", "coral", "teal", "mustard", "sage", "navy", "rose", "rust", "sky blue", "lavender")


def colour_of(shade: Shade, *, otherwise: Colour) -> Colour:
    """Returns what a shade looks like; a bare tone changes the colour that it would be otherwise."""
    colour = LEXICON.colours[shade.name] if shade.name is not None else otherwise
    if shade.tone is None:
        return colour
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    match shade.tone:
        case "light":
            lightness = lightness + (1.0 - lightness) * 0.55
        case "dark":
            lightness, saturation = lightness * 0.48, saturation * 0.95
        case "bright":
            lightness, saturation = lightness + (0.55 - lightness) * 0.35, min(saturation * 1.25, 1.0)
    red, green, blue = colorsys.hls_to_rgb(hue, lightness, saturation)
    return red, green, blue


def named(text: str) -> Colour:
    """Returns the colour of a name like `teal` or `light cyan`."""
    tone, _, name = text.partition(" ")
    if text in LEXICON.colours:
        return LEXICON.colours[text]
    return colour_of(Shade(name=name, tone=tone), otherwise=(0.5, 0.5, 0.5))


def name_of(colour: Colour) -> str:
    """Returns the name of the nearest colour, as an eye would judge it: light and film make paint stronger."""
    known = {name: look for name, look in LEXICON.colours.items() if name not in LEXICON.substances} | _PLAIN
    return min((name for name in known if name not in _FLOWERY), key=lambda name: _distance(known[name], colour))


def words_for(shade: Shade) -> str:
    """Returns the shade as the alt text says it."""
    return " ".join(part for part in (shade.tone, shade.name) if part)


def open_colours(count: int, *, own: tuple[Colour, ...], random: Random) -> list[Colour]:
    """Returns colours for things whose colour the prompt leaves open, without repeating one too soon."""
    choice = list(own) or [LEXICON.colours[name] for name in _PLEASING]
    random.shuffle(choice)
    return [choice[i % len(choice)] for i in range(count)]


def _distance(named: Colour, painted: Colour) -> float:
    """Returns how different two colours look: their distance in the OKLab space, lightness weighing less than hue."""
    (l1, a1, b1), (l2, a2, b2) = _oklab(named), _oklab(painted)
    return 0.5 * (l1 - l2) ** 2 + 2.0 * (a1 - _STRONGER * a2) ** 2 + 2.0 * (b1 - _STRONGER * b2) ** 2


def _oklab(colour: Colour) -> tuple[float, float, float]:
    red, green, blue = (math.pow((c + 0.055) / 1.055, 2.4) if c > 0.04045 else c / 12.92 for c in colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )

"""Colours: from words to sRGB, from sRGB back to words, and for what a prompt leaves open."""

import colorsys
from random import Random

from flora_mcp.studio.renderers.scene.graph import Colour, Material
from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON
from flora_mcp.studio.renderers.scene.language.request import Shade

DYED: frozenset[Material] = frozenset({"ceramic", "plastic", "rubber", "paint", "fabric", "paper", "wax"})
"""Materials that come in any colour; the others have one of their own."""

_PLEASING = ("ivory", "coral", "teal", "mustard", "sage", "navy", "rose", "rust", "sky blue", "lavender")


def colour_of(shade: Shade, *, otherwise: Colour) -> Colour:
    """Returns what a shade looks like; a bare tone changes the colour that it would be otherwise."""
    colour = LEXICON.colours[shade.name] if shade.name is not None else otherwise
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
    """Returns the name of the nearest colour, as an eye would judge it."""
    return min(LEXICON.colours, key=lambda name: _distance(LEXICON.colours[name], colour))


def words_for(shade: Shade) -> str:
    """Returns the shade as the alt text says it."""
    return " ".join(part for part in (shade.tone, shade.name) if part)


def open_colours(count: int, *, own: tuple[Colour, ...], random: Random) -> list[Colour]:
    """Returns colours for things whose colour the prompt leaves open, without repeating one too soon."""
    choice = list(own) or [LEXICON.colours[name] for name in _PLEASING]
    random.shuffle(choice)
    return [choice[i % len(choice)] for i in range(count)]


def _distance(one: Colour, other: Colour) -> float:
    # Weighted by the mean of red: a cheap stand-in for a perceptual space that is good enough to name a colour.
    mean = (one[0] + other[0]) / 2.0
    red, green, blue = ((a - b) ** 2 for a, b in zip(one, other, strict=True))
    return (2.0 + mean) * red + 4.0 * green + (3.0 - mean) * blue

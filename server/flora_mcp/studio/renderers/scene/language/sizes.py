"""How large things are drawn: true to scale where that makes a picture, gentler where it would not."""

import math

from flora_mcp.studio.renderers.scene.graph import Setting
from flora_mcp.studio.renderers.scene.language.request import Link, Wish
from flora_mcp.studio.renderers.scene.shapes import SHAPES, Shape

_TOY_METRES = 0.24
"""What a house on a table is about as large as."""
_SIZES = {"large": 1.55, "small": 0.62}


def scales(wishes: tuple[Wish, ...], setting: Setting) -> list[float]:
    """Returns one scale per wish."""
    if not wishes:
        return []
    natural = [_extent(SHAPES[wish.noun.shape]) for wish in wishes]
    if setting in ("table", "studio"):
        shown = [
            size if wish.noun.home == "tabletop" else _toy(size) for wish, size in zip(wishes, natural, strict=True)
        ]
    else:
        hero = natural[_hero(wishes)]
        shown = [hero * _gentle(size / hero) for size in natural]
    return [
        now / size * _SIZES.get(wish.size or "", 1.0) * _roomy(index, wishes)
        for index, (wish, now, size) in enumerate(zip(wishes, shown, natural, strict=True))
    ]


def _roomy(index: int, wishes: tuple[Wish, ...]) -> float:
    """Returns how much larger a bowl has to be for what is in it."""
    inside = sum(
        wish.count
        for wish in wishes
        if SHAPES[wish.noun.shape].kind != "plant" and Link(relation="in", to=index) in wish.links
    )
    return 1.0 + min(0.09 * inside, 0.75) if wishes[index].noun.hollow else 1.0


def _hero(wishes: tuple[Wish, ...]) -> int:
    return next((i for i, wish in enumerate(wishes) if wish.noun.home != "sky"), 0)


def _extent(shape: Shape) -> float:
    return max(shape.width, shape.depth, shape.height)


def _toy(size: float) -> float:
    return _TOY_METRES * min(max(math.pow(size / 3.0, 0.22), 0.55), 1.5)


def _gentle(ratio: float) -> float:
    """Returns a ratio of sizes as shown: true up to twice or half, then more and more alike."""
    if ratio > 2.0:
        return min(2.0 * math.pow(ratio / 2.0, 0.35), 4.0)
    if ratio < 0.5:
        return max(0.5 * math.pow(ratio * 2.0, 0.45), 0.14)
    return ratio

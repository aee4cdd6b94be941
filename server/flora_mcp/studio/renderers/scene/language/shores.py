"""Land under what stands on land, where the setting is water."""

from random import Random

from flora_mcp.studio.renderers.scene.graph import Setting, Thing
from flora_mcp.studio.renderers.scene.language.placement import Item
from flora_mcp.studio.renderers.scene.language.request import Wish
from flora_mcp.studio.renderers.scene.shapes import SHAPES

_LEVEL = 0.2
"""Height of the top of the shape, and half its level ground along x and y."""
_HALF_X, _HALF_Y = 2.0, 1.05
_ROCK = (0.42, 0.40, 0.38)


def shore(items: list[Item], wishes: tuple[Wish, ...], setting: Setting, random: Random) -> Thing | None:
    """Lifts the things of the land onto a bank and moves those of the water before it; returns the bank.

    Returns None, and moves nothing, if the setting is not water or nothing stands on land.
    """
    if setting not in ("lake", "ocean"):
        return None
    ashore = [item for item in items if _root_home(item, wishes) in ("land", "tabletop", "room")]
    if not ashore:
        return None
    left, right = min(i.x - i.radius for i in ashore), max(i.x + i.radius for i in ashore)
    near, far = min(i.y - i.radius for i in ashore), max(i.y + i.radius for i in ashore)
    scale = max((right - left) / 2.0 / _HALF_X, (far - near) / 2.0 / _HALF_Y) * 1.12
    x = (left + right) / 2.0 + random.uniform(-0.25, 0.25) * scale
    y = (near + far) / 2.0
    for item in ashore:
        item.z += _LEVEL * scale
    shape = SHAPES["shore"]
    for item in items:
        if _root_home(item, wishes) == "water":
            item.y = min(item.y, y - shape.depth / 2.0 * scale - item.radius)
    rocky = setting == "ocean"
    return Thing(
        shape=shape.name,
        position=(round(x, 5), round(y, 5), 0.0),
        yaw_degrees=round(random.choice((0.0, 180.0)) + random.uniform(-12.0, 12.0), 3),
        scale=round(scale, 5),
        material="stone" if rocky else None,
        colour=_ROCK if rocky else None,
        framed=False,
    )


def _root_home(item: Item, wishes: tuple[Wish, ...]) -> str:
    """Returns where the thing is at home on which this one stands in the end."""
    wish = wishes[item.wish]
    for _ in wishes:
        link = next((link for link in wish.links if link.relation in ("on", "in", "over")), None)
        if link is None:
            break
        wish = wishes[link.to]
    return wish.noun.home

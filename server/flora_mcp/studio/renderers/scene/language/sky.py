"""Hangs things in the sky: moon, clouds, balloons, birds of metal."""

from random import Random

from flora_mcp.studio.renderers.scene.language.placement import Item

_SHARE = {"cloud": 0.75, "moon": 0.32, "sun": 0.32, "planet": 0.7, "airplane": 0.6, "balloon": 0.8}
"""How large each is beside the largest thing on the ground."""


def hang(aloft: list[Item], standing: list[Item], random: Random, *, flying: bool) -> None:
    """Places the things in the sky above and behind those on the ground, or about each other if there are none.

    If only things of the ground are there but said to fly, they rise.
    """
    if flying and not aloft:
        for item in standing:
            item.z += 1.1 * item.height
        return
    widest = max((abs(item.x) + item.radius for item in standing), default=0.0)
    tallest = max((item.z + item.height for item in standing), default=0.0)
    largest = max((max(item.radius * 2.0, item.height) for item in standing), default=0.0)
    side = random.choice((-1.0, 1.0))
    for number, item in enumerate(aloft):
        if not standing:
            _about(item, aloft[:number], random)
            continue
        share = _SHARE.get(item.shape.name, 0.6)
        item.scale *= share * largest / max(item.radius * 2.0, item.height)
        clear = max(widest * 0.5, 0.3 * tallest) + item.radius
        item.x = side * (clear * random.uniform(0.9, 1.2) + number // 2 * item.radius * 2.4)
        item.y = largest * random.uniform(0.4, 0.9)
        item.z = tallest * random.uniform(0.62, 0.95) - item.shape.floats * item.scale
        side = -side


def _about(item: Item, others: list[Item], random: Random) -> None:
    """Places one item of a flock: each further out and at another height."""
    if not others:
        return
    side = 1.0 if len(others) % 2 else -1.0
    ring = (len(others) + 1) // 2
    item.x = others[0].x + side * ring * item.radius * random.uniform(2.3, 3.0)
    item.y = others[0].y + random.uniform(0.5, 2.0) * item.radius * ring
    item.z = random.uniform(-0.35, 0.5) * item.height

"""Puts things on the ground so that none stands in another and none hides another."""

import math
from dataclasses import dataclass
from random import Random

from flora_mcp.studio.renderers.scene.language.request import Wish
from flora_mcp.studio.renderers.scene.language.rests import cradled, top_at
from flora_mcp.studio.renderers.scene.shapes import Shape

_TRIES = 48
_MOST_GROWN = 1.5
"""How much larger small things in a bowl may be drawn than they are."""


@dataclass(kw_only=True)
class Item:
    """One copy of a wish, with its size, and its place once it has one."""

    wish: int
    """Index of its wish."""
    shape: Shape
    scale: float
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    yaw_degrees: float = 0.0

    @property
    def radius(self) -> float:
        """Radius of the circle on the ground that holds it."""
        return max(self.shape.width, self.shape.depth) / 2.0 * self.scale

    @property
    def height(self) -> float:
        """Its height as placed."""
        return self.shape.height * self.scale

    @property
    def bottom(self) -> float:
        """How high its underside is: some things hang above their place by nature."""
        return self.z + self.shape.floats * self.scale


def arrange(items: list[Item], wishes: tuple[Wish, ...], random: Random, *, aspect: float) -> None:
    """Gives every item its place; items of one wish stay together, and the group suits the format of the picture."""
    narrow = min(max(1.4 / aspect, 0.8), 2.2)
    lots = [[item for item in items if item.wish == index] for index in range(len(wishes))]
    order = [index for index in _in_order(wishes) if lots[index]]
    links = {index: next((x for x in wishes[index].links if lots[x.to] and x.to != index), None) for index in order}
    standing: list[Item] = []
    for at, index in enumerate(order):
        lot, link, formation = lots[index], links[index], _FORMATIONS.get(wishes[index].arrangement or "")
        anchors = lots[link.to] if link is not None else []
        enclosing = [item for x in wishes[index].links if x.relation == "between" for item in lots[x.to]]
        relation = link.relation if link is not None else None
        if relation in ("on", "in"):
            if not any(links[later] == link for later in order[at + 1 :]):
                # All that is on the same thing shares its room, whichever wish it comes from.
                together = [item for one in order if links[one] == link for item in lots[one]]
                _put_onto(together, anchors, wishes, relation, random)
        elif relation == "over":
            _hang_over(lot, anchors, random)
        elif len(enclosing) > 1:
            _enclose(lot, enclosing, random)
            standing.extend(lot)
        elif relation == "around":
            _ring(lot, anchors[0], random)
            standing.extend(lot)
        elif formation is not None:
            formation(lot, random)
            _settle_group(lot, standing, anchors, relation, random, narrow)
            standing.extend(lot)
        else:
            for item in lot:
                _settle(item, standing, anchors, relation, random, narrow)
                standing.append(item)


def _in_order(wishes: tuple[Wish, ...]) -> list[int]:
    """Returns the wishes so that each comes after those it is placed by, as far as that goes."""
    order: list[int] = []
    left = list(range(len(wishes)))
    while left:
        free = [i for i in left if all(link.to in order or link.to == i for link in wishes[i].links)]
        for index in free or left[:1]:
            order.append(index)
            left.remove(index)
    return order


def _settle(
    item: Item, standing: list[Item], anchors: list[Item], relation: str | None, random: Random, narrow: float
) -> None:
    """Places one item on the ground: the candidate that is near the others and hides nothing."""
    if not standing:
        return
    best, crowd = math.inf, _crowd(standing)
    for attempt in range(_TRIES):
        reach = 1.0 + 1.5 * attempt / _TRIES
        x, y = _candidate(item, standing, anchors, relation, reach, random)
        cost = _cost(item, x, y, crowd, narrow, touching=relation == "under")
        cost += random.uniform(0.0, 0.8)
        if cost < best:
            best, item.x, item.y = cost, x, y


def _candidate(
    item: Item, standing: list[Item], anchors: list[Item], relation: str | None, reach: float, random: Random
) -> tuple[float, float]:
    anchor = random.choice(anchors or standing)
    apart = (item.radius + anchor.radius) * (1.06 + random.uniform(0.0, 0.25)) * reach
    side = random.choice((-1.0, 1.0))
    match relation:
        case "left" | "right" | "beside":
            side = {"left": -1.0, "right": 1.0}.get(relation, side)
            angle = random.uniform(-0.45, 0.25)
            return anchor.x + side * apart * math.cos(angle), anchor.y + apart * math.sin(angle)
        case "front" | "behind":
            ahead = -1.0 if relation == "front" else 1.0
            aside = side * random.uniform(0.15, 0.75) * apart
            return anchor.x + aside, anchor.y + ahead * math.sqrt(max(apart * apart - aside * aside, 0.0))
        case "under":
            return anchor.x + side * anchor.radius * random.uniform(0.35, 0.7), anchor.y - anchor.radius * 0.4
        case _:
            angle = random.uniform(0.0, 2.0 * math.pi)
            return anchor.x + apart * math.cos(angle), anchor.y + apart * math.sin(angle)


def _cost(item: Item, x: float, y: float, crowd: "_Crowd", narrow: float, *, touching: bool = False) -> float:
    size = max(item.radius, crowd.largest)
    cost = (narrow * abs(x - crowd.middle_x) + 1.3 * abs(y - crowd.middle_y)) / size
    radius, height = item.radius, item.height
    for other_x, other_y, other_radius, other_height in crowd.circles:
        room = (radius + other_radius) * 1.04
        gap = math.hypot(x - other_x, y - other_y)
        if gap < room and not touching:
            cost += 50.0 * (1.0 - gap / room) + 20.0
        nearer = y < other_y
        overlap = (radius + other_radius) - abs(x - other_x)
        if overlap > 0.0 and (height > 0.45 * other_height if nearer else other_height > 0.45 * height):
            cost += 4.0 * min(overlap / (2.0 * (other_radius if nearer else radius)), 1.0)
    return cost


@dataclass(frozen=True, kw_only=True)
class _Crowd:
    """What stands already, as `_cost` asks for it hundreds of times."""

    middle_x: float
    middle_y: float
    largest: float
    circles: tuple[tuple[float, float, float, float], ...]
    """X, y, radius and height of each."""


def _crowd(standing: list[Item]) -> _Crowd:
    return _Crowd(
        middle_x=sum(other.x for other in standing) / len(standing),
        middle_y=sum(other.y for other in standing) / len(standing),
        largest=max(other.radius for other in standing),
        circles=tuple((other.x, other.y, other.radius, other.height) for other in standing),
    )


def _settle_group(
    lot: list[Item],
    standing: list[Item],
    anchors: list[Item],
    relation: str | None,
    random: Random,
    narrow: float,
) -> None:
    """Moves a formation as a whole to where one item of its size would go."""
    if not standing:
        return
    reach = max(math.hypot(item.x, item.y) + item.radius for item in lot)
    whole = Item(wish=lot[0].wish, shape=lot[0].shape, scale=lot[0].scale * reach / lot[0].radius)
    _settle(whole, standing, anchors, relation, random, narrow)
    for item in lot:
        item.x += whole.x
        item.y += whole.y


def _row(lot: list[Item], random: Random) -> None:
    slant = random.uniform(-0.22, 0.22) if len(lot) < 7 else random.choice((-1.0, 1.0)) * random.uniform(0.4, 0.7)
    step = lot[0].radius * 2.0 * random.uniform(1.06, 1.25)
    for number, item in enumerate(lot):
        along = (number - (len(lot) - 1) / 2.0) * step
        item.x, item.y = along * math.cos(slant), along * math.sin(slant)


def _circle(lot: list[Item], random: Random, *, least: float = 0.0) -> None:
    # A gap is turned to the viewer, so that none hides what is in the middle.
    start = math.pi * (1.0 / len(lot) - 0.5) + random.uniform(-0.12, 0.12)
    radius = max(lot[0].radius * 1.12 / max(math.sin(math.pi / max(len(lot), 2)), 0.05), least)
    for number, item in enumerate(lot):
        angle = start + 2.0 * math.pi * number / len(lot)
        item.x, item.y = radius * math.cos(angle), radius * math.sin(angle)


def _ring(lot: list[Item], anchor: Item, random: Random) -> None:
    """Stands items in a circle around another one."""
    _circle(lot, random, least=(anchor.radius + lot[0].radius) * 1.15)
    for item in lot:
        item.x += anchor.x
        item.y += anchor.y


def _enclose(lot: list[Item], enclosing: list[Item], random: Random) -> None:
    """Stands items beside each other and moves those around them to their two sides."""
    middle_x = sum(item.x for item in enclosing) / len(enclosing)
    middle_y = sum(item.y for item in enclosing) / len(enclosing)
    reach = 0.0
    for number, item in enumerate(lot):
        item.x = middle_x + (number - (len(lot) - 1) / 2.0) * item.radius * 2.2
        item.y = middle_y
        reach = max(reach, abs(item.x - middle_x) + item.radius)
    for side in (-1.0, 1.0):
        away = reach
        for item in enclosing[side > 0.0 :: 2]:
            away += item.radius * random.uniform(1.06, 1.3)
            item.x = middle_x + side * away
            item.y = middle_y + random.uniform(-0.3, 0.3) * min(item.radius, reach)
            away += item.radius


def _stack(lot: list[Item], random: Random) -> None:
    height = 0.0
    for item in lot:
        item.z = height
        height += item.height
        item.x = random.uniform(-0.06, 0.06) * item.radius
        item.yaw_degrees = random.uniform(-14.0, 14.0)


def _back(lot: list[Item], random: Random) -> None:
    for number, item in enumerate(lot):
        item.x = (number - (len(lot) - 1) / 2.0) * item.radius * 2.4
        item.y = item.radius * random.uniform(4.0, 6.0)


_FORMATIONS = {"row": _row, "circle": _circle, "stack": _stack, "back": _back}


def _put_onto(items: list[Item], anchors: list[Item], wishes: tuple[Wish, ...], relation: str, random: Random) -> None:
    """Spreads items over the tops of their anchors, or into them if they are hollow."""
    holder = wishes[anchors[0].wish].noun
    for number, anchor in enumerate(anchors):
        share = items[number :: len(anchors)]
        if not (relation == "in" and holder.hollow):
            _spread(share, anchor, holder.seat, wishes, random)
            continue
        _bunch([item for item in share if item.shape.kind == "plant"], anchor, random)
        _pile([item for item in share if item.shape.kind != "plant"], anchor, random)


def _spread(lot: list[Item], anchor: Item, seat: float, wishes: tuple[Wish, ...], random: Random) -> None:
    """Sets items side by side on a thing, made smaller if they would not fit; a stack stays one."""
    stacks: list[list[Item]] = []
    for item in lot:
        stacked = stacks and wishes[item.wish].arrangement == "stack" and stacks[-1][0].wish == item.wish
        if stacked:
            stacks[-1].append(item)
        else:
            stacks.append([item])
    along, across = anchor.shape.width / 2.0 * anchor.scale, anchor.shape.depth / 2.0 * anchor.scale
    ashore = anchor.shape.kind == "landform"
    limit = min((0.55 if ashore else 1.25) * min(along, across), 1.25 * along / max(len(stacks), 1))
    for item in lot:
        item.scale *= min(1.0, limit / item.radius)
    # The other half of an island has a tree of its own.
    aside = 0.5 * min(along, across) if ashore else 0.0
    step = min(2.1 * max((item.radius for item in lot), default=0.0), 2.0 * along / max(len(stacks), 1))
    turn = math.radians(anchor.yaw_degrees)
    for number, stack in enumerate(stacks):
        u = aside + (number - (len(stacks) - 1) / 2.0) * step
        v = random.uniform(-0.2, 0.2) * max(across - stack[0].radius, 0.0)
        top = anchor.bottom + anchor.height * seat
        if seat == 1.0:
            footing = 0.4 * stack[0].radius / anchor.scale
            top = (
                anchor.bottom + top_at(anchor.shape, u / anchor.scale, v / anchor.scale, radius=footing) * anchor.scale
            )
        for item in stack:
            item.x = anchor.x + u * math.cos(turn) - v * math.sin(turn)
            item.y = anchor.y + u * math.sin(turn) + v * math.cos(turn)
            item.z = top - item.shape.floats * item.scale
            top += item.height


def _pile(lot: list[Item], anchor: Item, random: Random) -> None:
    """Lays round things in rings, each ring higher and tighter, as fruit lies in a bowl."""
    room = min(anchor.shape.width, anchor.shape.depth) / 2.0 * anchor.scale * 0.88
    below = len(lot) if len(lot) < 5 else min(round(0.62 * len(lot)) + 1, 7)
    widest = room / (1.0 + 1.0 / math.sin(math.pi / below)) if below > 1 else 0.62 * room
    for item in lot:
        # Small fruit in a large bowl is drawn a little larger than it is.
        item.scale *= min(_MOST_GROWN, max(1.0, 0.8 * widest / item.radius), widest / item.radius)
    radius = max((item.radius for item in lot), default=0.0)
    left, layer, below_it = list(lot), 0, list[Item]()
    while left:
        fits = max(below - 3 * layer, 1)
        ring, left = left[:fits], left[fits:]
        # No wider than it must be: in a large bowl they still lie together.
        away = radius * 1.04 / math.sin(math.pi / len(ring)) if len(ring) > 1 else 0.0
        away = min(away, max(room - radius, 0.0))
        base = max((item.z for item in below_it), default=anchor.bottom) + 0.62 * radius
        start = random.uniform(0.0, 2.0 * math.pi)
        for number, item in enumerate(ring):
            angle = start + 2.0 * math.pi * number / len(ring)
            item.x, item.y = anchor.x + away * math.cos(angle), anchor.y + away * math.sin(angle)
            # What is long lies with its ends on the wall, as a ball of its length would.
            ball = item.radius * 0.9 if item.radius > 0.75 * item.height else item.height / 2.0
            lying = cradled(anchor.shape, away / anchor.scale, 0.0, radius=ball / anchor.scale)
            lowest = anchor.bottom + lying * anchor.scale + ball - item.height / 2.0
            item.z = max(lowest, base) if below_it else lowest
            item.yaw_degrees = random.uniform(0.0, 360.0)
        below_it = ring
        layer += 1


def _bunch(lot: list[Item], anchor: Item, random: Random) -> None:
    """Stands stems in a vessel so that the heads are at different heights above the rim."""
    start = random.uniform(0.0, 2.0 * math.pi)
    wide = min(anchor.shape.width, anchor.shape.depth) / 2.0 * anchor.scale
    for number, item in enumerate(lot):
        share = number / max(len(lot) - 1, 1)
        item.scale = anchor.height * random.uniform(0.84, 0.96) / item.shape.height
        if len(lot) == 1:
            item.scale *= 1.3
        angle = start + 2.4 * number
        away = wide * 0.8 * math.sqrt(share)
        item.x, item.y = anchor.x + away * math.cos(angle), anchor.y + away * math.sin(angle)
        item.z = anchor.bottom + anchor.height * (0.72 - 0.28 * share if len(lot) > 1 else 0.3)
        item.yaw_degrees = random.uniform(-50.0, 50.0)


def _hang_over(lot: list[Item], anchors: list[Item], random: Random) -> None:
    top = max(anchor.bottom + anchor.height for anchor in anchors)
    middle = sum(anchor.x for anchor in anchors) / len(anchors)
    for number, item in enumerate(lot):
        aside = (number - (len(lot) - 1) / 2.0) * item.radius * 2.2
        item.x = middle + aside + random.uniform(-0.4, 0.4) * anchors[0].radius
        item.y = anchors[0].y + random.uniform(0.0, 0.6) * anchors[0].radius
        item.z = top + item.height * random.uniform(0.15, 0.4) - item.shape.floats * item.scale

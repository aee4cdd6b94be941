"""What lies on or in another thing touches it: it neither hovers nor sinks in."""

import math

import numpy as np
import pytest

from flora_mcp.studio.renderers.scene.graph import Scene, Thing
from flora_mcp.studio.renderers.scene.language import parse
from flora_mcp.studio.renderers.scene.shapes import SHAPES


def scene_of(prompt: str, *, seed: int) -> Scene:
    return parse(prompt, width_px=640, height_px=480, seed=seed).scene


def gap(thing: Thing, holder: Thing, *, radius: float = 0.0) -> float:
    """Returns how far a ball of this radius at the underside of a thing is from the skin of its holder, in metres."""
    turn = math.radians(holder.yaw_degrees)
    x, y = (a - b for a, b in zip(thing.position[:2], holder.position[:2], strict=True))
    z = thing.position[2] - holder.position[2] + radius
    local = np.array(
        [[x * math.cos(turn) + y * math.sin(turn)], [y * math.cos(turn) - x * math.sin(turn)], [z]], dtype=np.float32
    ) / np.float32(holder.scale)
    parts = SHAPES[holder.shape].parts
    return float(min(part.distance(local)[0] for part in parts)) * holder.scale - radius


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("prompt", ["a bird on a house", "a bird on a tree", "a cat on a box", "a candle on a book"])
def test_what_sits_on_a_thing_touches_its_top(prompt: str, seed: int) -> None:
    sitting, holder = scene_of(prompt, seed=seed).things
    height = SHAPES[sitting.shape].height * sitting.scale
    assert abs(gap(sitting, holder)) < 0.2 * height


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("prompt", ["an apple in a bowl", "three apples in a bowl", "four oranges in a bowl"])
def test_fruit_lies_on_the_bottom_of_its_bowl(prompt: str, seed: int) -> None:
    scene = scene_of(prompt, seed=seed)
    (bowl,) = [thing for thing in scene.things if thing.shape == "bowl"]
    for fruit in scene.things:
        if fruit is not bowl:
            radius = SHAPES[fruit.shape].height * fruit.scale / 2.0
            assert abs(gap(fruit, bowl, radius=radius)) < 0.08 * radius


@pytest.mark.parametrize("seed", range(8))
def test_a_bowl_is_looked_into(seed: int) -> None:
    assert scene_of("two bananas in a bowl", seed=seed).camera.angle == "high"
    assert scene_of("two bananas in a bowl, eye level", seed=seed).camera.angle == "eye"


def test_fish_swim_and_do_not_hover() -> None:
    (fish,) = scene_of("a fish in a lake", seed=3).things
    assert fish.position[2] + SHAPES["fish"].floats * fish.scale < 0.0
    assert "fish in a lake" in parse("a fish in a lake", width_px=64, height_px=48, seed=3).alt_text


@pytest.mark.parametrize(
    ("prompt", "shape"),
    [
        ("a red chair and a lamp in a room", "floor_lamp"),
        ("a sofa next to a lamp", "floor_lamp"),
        ("a lamp and a book", "lamp"),
        ("a lamp on a chair in a room", "lamp"),
        ("a room with a table, a chair and a lamp", "lamp"),
    ],
)
def test_no_table_lamp_stands_on_the_floor_of_a_room(prompt: str, shape: str) -> None:
    scene = parse(prompt, width_px=64, height_px=48, seed=1).scene
    lamps = [thing for thing in scene.things if "lamp" in thing.shape]
    assert [lamp.shape for lamp in lamps] == [shape]
    assert (lamps[0].position[2] > 0.2) == (shape == "lamp" and scene.setting == "room")

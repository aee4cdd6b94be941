"""What prompts are read as: things, counts, colours, materials, places, light and camera."""

import math
from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from flora_mcp.studio.renderers.scene.graph import Scene, Thing
from flora_mcp.studio.renderers.scene.language import Reading, parse
from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON
from flora_mcp.studio.renderers.scene.shapes import SHAPES


def read(prompt: str, *, seed: int = 7) -> Reading:
    return parse(prompt, width_px=640, height_px=480, seed=seed)


def counts(scene: Scene) -> dict[str, int]:
    return dict(Counter(thing.shape for thing in scene.things if thing.framed))


def only(scene: Scene, shape: str) -> Thing:
    (found,) = [thing for thing in scene.things if thing.shape == shape]
    return found


def as_seen(scene: Scene) -> Scene:
    """Returns the scene with its axes turned to the camera's: x to the right of the picture, y into it."""
    angle = math.radians(scene.camera.yaw_degrees)
    c, s = math.cos(angle), math.sin(angle)
    things = tuple(
        replace(thing, position=(x * c + y * s, y * c - x * s, z))
        for thing in scene.things
        for x, y, z in [thing.position]
    )
    return replace(scene, things=things)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a mug", {"mug": 1}),
        ("Mug.", {"mug": 1}),
        ("three mugs", {"mug": 3}),
        ("3 mugs", {"mug": 3}),
        ("a pair of candles", {"candle": 2}),
        ("a dozen eggs", {"egg": 12}),
        ("half a dozen eggs", {"egg": 6}),
        ("a few apples and two pears", {"apple": 3, "pear": 2}),
        ("several books", {"book": 5}),
        ("apples", {"apple": 3}),
        ("1000 balls", {"ball": 20}),
        ("no.1 mug", {"mug": 1}),
        ("a coffee mug and a wine bottle", {"mug": 1, "bottle": 1}),
        ("a cup of coffee next to a stack of books", {"mug": 1, "book": 3}),
        ("a vase with three flowers", {"vase": 1, "flower": 3}),
        ("a bowl of apples", {"bowl": 1, "apple": 3}),
        ("a red and a blue ball", {"ball": 2}),
        ("one red and two blue cubes", {"cube": 3}),
        ("an orange and an apple", {"orange": 1, "apple": 1}),
        ("an orange mug", {"mug": 1}),
        ("a glass", {"glass": 1}),
        ("a glass bottle", {"bottle": 1}),
        ("a stone house", {"house": 1}),
        ("kittens and puppies", {"cat": 3, "dog": 3}),
        ("two cacti", {"cactus": 2}),
        ("three snowmen", {"snowman": 3}),
        ("two fish", {"fish": 2}),
        ("an oak tree and a pine tree", {"tree": 1, "pine": 1}),
        ("a pine table with a mug", {"mug": 1}),
        ("a hot-air balloon over mountains", {"balloon": 1}),
        ("five pine trees in a row", {"pine": 5}),
        ("3 cinematic product shots of a ceramic mug on a sunlit table", {"mug": 1}),
        ("4 photos of two apples", {"apple": 2}),
        ("make 3 variations of a lamp", {"lamp": 1}),
        ("a cat on a chair", {"cat": 1, "chair": 1}),
        ("can you draw me a mug, please?", {"mug": 1}),
        ("a can of paint", {"cylinder": 1}),
        ("a castle surrounded by trees", {"castle": 1, "tree": 6}),
        ("a mug made of copper and a frosted glass bottle on a stone slab", {"mug": 1, "bottle": 1}),
        ("mountains at dawn", {}),
        ("moon over a lake", {}),
    ],
)
def test_a_prompt_is_read_as_these_things(prompt: str, expected: dict[str, int]) -> None:
    assert counts(read(prompt).scene) == expected


@pytest.mark.parametrize(
    ("prompt", "shape", "colour"),
    [
        ("a red mug", "mug", "red"),
        ("a mug, red", "mug", "red"),
        ("the mug is red", "mug", "red"),
        ("a mug in red", "mug", "red"),
        ("a blue-glazed mug", "mug", "blue"),
        ("a big, red ball", "ball", "red"),
        ("a very red ball", "ball", "red"),
        ("a red ball and a cube", "ball", "red"),
        ("a gray castle", "castle", "grey"),
        ("a navy blue boat", "boat", "navy"),
        ("an orange cat", "cat", "orange"),
        ("a walnut bowl", "bowl", "chocolate"),
        ("a light blue cup", "cup", "sky blue"),
    ],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_stated_colour_is_kept_for_every_seed(prompt: str, shape: str, colour: str, seed: int) -> None:
    assert only(read(prompt, seed=seed).scene, shape).colour == LEXICON.colours[colour]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_several_colours_are_dealt_out_to_the_things(seed: int) -> None:
    scene = read("one red and two blue cubes", seed=seed).scene
    red, blue = LEXICON.colours["red"], LEXICON.colours["blue"]
    assert [thing.colour for thing in scene.things] == [red, blue, blue]


def test_colours_after_several_nouns_are_shared_by_all_of_them() -> None:
    scene = read("still life of two spheres and two cubes in teal and pink").scene
    assert {thing.colour for thing in scene.things} == {LEXICON.colours["teal"], LEXICON.colours["pink"]}


def test_a_tone_makes_a_colour_lighter_or_darker() -> None:
    plain, light, dark = (only(read(f"a {tone} green vase").scene, "vase").colour for tone in ("", "pale", "deep"))
    assert sum(dark or ()) < sum(plain or ()) < sum(light or ())


def test_the_colour_of_a_part_is_its_accent() -> None:
    house = only(read("a house with a red roof").scene, "house")
    assert house.accent == LEXICON.colours["red"]
    assert house.colour != LEXICON.colours["red"]


def test_a_colour_of_something_unknown_is_not_given_to_a_neighbour() -> None:
    reading = read("red curtains and a mug", seed=3)
    assert reading.ignored == ("red", "curtains")
    assert only(reading.scene, "mug").colour != LEXICON.colours["red"]


@pytest.mark.parametrize(
    ("prompt", "material"),
    [
        ("a wooden mug", "wood"),
        ("a mug made of stone", "stone"),
        ("a golden mug", "gold"),
        ("a mug in marble", "marble"),
        ("a porcelain mug", "ceramic"),
        ("a glazed mug", "ceramic"),
        ("a mug carved from wood", "wood"),
        ("a steel mug", "steel"),
        ("a copper mug", "copper"),
        ("a leather mug", "leather"),
        ("a paper mug", "paper"),
        ("a plastic mug", "plastic"),
        ("a rubber mug", "rubber"),
        ("a clay mug", "clay"),
        ("a shiny mug", "paint"),
    ],
)
def test_a_stated_material_is_the_things_material(prompt: str, material: str) -> None:
    assert only(read(prompt).scene, "mug").material == material


@pytest.mark.parametrize(
    ("prompt", "setting"),
    [
        ("a mug", "table"),
        ("a mug on a desk", "table"),
        ("a mug on a pedestal", "studio"),
        ("a mug on a white background", "studio"),
        ("a mug in the snow", "snow"),
        ("a sofa in a living room", "room"),
        ("a cat on a rug", "room"),
        ("a house by a lake", "lake"),
        ("a castle on a hill", "field"),
        ("a cabin in the woods", "forest"),
        ("a car on a city street", "city"),
        ("a sailboat on the sea", "ocean"),
        ("a palm tree on a sandy beach", "beach"),
        ("a truck in the dunes", "desert"),
        ("a rocket in outer space", "space"),
        ("mountain range", "mountains"),
        ("an island", "ocean"),
        ("a snowman", "snow"),
    ],
)
def test_the_setting_is_what_was_said_or_where_the_thing_belongs(prompt: str, setting: str) -> None:
    assert read(prompt).scene.setting == setting


@pytest.mark.parametrize(
    ("prompt", "light"),
    [
        ("a mug in the morning light", "sunlit"),
        ("a sunny meadow", "sunlit"),
        ("a house at sunset", "golden hour"),
        ("a house at golden hour", "golden hour"),
        ("a house at night", "night"),
        ("a moonlit castle", "night"),
        ("a candlelit dinner plate", "candle"),
        ("a bowl by candlelight", "candle"),
        ("an overcast beach", "overcast"),
        ("a mug, softbox", "studio"),
        ("a studio shot of a mug on a sunlit table", "sunlit"),
        ("moon over the ocean", "night"),
        ("the sun over the ocean", "golden hour"),
    ],
)
def test_the_light_is_what_was_said(prompt: str, light: str) -> None:
    assert {read(prompt, seed=seed).scene.light for seed in range(4)} == {light}


@pytest.mark.parametrize(
    ("prompt", "field", "expected"),
    [
        ("a close-up of a mug", "framing", "close-up"),
        ("wide shot of a house", "framing", "wide"),
        ("a top-down view of a mug", "angle", "top-down"),
        ("a mug, bird’s-eye view", "angle", "top-down"),
        ("low angle tower", "angle", "low"),
        ("isometric house", "angle", "high"),
        ("a cinematic car", "cinematic", True),
        ("a mug", "framing", "normal"),
        ("a mug", "cinematic", False),
    ],
)
def test_the_camera_does_what_was_said(prompt: str, field: str, expected: object) -> None:
    assert getattr(read(prompt).scene.camera, field) == expected


@pytest.mark.parametrize(
    ("prompt", "mood"),
    [
        ("a cozy lamp", "warm"),
        ("a dramatic vase", "dramatic"),
        ("a minimalist vase", "minimal"),
        ("a dreamy meadow", "dreamy"),
        ("a spooky castle", "moody"),
        ("a dark forest", "moody"),
        ("a vase", "neutral"),
    ],
)
def test_the_mood_is_what_was_said(prompt: str, mood: str) -> None:
    assert read(prompt).scene.mood == mood


def test_weather_reaches_the_sky() -> None:
    assert read("a field in the rain").scene.rain
    assert read("a foggy forest").scene.fog > 0.3
    assert read("a field under a clear sky").scene.clouds == 0.0
    assert (read("a field under a cloudy sky").scene.clouds or 0.0) > 0.5
    assert read("a field").scene == replace(read("a field").scene, rain=False, fog=0.0, clouds=None)


@pytest.mark.parametrize(
    ("prompt", "material"),
    [
        ("a mug on a marble table", "marble"),
        ("a mug on a dark oak desk", "wood"),
        ("a mug on a stone windowsill", "stone"),
        ("a mug on a tablecloth", "fabric"),
        ("a mug on a red table", "paint"),
    ],
)
def test_the_table_top_is_what_was_said(prompt: str, material: str) -> None:
    assert {read(prompt, seed=seed).scene.surface.material for seed in range(4)} == {material}


def test_the_background_takes_its_colour() -> None:
    assert read("a mug on a pink background").scene.backdrop == LEXICON.colours["pink"]


@pytest.mark.parametrize("seed", range(4))
def test_things_stand_where_the_relation_says(seed: int) -> None:
    def pair(prompt: str, one: str, other: str) -> tuple[Thing, Thing]:
        scene = as_seen(read(prompt, seed=seed).scene)
        return only(scene, one), only(scene, other)

    cat, chair = pair("a cat on a chair", "cat", "chair")
    assert cat.position[2] > 0.3 * chair.scale
    tree, house = pair("a tree behind a house", "tree", "house")
    assert tree.position[1] > house.position[1]
    car, tower = pair("a car in front of a tower", "car", "tower")
    assert car.position[1] < tower.position[1]
    left, right = pair("a mug to the left of a lamp", "mug", "lamp")
    assert left.position[0] < right.position[0]
    above, below = pair("an airplane over a castle", "airplane", "castle")
    assert above.position[2] + 6.0 * above.scale > 10.0 * below.scale
    bowl, pear = pair("a pear in a bowl", "bowl", "pear")
    assert math.dist(bowl.position[:2], pear.position[:2]) < 0.1
    assert pear.position[2] > 0.0
    sitting, seat = pair("On a chair sits a dog.", "dog", "chair")
    assert sitting.position[2] > 0.3 * seat.scale


def test_what_surrounds_a_thing_stands_around_it() -> None:
    scene = read("a castle surrounded by six trees").scene
    castle = only(scene, "castle").position
    turns = sorted(
        math.atan2(thing.position[1] - castle[1], thing.position[0] - castle[0])
        for thing in scene.things
        if thing.shape == "tree"
    )
    gaps = [b - a for a, b in pairwise([*turns, turns[0] + 2.0 * math.pi])]
    assert gaps == pytest.approx([math.pi / 3.0] * 6, abs=0.05)


@pytest.mark.parametrize(
    "prompt", ["two apples and a pear in a bowl", "a cat and a dog on a sofa", "three books on a box"]
)
def test_what_is_on_or_in_the_same_thing_shares_its_room(prompt: str) -> None:
    scene = read(prompt).scene
    small = [thing for thing in scene.things if thing.shape not in ("bowl", "sofa", "box")]
    for one, other in combinations(small, 2):
        across = max(SHAPES[one.shape].height * one.scale, SHAPES[other.shape].height * other.scale)
        assert math.dist(one.position, other.position) > 0.5 * across


def test_a_stack_stays_one_on_a_chair() -> None:
    scene = read("a stack of three books on a chair").scene
    chair = only(scene, "chair")
    heights = sorted(thing.position[2] for thing in scene.things if thing.shape == "book")
    assert heights[0] > 0.3 * chair.scale
    assert heights[0] < heights[1] < heights[2]


def test_what_flies_leaves_the_ground() -> None:
    assert only(read("a bird flying over a lake").scene, "bird").position[2] > 0.1
    assert only(read("a bird next to a house").scene, "bird").position[2] == 0.0


def test_a_table_among_furniture_is_furniture() -> None:
    scene = read("a mug on a table next to a chair").scene
    assert scene.setting == "room"
    assert counts(scene)["mug"] == 1
    assert {"table", "chair"} <= {thing.shape for thing in scene.things}


def test_what_stands_on_land_does_not_stand_in_the_lake() -> None:
    house = only(read("a house by a lake").scene, "house")
    boat = only(read("a boat on a lake").scene, "boat")
    assert house.position[2] > 0.0
    assert boat.position[2] == 0.0

"""What is reported as recognised is drawn, and the alt text speaks of nothing else."""

import math
from collections.abc import Iterator

import pytest

from flora_mcp.studio.renderers.scene.language import Reading, parse
from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON, Kind

SEEDS = range(12)
FITTING: dict[Kind, tuple[str, ...]] = {
    "light": ("a red mug on a wooden table, {}", "a field, {}"),
    "weather": ("a house in a field, {}", "a field, {}"),
    "camera": ("a red car in a desert, {}", "a mug, {}"),
    "mood": ("a red vase in a field, {}", "a vase, {}"),
    "setting": ("a house, {}", "{}"),
    "surface": ("a red mug on a {}", "a cat on a {}"),
    "material": ("a {} mug", "a {} flower"),
    "colour": ("a {} mug", "a {} tree"),
    "tone": ("a {} green mug",),
    "size": ("a {} mug next to a book",),
    "relation": ("a mug {} a book", "a mug {} a sofa"),
    "arrangement": ("six mugs {}", "{} mugs"),
    "part": ("a house with a blue {}", "a sailboat with a blue {}"),
    "undrawn": ("a mug, {}", "a {} bottle"),
}
"""A prompt or two for each class of phrases; the phrase goes between the braces."""
ALWAYS_TOLD: tuple[Kind, ...] = ("weather", "mood", "undrawn", "surface")
"""Classes whose phrases are reported, one way or the other, wherever they stand."""


def read(prompt: str, *, seed: int = 7) -> Reading:
    return parse(prompt, width_px=640, height_px=480, seed=seed)


def cases() -> Iterator[tuple[str, str, str]]:
    for parts, senses in sorted(LEXICON.senses.items()):
        for sense in senses:
            for template in FITTING.get(sense.kind, ()):
                if not (sense.plural and sense.kind in ("surface", "part")):
                    yield sense.kind, " ".join(parts), template


@pytest.mark.parametrize("kind", sorted(FITTING))
def test_every_phrase_of_a_class_changes_the_scene_or_is_ignored(kind: Kind) -> None:
    told = [(phrase, template) for of, phrase, template in cases() if of == kind]
    assert told
    for phrase, template in told:
        with_it, without = template.format(phrase), template.format("").strip(", ")
        readings = [read(with_it, seed=seed) for seed in SEEDS]
        if any(phrase in reading.recognised for reading in readings):
            changed = (reading.scene != read(without, seed=reading.scene.seed).scene for reading in readings)
            assert any(changed), with_it
        elif kind in ALWAYS_TOLD:
            heard = [" ".join((*reading.recognised, *reading.ignored)) for reading in readings]
            assert all(phrase.split()[-1] in words for words in heard), with_it


def test_every_count_is_drawn() -> None:
    for parts, senses in LEXICON.senses.items():
        for sense in senses:
            if sense.kind == "count":
                scene = read(f"{' '.join(parts)} mugs next to a book").scene
                assert sum(thing.shape == "mug" for thing in scene.things) == int(sense.value)


def test_no_class_of_phrases_is_forgotten() -> None:
    grammatical = {"noun", "picture", "determiner", "negation", "conjunction", "material_of", "unavoidable", "stop"}
    kinds = {sense.kind for senses in LEXICON.senses.values() for sense in senses}
    assert kinds == grammatical | set(FITTING) | {"count"}


@pytest.mark.parametrize(
    ("prompt", "ignored"),
    [
        ("a mug in the rain", ("in the rain",)),
        ("a foggy table with a mug", ("foggy",)),
        ("a mug under a clear sky", ("clear sky",)),
        ("a rocket in space in the rain at sunset", ("in the rain", "sunset")),
        ("a field in the rain under a clear sky", ("clear sky",)),
        ("a mug, bokeh, shallow depth of field", ("bokeh", "shallow depth of field")),
        ("a frosted glass bottle", ("frosted",)),
        ("side view of a mug", ("side view",)),
        ("front view of a ball", ("front view",)),
        ("aerial view of a forest", ("aerial view",)),
        ("a close-up wide shot of a mug", ("wide shot",)),
        ("a mug, backlit, candlelit", ("backlit",)),
        ("a backlit mug, side lit", ("side lit",)),
        ("a minimal house in a field", ("minimal",)),
        ("a dark, cheerful forest", ("dark",)),
        ("a house in studio lighting in a desert", ("studio lighting",)),
        ("a starry night in a room with a chair", ("starry night",)),
        ("a cat by a window at night", ("by a window",)),
        ("a house with a window", ("window",)),
        ("a cat on a blanket in a field", ("blanket",)),
        ("a mug on a rug on a table", ("rug",)),
        ("a house with a red door", ("red", "door")),
        ("a wooden flower", ("wooden",)),
        ("a red, blue and green mug", ("blue", "green")),
        ("a painted wooden chair", ("painted",)),
        ("1000 balls", ("1000",)),
        ("one mug in a row", ("in a row",)),
        ("a volcano", ("volcano",)),
        ("a jungle", ("jungle",)),
        ("a cabin in a blizzard", ("blizzard",)),
        ("a house in the mountains from above", ("mountains",)),
        ("a desert with mountains behind", ("mountains",)),
        ("a sailboat before a city skyline", ("city skyline",)),
        ("a boat on the sea near a beach", ("beach",)),
        ("a mug on a background in the desert", ("background",)),
    ],
)
def test_what_is_read_but_not_drawn_is_ignored(prompt: str, ignored: tuple[str, ...]) -> None:
    assert {read(prompt, seed=seed).ignored for seed in SEEDS} == {ignored}


@pytest.mark.parametrize(
    ("prompt", "setting", "alt_text"),
    [
        ("mountains behind a lake, sunny", "lake", "A lake below mountains in sunlight, 4:3."),
        ("a lake in the mountains, sunny", "lake", "A lake below mountains in sunlight, 4:3."),
        ("mountain lake, sunny", "lake", "A lake below mountains in sunlight, 4:3."),
        ("a lake with mountains, sunny", "lake", "A lake below mountains in sunlight, 4:3."),
        ("a forest lake at sunset", "lake", "A lake with a wooded shore at golden hour, 4:3."),
        ("a white sailboat on a lake below mountains, sunny, straight on", "lake", None),
        ("a brown cabin by a lake with mountains in the background, sunny", "lake", None),
        ("a city by the water at night", "city", "A city by the water at night, 4:3."),
        ("city skyline over the sea at night", "city", "A city by the water at night, 4:3."),
        ("a beach by the ocean, sunny", "beach", "A beach by the ocean in sunlight, 4:3."),
        ("the ocean with a sandy beach, sunny", "beach", "A beach by the ocean in sunlight, 4:3."),
        ("a snowy forest, sunny", "snow", "A snowy landscape with woods in sunlight, 4:3."),
        ("a meadow below mountains, sunny", "mountains", "A meadow before mountains in sunlight, 4:3."),
        ("snow in the mountains, sunny", "mountains", "Snowy mountains in sunlight, 4:3."),
        ("a duck in the forest, sunny", "lake", None),
    ],
)
def test_settings_that_one_picture_shows_are_both_recognised(prompt: str, setting: str, alt_text: str | None) -> None:
    for seed in SEEDS:
        reading = read(prompt, seed=seed)
        assert reading.scene.setting == setting
        assert reading.ignored == ()
        if alt_text is not None:
            assert reading.alt_text == alt_text
        else:
            assert ("mountains" in reading.alt_text) == ("mountains" in prompt)


def test_a_background_of_mountains_does_not_move_the_cabin_away() -> None:
    near = read("a cabin by a lake").scene.things
    assert read("a cabin by a lake with mountains in the background").scene.things == near


@pytest.mark.parametrize("seed", SEEDS)
def test_a_window_lets_the_sun_into_the_room(seed: int) -> None:
    mug, cat = read("a mug by a window", seed=seed), read("a cat next to the window", seed=seed)
    assert mug.scene.setting == "table"
    assert cat.scene.setting == "room"
    for reading in (mug, cat):
        assert reading.scene.light in ("sunlit", "golden hour")
        assert reading.ignored == ()
        assert " from a window" in reading.alt_text


@pytest.mark.parametrize(("prompt", "turned"), [("front view of a car", 0.0), ("side view of a car", 90.0)])
def test_a_view_from_front_or_side_turns_what_has_a_front(prompt: str, turned: float) -> None:
    for seed in SEEDS:
        scene = read(prompt, seed=seed).scene
        (car,) = scene.things
        assert abs(car.yaw_degrees - scene.camera.yaw_degrees) == pytest.approx(turned, abs=4.1)
        assert scene.camera.angle == "eye"


@pytest.mark.parametrize(
    ("prompt", "part"),
    [
        ("a field in fog and rain", "in rain and fog"),
        ("a field under a cloudy sky", "under a cloudy sky"),
        ("a field under a blue sky", "under a clear sky"),
        ("a backlit castle", "from behind"),
        ("a minimalist vase", "minimal mood"),
        ("a house between two trees", "between two"),
        ("a mug between a book and a lamp", " lamp on "),
        ("a yellow flower on marble", "on a marble surface"),
        ("a car in a city, top-down", "on paving"),
    ],
)
def test_the_alt_text_speaks_of_what_is_drawn(prompt: str, part: str) -> None:
    assert all(part in read(prompt, seed=seed).alt_text for seed in SEEDS)


@pytest.mark.parametrize(
    ("prompt", "part"),
    [
        ("a mug in the rain and fog", "rain"),
        ("a mug under a cloudy sky", "cloudy"),
        ("a rocket in space at sunset", "golden"),
        ("a minimal house", "minimal"),
        ("a wooden flower", "wooden"),
        ("a house with a blue door", "door"),
        ("a car in the mountains, from above", "mountains"),
    ],
)
def test_the_alt_text_is_silent_about_what_is_not_drawn(prompt: str, part: str) -> None:
    assert not any(part in read(prompt, seed=seed).alt_text for seed in SEEDS)


def test_what_stands_between_others_has_one_on_each_side() -> None:
    for seed in SEEDS:
        for prompt, middle in (("a house between two trees", "house"), ("a mug between a book and a lamp", "mug")):
            scene = read(prompt, seed=seed).scene
            turn = math.radians(scene.camera.yaw_degrees)
            seen = {t.position[0] * math.cos(turn) + t.position[1] * math.sin(turn): t.shape for t in scene.things}
            assert [seen[x] for x in sorted(seen)][1] == middle


def test_what_is_in_a_building_or_vehicle_stands_before_it() -> None:
    cat, house = read("a cat in a house", seed=3).scene.things
    assert cat.position[2] == house.position[2] == 0.0


@pytest.mark.parametrize(("prompt", "setting"), [("a cloudy sky", "field"), ("rain", "field"), ("blue sky", "field")])
def test_weather_alone_makes_a_landscape(prompt: str, setting: str) -> None:
    reading = read(prompt)
    assert (reading.scene.setting, reading.scene.things) == (setting, ())


def test_a_time_of_day_alone_makes_a_landscape() -> None:
    for seed in SEEDS:
        scene = read("a beautiful sunset", seed=seed).scene
        assert (scene.light, scene.things) == ("golden hour", ())
        assert scene.setting in ("ocean", "lake", "mountains", "field")

"""Which words of a prompt are reported as understood, and what the alt text says of the picture."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flora_mcp.studio.renderers.scene.language import Reading, parse
from flora_mcp.studio.renderers.scene.language.lexicon import LEXICON, plural_of


def read(prompt: str, *, seed: int = 7, width_px: int = 640, height_px: int = 480) -> Reading:
    return parse(prompt, width_px=width_px, height_px=height_px, seed=seed)


@pytest.mark.parametrize(
    ("prompt", "recognised", "ignored"),
    [
        (
            "3 cinematic product shots of a ceramic mug on a sunlit table",
            ("cinematic", "product shots", "ceramic", "mug", "sunlit", "table"),
            (),
        ),
        ("A Red MUG!", ("Red", "MUG"), ()),
        ("a blue-glazed mug", ("blue", "glazed", "mug"), ()),
        ("hello world", (), ("hello", "world")),
        ("", (), ()),
        ("the of and a", (), ()),
        ("a flibbertigibbet next to a mug", ("mug",), ("flibbertigibbet",)),
        ("a mug next to a book", ("mug", "next to", "book"), ()),
        ("a castle, no clouds, without trees or cars", ("castle", "no clouds", "without trees or cars"), ()),
        ("a mug without shadows", ("mug",), ("without shadows",)),
        ("a mug without a handle", ("mug",), ("without a handle",)),
        ("a mug, no people", ("mug", "no people"), ()),
        ("an orange sunset over the ocean", ("sunset", "ocean"), ("orange",)),
        ("black and white photo of a dog", ("dog",), ("black", "white")),
        ("a house at sunset, at night", ("house", "sunset"), ("night",)),
        ("eine rote Tasse 🍵 und 一个杯子", (), ("eine", "rote", "Tasse", "und", "一个杯子")),
        ("“a quoted vase” — and 'another'", ("vase",), ("quoted",)),
        ("4k, trending, mug, 16:9", ("mug",), ("4k", "trending", "16", "9")),
    ],
)
def test_each_word_is_recognised_ignored_or_small(
    prompt: str, recognised: tuple[str, ...], ignored: tuple[str, ...]
) -> None:
    reading = read(prompt)
    assert (reading.recognised, reading.ignored) == (recognised, ignored)


def test_what_is_not_wanted_is_not_drawn() -> None:
    for seed in range(6):
        reading = read("no spheres, no cones", seed=seed)
        assert not {"ball", "cone"} & {thing.shape for thing in reading.scene.things}
        assert reading.recognised == ("no spheres", "no cones")
    assert read("a field with no clouds").scene.clouds == 0.0
    assert read("a castle but not in the mountains").scene.setting != "mountains"
    red = LEXICON.colours["red"]
    assert all(read("a cube that is not red", seed=seed).scene.things[0].colour != red for seed in range(8))


def test_unknown_words_alone_make_a_still_life() -> None:
    reading = read("qwerty asdf")
    assert {thing.shape for thing in reading.scene.things} >= {"ball", "cube"}
    assert reading.scene.setting == "table"
    assert reading.ignored == ("qwerty", "asdf")


@pytest.mark.parametrize(
    ("prompt", "says"),
    [
        (
            "a white ceramic mug on a light oak table in warm sunlight, close-up",
            "A white ceramic mug on a light oak table in sunlight, close view, warm mood, 4:3.",
        ),
        ("two red apples in a wooden bowl by candlelight, on a marble table", None),
        ("mountains at dawn", "Mountains at golden hour, 4:3."),
        ("a red car in the desert at night, cinematic", "A red car in a desert at night, cinematic, 4:3."),
        ("a moonlit lake with the moon", "A lake at night under a full moon, 4:3."),
        ("a yellow duck on a pond, sunny", "A yellow duck on a lake in sunlight, 4:3."),
        ("a red and a blue ball on a marble table, studio", None),
    ],
)
def test_the_alt_text_says_what_is_drawn(prompt: str, says: str | None) -> None:
    texts = {
        read(prompt, seed=seed).alt_text.replace(", from a high angle", "").replace(", from a low angle", "")
        for seed in range(3)
    }
    if says is None:
        (says,) = texts
        for word in read(prompt).recognised:
            if word in LEXICON.colours or word in LEXICON.nouns:
                assert word in says
    assert texts == {says}


def test_the_alt_text_names_the_format() -> None:
    assert read("a mug", width_px=1920, height_px=1080).alt_text.endswith(", 16:9.")
    assert read("a mug", width_px=512, height_px=512).alt_text.endswith(", 1:1.")
    assert read("a mug", width_px=513, height_px=911).alt_text.endswith(", tall.")


@pytest.mark.parametrize(
    ("word", "plural"),
    [
        ("mug", "mugs"),
        ("cherry", "cherries"),
        ("box", "boxes"),
        ("torch", "torches"),
        ("toy", "toys"),
        ("cup of tea", "cups of tea"),
        ("shelf", "shelves"),
    ],
)
def test_plurals_follow_the_rules_of_english(word: str, plural: str) -> None:
    assert plural_of(word) == plural


WORDS = st.sampled_from(sorted({" ".join(parts) for parts in LEXICON.senses}))
PROMPTS = st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=14).map(" ".join) | st.text(max_size=80)


@settings(max_examples=150, deadline=None)
@given(prompt=PROMPTS, seed=st.integers(0, 2**63 - 1))
def test_any_text_makes_a_scene(prompt: str, seed: int) -> None:
    reading = read(prompt, seed=seed)
    assert reading == read(prompt, seed=seed)
    words = " ".join((*reading.recognised, *reading.ignored)).split()
    assert all(word in prompt for word in words)
    assert reading.alt_text.endswith(".")


@pytest.mark.parametrize("text", ["mug " * 2500, "x" * 10_000, "no " * 3000, "red " * 2500, "and, " * 2000, "9" * 9999])
def test_a_prompt_may_be_long(text: str) -> None:
    assert len(read(text).scene.things) <= 60

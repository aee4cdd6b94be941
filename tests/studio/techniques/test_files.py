"""What a technique file may say, and how it is told what it may not."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from studio.techniques.documents import (
    PICTURE,
    TEXT,
    action,
    content,
    generation,
    grade,
    output,
    technique,
    text,
)

from flora_mcp.studio.catalog import load_actions, load_catalog
from flora_mcp.studio.errors import UnusableTechniqueError
from flora_mcp.studio.techniques import Definition, credits_of, most_credits, read_technique, shipped_files
from flora_mcp.studio.techniques.plan import Plan


def read(file: bytes, *, source: str = "file") -> Definition:
    return read_technique(file, source=source, catalog=load_catalog(), actions=load_actions())


def faults(document: Any) -> dict[str, str]:
    """The message of each place for which a file is refused."""
    file = document if isinstance(document, bytes) else content(document)
    with pytest.raises(UnusableTechniqueError) as raised:
        read(file)
    return dict(each.split(": ", 1) for each in raised.value.problems)


SHIPPED = list(shipped_files())

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "techniques.md"


@pytest.mark.parametrize(("name", "file"), SHIPPED, ids=[name for name, _ in SHIPPED])
def test_a_shipped_technique_can_be_run_and_is_told_of(name: str, file: bytes) -> None:
    definition = read(file, source=name)
    assert name == f"{definition.slug}.json"
    assert definition.description
    assert all(each.description or each.default for each in definition.open_inputs)
    assert any(not each.omissible for each in definition.open_inputs) or definition.slug == "duotone-cover"


def test_there_are_enough_shipped_techniques() -> None:
    assert len(SHIPPED) >= 6


def test_the_file_in_the_documentation_can_be_added() -> None:
    [document] = re.findall(r"```json\n(.*?)```", DOCUMENTATION.read_text(encoding="utf-8"), re.DOTALL)
    assert read(document.encode()).slug == "framed-portrait"


def test_every_shipped_technique_is_in_the_documentation() -> None:
    told = re.findall(r"^\| `([a-z-]+)` \|", DOCUMENTATION.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == [name.removesuffix(".json") for name, _ in SHIPPED]


def test_a_technique_survives_being_written_out() -> None:
    for _, file in SHIPPED:
        definition = read(file)
        assert read(json.dumps(definition.written()).encode()) == definition


DRAWN = generation("drawn")
OPTIONAL = {**PICTURE, "optional": True}
CHOICE = {"id": "level", "name": "Level", "type": "text", "default": "10", "options": ["10", "20"]}
COLOUR = {"id": "ink", "name": "Ink", "type": "text", "format": "color", "default": "#ff8800"}
TINT = "color-tint-image-browser"
BESIDE = "side-by-side-composite-browser"


def changed(document: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**document, **changes}


def cases() -> Iterator[tuple[str, Any, str, str]]:
    """What is wrong, a file with it, the place, and a part of the message."""
    good = technique(DRAWN)
    yield "no JSON", b"{", "file", "not valid JSON"
    yield "too long", b" " * 300_000, "file", "300000 bytes"
    yield "a list", b"[]", "file", "Input should be"
    yield "version", changed(good, format=2), "format", "Input should be 1"
    yield "unknown key", changed(good, code="print()"), "code", "Unknown key"
    yield "key of a step", technique({**DRAWN, "promt": "x"}), "steps.drawn.promt", "Unknown key"
    yield "slug", changed(good, slug="My Sketch"), "slug", "pattern"
    yield "kind of step", technique({**DRAWN, "type": "code"}), "steps.drawn", "'generation', 'action', 'text'"
    yield "id twice", technique(DRAWN, generation("what")), "inputs and steps", "'what' is there 2 times"
    yield "model", technique({**DRAWN, "model": "t2i-studio-scen"}), "steps.drawn.model", "mean 't2i-studio-scene'?"
    yield "placeholder", technique(generation("drawn", "{wat}")), "steps.drawn.prompt", "did you mean 'what'?"
    yield "brace", technique(generation("drawn", "{what} {")), "steps.drawn.prompt", "write it twice"
    yield "attribute", technique(generation("drawn", "{what.__class__}")), "steps.drawn.prompt", "write it twice"
    yield "picture in a text", technique(DRAWN, text("said", "{drawn}")), "steps.said.template", "is an image"
    yield "circle", technique(text("a", "{b}"), text("b", "{a}")), "steps", "in a circle"
    yield "circle of one", technique(text("a", "{a}")), "steps", "in a circle"
    ratio = technique(generation("drawn", params={"aspect_ratio": "5:1"}))
    yield "value of a model", ratio, "steps.drawn.params.aspect_ratio", "'5:1' is not accepted; use one of 1:1"
    both = technique(generation("drawn", specified_aspect_ratio="1:1", params={"aspect_ratio": "1:1"}))
    yield "ratio twice", both, "steps.drawn.params.aspect_ratio", "beside specified_aspect_ratio"
    yield "parameter", technique(generation("drawn", params={"size": 1})), "steps.drawn.params.size", "it takes"
    yield "action", technique(DRAWN, action("b", "blur", {})), "steps.b.action", "'blur' is not in this studio"
    slot = technique(DRAWN, action("b", TINT, {"picture": "drawn"}))
    yield "slot", slot, "steps.b.inputs.picture", "there is image"
    yield "slot left out", slot, "steps.b.inputs.image", "Required"
    yield "type of a slot", technique(grade("b", "what")), "steps.b.inputs.image", "'what' is a text"
    few = technique(DRAWN, action("b", BESIDE, {"images": ["drawn"]}))
    yield "too few", few, "steps.b.inputs.images", "1 are given; it takes 2 to 4"
    several = action("copies", "duplicate-image-browser", {"image": "drawn"})
    yield "several for one", technique(DRAWN, several, grade("b", "copies")), "steps.b.inputs.image", "several images"
    number = technique(DRAWN, grade("b", "drawn", contrast=200))
    yield "value of an action", number, "steps.b.params.contrast", "200 is not accepted"
    free = technique(DRAWN, grade("b", "drawn", contrast="{what}"))
    yield "any text for a number", free, "steps.b.params.contrast", "takes any text from 'what'"
    wrong = {**CHOICE, "options": ["10", "200"]}
    option = technique(DRAWN, grade("b", "drawn", contrast="{level}"), inputs=(TEXT, wrong))
    yield "option for a number", option, "steps.b.params.contrast", "200 is not accepted"
    colour = technique(DRAWN, action("b", TINT, {"image": "drawn"}, intensity="{ink}"), inputs=(TEXT, COLOUR))
    yield "colour for a number", colour, "steps.b.params.intensity", "'#000000' is not accepted"
    locked = technique(DRAWN, inputs=({**TEXT, "locked": True},))
    yield "locked to nothing", locked, "inputs.what.locked", "needs a default"
    default = technique(DRAWN, inputs=({**TEXT, "default": "x", "options": ["y"]},))
    yield "default that is no option", default, "inputs.what.default", "use one of y"
    ink = technique(DRAWN, inputs=({**TEXT, "default": "red", "format": "color"},))
    yield "default that is no colour", ink, "inputs.what.default", "use a colour"
    picture = technique(grade("b", "photo"), inputs=({**PICTURE, "default": "x"},))
    yield "default of a picture", picture, "inputs.photo.default", "is for texts"
    unused = technique(DRAWN, inputs=(TEXT, CHOICE))
    yield "input of no use", unused, "inputs.level", "No step uses it"
    yield "step of no use", technique(generation("idle"), DRAWN), "steps.idle", "Nothing uses it"
    yield (
        "output of nothing",
        technique(DRAWN, outputs=(output("drawing"),)),
        "outputs.drawing_out.from",
        "mean 'drawn'?",
    )
    twice = technique(DRAWN, outputs=(output("drawn"), {**output("drawn"), "id": "again"}))
    yield "output twice", twice, "outputs.again.from", "given out twice"
    missing = technique(grade("b", "photo"), inputs=(OPTIONAL,))
    yield "output that may miss", missing, "outputs.b_out", "when none is given and 'photo' is not"
    nothing = technique(grade("b", "photo"), inputs=(OPTIONAL,), outputs=(output("b", optional=True),))
    yield "no output at all", nothing, "outputs", "None is made"
    promise = technique(DRAWN, outputs=(output("drawn", specified_aspect_ratio="16:9"),))
    yield "ratio", promise, "outputs.drawn_out.specified_aspect_ratio", "step 'drawn' makes 1:1"
    unsure = technique(grade("b", "photo"), inputs=(PICTURE,), outputs=(output("b", specified_aspect_ratio="1:1"),))
    yield "ratio of a run", unsure, "outputs.b_out.specified_aspect_ratio", "depends on the run"
    yield "when", technique({**DRAWN, "when": ["photo"]}), "steps.drawn.when", "'photo' is no input"


CASES = list(cases())


@pytest.mark.parametrize(("document", "place", "part"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_file_is_told_the_place_and_what_is_accepted(document: Any, place: str, part: str) -> None:
    found = faults(document)
    assert part in found[place]


def test_every_fault_of_a_file_is_told_at_once() -> None:
    document = technique(
        generation("drawn", "{wat}", params={"resolution": "9k"}), grade("b", "drwn", hue=1), slug="other"
    )
    assert set(faults(document)) == {
        "steps.drawn.prompt",
        "steps.drawn.params.resolution",
        "steps.b.inputs.image",
        "steps.b.params.hue",
    }


def test_the_message_names_the_file() -> None:
    with pytest.raises(UnusableTechniqueError, match=r"^'my\.json' is no technique that can be run\. format: "):
        read(content({**technique(DRAWN), "format": 3}), source="'my.json'")


@pytest.mark.parametrize(
    ("steps", "inputs", "kept"),
    [
        ([generation("drawn", specified_aspect_ratio="9:16"), grade("b", "drawn")], (TEXT,), "9:16"),
        ([action("b", "change-image-ar-browser", {"image": "photo"}, aspect_ratio="4:3")], (PICTURE,), "4:3"),
        (
            [action("b", "resize-image-browser", {"image": "photo"}, mode="exact", width=1920, height=1080)],
            (PICTURE,),
            "16:9",
        ),
        ([grade("b", "photo")], ({**PICTURE, "specified_aspect_ratio": "3:2"},), "3:2"),
    ],
    ids=["of a generation", "of a cut", "of a size", "of an input"],
)
def test_a_promised_ratio_is_followed_through_the_steps(steps: Any, inputs: Any, kept: str) -> None:
    read(content(technique(*steps, inputs=inputs, outputs=(output("b", specified_aspect_ratio=kept),))))


def test_the_dearest_run_is_what_a_technique_costs() -> None:
    drawn = generation("drawn", "{what}")
    document = technique(drawn, grade("b", "photo|drawn"), inputs=(OPTIONAL, {**TEXT, "default": "a cup"}))
    definition, catalogs = read(content(document)), {"catalog": load_catalog(), "actions": load_actions()}
    assert most_credits(definition, **catalogs) == 4
    assert credits_of(Plan(definition=definition, values={"photo": "x"}), **catalogs) == 0

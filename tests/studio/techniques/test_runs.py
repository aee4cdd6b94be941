"""The life of a technique's run: its steps, its progress, its cost and what it makes."""

import io
import threading
from typing import Any

import anyio
import pytest
from PIL import Image
from studio.pictures import picture
from studio.techniques.conftest import Easel, given
from studio.techniques.documents import (
    MODEL,
    PICTURE,
    TEXT,
    action,
    generation,
    grade,
    output,
    paint,
    technique,
    text,
)

from flora_mcp.studio.renderers import Progress, Rendering, RenderRequest, RenderThreads
from flora_mcp.studio.techniques import shipped_techniques

SEED = {"id": "seed", "name": "Seed", "type": "text", "format": "seed"}
OPTIONAL = {**PICTURE, "optional": True}
ASKED = given("what", "a cup")


async def test_a_run_makes_what_its_outputs_name(easel: Easel) -> None:
    drawn = generation("drawn", "{line}", specified_aspect_ratio="3:2", params={"seed": "{seed}"})
    outputs = (output("mirrored", specified_aspect_ratio="3:2"), output("line"))
    mirrored = grade("mirrored", "drawn", contrast=10)
    line = text("line", "{what} on a table")
    technique_id = await easel.add(technique(mirrored, drawn, line, inputs=(TEXT, SEED), outputs=outputs))
    started = await easel.start(ASKED, given("seed", "40"))
    run_id = started["run_id"]
    poll_url = f"http://studio.localhost/api/v1/techniques/{technique_id}/runs/{run_id}"
    now_ms = easel.api.clock.now_ms
    assert started == {
        "run_id": run_id,
        "status": "pending",
        "progress": 0,
        "created_at": now_ms,
        "poll_url": poll_url,
    }
    done = await easel.api.finished(run_id)
    assert done == await easel.api.get(f"techniques/sketch/runs/{run_id}")
    facts = done.pop("facts")
    url = done["outputs"][0].pop("url")
    assert done == {
        **started,
        "status": "completed",
        "progress": 100,
        "started_at": now_ms,
        "completed_at": now_ms,
        "charged_cost": 0.004,
        "outputs": [
            {"output_id": "mirrored_out", "type": "imageUrl"},
            {"output_id": "line_out", "type": "text", "url": "a cup on a table"},
        ],
    }
    assert Image.open(io.BytesIO((await easel.api.http.get(url)).content)).size == (64, 42)
    steps = [{name: value for name, value in step.items() if name != "seconds"} for step in facts.pop("steps")]
    assert steps == [
        {"id": "drawn", "model_id": MODEL},
        {"id": "mirrored", "action_id": "color-grade-image-browser"},
    ]
    assert facts == {
        "seed": 40,
        "ignored": ["very"],
        "outputs": {
            "mirrored_out": {"step": "mirrored", "alt_text": "A painting of a cup on a table"},
            "line_out": {"step": "line"},
        },
    }


async def test_what_lies_between_the_steps_is_removed(easel: Easel) -> None:
    await easel.add(technique(generation("drawn"), grade("graded", "drawn")))
    run_id = (await easel.run())["run_id"]
    rooms = easel.api.directory / "media"
    with anyio.fail_after(60):
        while (rooms / f"{run_id}-steps").exists():
            await anyio.lowlevel.checkpoint()
    assert [path.name for path in (rooms / run_id).iterdir()] == ["graded.png"]


async def test_steps_that_wait_for_nothing_go_on_at_once(open_api: Any) -> None:
    together = threading.Barrier(2, timeout=60)

    def meet(request: RenderRequest, progress: Progress) -> Rendering:
        together.wait()
        return paint(request, progress)

    async with open_api(RenderThreads({MODEL: meet}, capacity=2)) as api:
        easel = Easel(api=api)
        await easel.add(technique(generation("a"), generation("b"), outputs=(output("a"), output("b"))))
        assert (await easel.run())["status"] == "completed"


@pytest.mark.parametrize("early", [True, False], ids=["beside another step", "right after another step"])
async def test_progress_is_that_of_the_steps_done_and_under_way(open_api: Any, early: bool) -> None:
    tell, go_on = threading.Event(), threading.Event()

    def wait(request: RenderRequest, progress: Progress) -> Rendering:
        if "slow" in request.prompt:
            assert tell.wait(60)
            progress(0.4)
            assert go_on.wait(60)
        return paint(request, progress)

    async with open_api(RenderThreads({MODEL: wait})) as api:
        easel = Easel(api=api)
        await easel.add(technique(generation("a"), generation("b", "slow"), outputs=(output("a"), output("b"))))
        run_id = (await easel.start())["run_id"]

        async def shows(percent: int) -> None:
            while (await api.get(f"runs/{run_id}"))["progress"] != percent:
                await anyio.lowlevel.checkpoint()

        with anyio.fail_after(60):
            if not early:
                await shows(50)
            tell.set()
            # One of two equal steps is done, of the other two fifths.
            await shows(70)
        assert (await api.get(f"runs/{run_id}"))["status"] == "running"
        go_on.set()
        assert (await api.finished(run_id))["progress"] == 100


async def test_a_step_that_fails_ends_the_run_without_a_charge(easel: Easel) -> None:
    await easel.add(technique(generation("drawn"), generation("b", "fail"), outputs=(output("drawn"), output("b"))))
    state = await easel.run()
    assert (state["status"], state["progress"], state["charged_cost"]) == ("failed", 100, 0)
    assert state["error_code"] == "GENERATION_GENERIC_ERROR"
    assert state["error_message"].startswith("Step 'b': ")
    assert "outputs" not in state


async def test_a_step_whose_picture_cannot_be_worked_on_is_named(easel: Easel) -> None:
    size = {"mode": "exact", "width": 8192, "height": 8192}
    await easel.add(technique(generation("drawn"), action("big", "resize-image-browser", {"image": "drawn"}, **size)))
    state = await easel.run()
    assert state["error_code"] == "GENERATION_INPUT_VALIDATION"
    assert state["error_message"].startswith("Step 'big': A picture of 8192 x 8192 pixels")


async def test_a_text_that_grows_too_long_ends_the_run(easel: Easel) -> None:
    await easel.add(technique(text("line", "{what}" * 1001), inputs=({**TEXT, "max_characters": 1000},)))
    state = await easel.run(given("what", "x" * 1000))
    assert (state["status"], state["error_code"]) == ("failed", "GENERATION_INPUT_VALIDATION")
    assert state["error_message"] == "Step 'line': The text has 1001000 characters; at most 1000000 can be."


async def test_a_stand_in_is_made_only_when_it_is_needed(easel: Easel) -> None:
    what = {**TEXT, "default": "a cup"}
    await easel.add(technique(generation("drawn"), grade("graded", "photo|drawn"), inputs=(OPTIONAL, what)))
    without = await easel.run(ASKED)
    url = await easel.asset(picture(size=(40, 30)))
    with_photo = await easel.run(given("photo", url, "imageUrl"))
    assert [state["charged_cost"] for state in (without, with_photo)] == [0.004, 0]
    assert [step["id"] for step in with_photo["facts"]["steps"]] == ["graded"]
    assert Image.open(io.BytesIO(await easel.fetched(with_photo, "graded_out"))).size == (40, 30)


async def test_an_input_that_is_left_out_switches_its_steps_off(easel: Easel) -> None:
    outputs = (output("drawn"), output("laid", optional=True))
    laid = action("laid", "overlay-image-browser", {"base": "drawn", "overlay": "photo"})
    await easel.add(technique(generation("drawn"), laid, inputs=(TEXT, OPTIONAL), outputs=outputs))
    without = await easel.run()
    url = await easel.asset(picture())
    with_photo = await easel.run(ASKED, given("photo", url, "image_url"))
    assert [[each["output_id"] for each in state["outputs"]] for state in (without, with_photo)] == [
        ["drawn_out"],
        ["drawn_out", "laid_out"],
    ]


async def test_an_input_switches_off_what_is_for_runs_without_it(easel: Easel) -> None:
    outputs = (output("drawn", optional=True), output("said"))
    steps = generation("drawn", unless=["photo"]), text("said", "with a photo", when=["photo"], otherwise="without")
    await easel.add(technique(*steps, inputs=(TEXT, OPTIONAL), outputs=outputs))
    url = await easel.asset(picture())
    state = await easel.run(ASKED, given("photo", url, "imageUrl"))
    assert [each["url"] for each in state["outputs"]] == ["with a photo"]
    [_, said] = (await easel.run())["outputs"]
    assert said["url"] == "without"


async def test_texts_fill_placeholders_and_nothing_else(easel: Easel) -> None:
    note = {"id": "note", "name": "Note", "type": "text", "optional": True}
    line = text("line", "{{{what}}}{end}")
    await easel.add(
        technique(line, text("end", ", {note}", otherwise="."), inputs=(TEXT, note), outputs=(output("line"),))
    )
    plain = await easel.run(given("what", "{note} {0.__class__} %s"))
    assert plain["outputs"][0]["url"] == "{{note} {0.__class__} %s}."
    noted = await easel.run(ASKED, given("note", "quickly"))
    assert noted["outputs"][0]["url"] == "{a cup}, quickly"


async def test_actions_on_texts_pass_their_parts_on(easel: Easel) -> None:
    parts = action("parts", "split-text-browser", {"text": "what"}, split_mode="separator", separator="{mark}")
    joined = action("joined", "concat-text-browser", {"text": ["parts", "what"]}, separator=" + ")
    drawn = generation("drawn", "{joined}")
    mark = {"id": "mark", "name": "Mark", "type": "text", "default": ";"}
    outputs = (output("parts"), output("joined"), output("drawn"))
    await easel.add(technique(parts, joined, drawn, inputs=(TEXT, mark), outputs=outputs))
    state = await easel.run(given("what", "a,b"), given("mark", ","))
    assert [(each["output_id"], each["type"]) for each in state["outputs"]] == [
        ("parts_out_1", "text"),
        ("parts_out_2", "text"),
        ("joined_out", "text"),
        ("drawn_out", "imageUrl"),
    ]
    assert [each["url"] for each in state["outputs"][:3]] == ["a", "b", "a + b + a,b"]
    assert state["facts"]["outputs"]["drawn_out"]["alt_text"] == "A painting of a + b + a,b"


async def test_one_seed_makes_one_set_of_pictures(easel: Easel) -> None:
    steps = generation("a"), generation("b"), generation("c", params={"seed": "{seed}"})
    await easel.add(technique(*steps, inputs=(TEXT, SEED), outputs=tuple(output(each["id"]) for each in steps)))
    states = [await easel.run(ASKED, given("seed", "5")) for _ in range(2)]
    seeds = [[each["seed"] for each in state["facts"]["outputs"].values()] for state in states]
    assert seeds == [[5, 6, 5]] * 2


async def test_options_and_formats_reach_parameters_as_what_they_take(easel: Easel) -> None:
    size = {"id": "size", "name": "Size", "type": "text", "options": ["8", "16"], "default": "8"}
    ink = {"id": "ink", "name": "Ink", "type": "text", "format": "color", "default": "#000000"}
    resized = action(
        "sized", "resize-image-browser", {"image": "drawn"}, width="{size}", height="{size}", bg_color="{ink}"
    )
    await easel.add(technique(generation("drawn"), resized, inputs=(TEXT, size, ink)))
    state = await easel.run(ASKED, given("size", "16"), given("ink", "#ff0000"))
    assert Image.open(io.BytesIO(await easel.fetched(state, "sized_out"))).size == (16, 16)


async def test_a_run_keeps_the_technique_that_it_began_with(open_api: Any) -> None:
    go_on = threading.Event()

    def wait(request: RenderRequest, progress: Progress) -> Rendering:
        assert go_on.wait(10)
        return paint(request, progress)

    async with open_api(RenderThreads({MODEL: wait})) as api:
        easel = Easel(api=api)
        first_id = await easel.add(
            technique(generation("drawn"), text("line", "old {what}"), outputs=(output("drawn"), output("line")))
        )
        run_id = (await easel.start())["run_id"]
        assert (
            await easel.add(
                technique(generation("drawn"), text("line", "new {what}"), outputs=(output("line"), output("drawn")))
            )
            == first_id
        )
        go_on.set()
        assert [each["url"] for each in (await api.finished(run_id))["outputs"]][1] == "old a cup"
        assert (await easel.run())["outputs"][0]["url"] == "new a cup"


INPUTS: dict[str, list[dict[str, str]]] = {
    "before-and-after": [given("picture", "", "imageUrl")],
    "duotone-cover": [given("subject", "a boat")],
    "social-media-pack": [given("picture", "", "imageUrl")],
    "watermark": [given("picture", "", "imageUrl"), given("logo", "", "imageUrl")],
}
"""What a technique is given that takes pictures, or nothing; an empty address becomes that of a picture."""


async def test_every_shipped_technique_makes_its_outputs(easel: Easel) -> None:
    url = await easel.asset(picture(size=(64, 48)))
    for definition in shipped_techniques():
        listed = await easel.api.get(f"techniques/{definition.slug}")
        texts = [given(each["id"], "a cup") for each in listed["inputs"] if not each["optional"]]
        inputs = [{**each, "value": each["value"] or url} for each in INPUTS.get(definition.slug, texts)]
        state = await easel.run(*inputs, slug=definition.slug)
        assert state["status"] == "completed", (definition.slug, state)
        assert state["charged_cost"] == listed["run_cost"], definition.slug
        await check_promises(easel, state, listed["outputs"])


async def check_promises(easel: Easel, state: Any, outputs: list[Any]) -> None:
    """Each output is of the type and the ratio that the technique tells."""
    promised = {each["id"]: each for each in outputs}
    for made in state["outputs"]:
        promise = promised.get(made["output_id"]) or promised[made["output_id"].rpartition("_")[0]]
        assert made["type"] == promise["type"]
        if "specified_aspect_ratio" in promise:
            wide, high = map(int, promise["specified_aspect_ratio"].split(":"))
            width, height = Image.open(io.BytesIO(await easel.fetched(state, made["output_id"]))).size
            # Test pictures are small, so that a pixel is much.
            assert abs(width / height - wide / high) < 0.06

"""Actions over HTTP: the catalogue, the checks, and the life of a run."""

import io
from typing import Any

import httpx
import numpy as np
import pytest
from PIL import Image
from studio.pictures import film, huge_png, picture

from flora_mcp.studio.renderers import RenderProcesses
from flora_mcp.studio.renderers.actions import ACTIONS


def error_of(answer: httpx.Response) -> tuple[int, str, list[str]]:
    error = answer.json()["error"]
    return answer.status_code, error["code"], sorted(each["field"] for each in error.get("fields", []))


async def upload(api: Any, content: bytes) -> str:
    """Makes an asset and returns its address."""
    answer = await api.http.post("assets", data={"workspace_id": api.workspace_id}, files={"file": ("a", content)})
    assert answer.status_code == 201, answer.text
    url: str = answer.json()["url"]
    return url


def asked(api: Any, action_id: str, inputs: list[Any], **params: Any) -> dict[str, Any]:
    ids = {"workspace_id": api.workspace_id, "project_id": api.project_id}
    return {"action_id": action_id, "inputs": inputs, "params": params, **ids}


async def done(api: Any, action_id: str, inputs: list[Any], **params: Any) -> Any:
    answer = await api.post("runs/action", asked(api, action_id, inputs, **params))
    assert answer.status_code == 201, answer.text
    state = await api.finished(answer.json()["run_id"])
    assert state["status"] == "completed", state
    return state


async def act(api: Any, action_id: str, source: Image.Image | list[Image.Image], **params: Any) -> Image.Image:
    """Runs an action on pictures and returns its one picture."""
    inputs = []
    for each in source if isinstance(source, list) else [source]:
        buffer = io.BytesIO()
        each.save(buffer, "PNG")
        inputs.append({"type": "image", "url": await upload(api, buffer.getvalue())})
    [output] = (await done(api, action_id, inputs, **params))["outputs"]
    answer = await api.http.get(output["url"])
    assert answer.headers["content-type"] == "image/png"
    return Image.open(io.BytesIO(answer.content))


async def texts(api: Any, action_id: str, *given: str, **params: Any) -> list[str]:
    inputs = [{"type": "text", "text": each} for each in given]
    outputs = (await done(api, action_id, inputs, **params))["outputs"]
    assert {each["type"] for each in outputs} == {"text"}
    return [each["url"] for each in outputs]


async def test_every_action_of_the_catalogue_is_done_by_something(api: Any) -> None:
    actions = (await api.get("actions"))["actions"]
    assert {action["action_id"] for action in actions} == set(ACTIONS)
    for action in actions:
        assert await api.get(f"actions/{action['action_id']}") == action
        assert action["charged_cost"] == 0
        keys = [param["key"] for param in action["params"]]
        assert len(keys) == len(set(keys))


async def test_an_action_describes_its_slots_and_parameters(api: Any) -> None:
    action = await api.get("actions/side-by-side-composite-browser")
    gap = next(param for param in action["params"] if param["key"] == "gap")
    assert action["inputs"] == [{"name": "images", "type": "image", "multiple": {"min": 2, "max": 4}}]
    assert gap == {
        "key": "gap",
        "type": "number",
        "label": "Gap",
        "default_value": 0,
        "min_number_value": 0.0,
        "max_number_value": 500.0,
        "number_step": 1.0,
    }


async def test_an_action_runs_like_a_generation_and_leaves_the_canvas_alone(api: Any) -> None:
    url = await upload(api, picture())
    answer = await api.post(
        "runs/action", asked(api, "rotate-image-browser", [{"type": "image", "url": url}], angle=90)
    )
    started = answer.json()
    run_id = started["run_id"]
    assert started == {
        "run_id": run_id,
        "type": "action",
        "charged_cost": 0,
        "estimated_seconds": 2,
        "action": {"action_id": "rotate-image-browser"},
        "poll_url": f"http://studio.localhost/api/v1/runs/{run_id}",
        "project_id": api.project_id,
    }
    state = await api.finished(run_id)
    state["facts"].pop("render_seconds")
    assert (state["status"], state["progress"], state["charged_cost"]) == ("completed", 100, 0)
    assert state["facts"] == {"action_id": "rotate-image-browser", "width_px": 30, "height_px": 40}
    assert [(each["output_id"], each["type"]) for each in state["outputs"]] == [("output_1", "imageUrl")]
    assert (await api.get(f"projects/{api.project_id}/nodes"))["nodes"] == []
    assert (await api.get("generations"))["generations"] == []


async def test_an_action_runs_in_a_render_process_too(open_api: Any) -> None:
    async with open_api(RenderProcesses(capacity=1)) as api:
        inputs = [{"type": "image", "url": await upload(api, picture())}]
        state = await done(api, "duplicate-image-browser", inputs, count=3)
        contents = [(await api.http.get(each["url"])).content for each in state["outputs"]]
        assert [each["output_id"] for each in state["outputs"]] == ["output_1", "output_2", "output_3"]
        assert Image.open(io.BytesIO(contents[0])).size == (40, 30)
        assert len(set(contents)) == 1
        assert await texts(api, "concat-text-browser", "one", "two", separator=" ") == ["one two"]
        inputs = [{"type": "image", "url": await upload(api, huge_png(width=20_000, height=7_500))}]
        answer = await api.post("runs/action", asked(api, "rotate-image-browser", inputs))
        failed = await api.finished(answer.json()["run_id"])
        assert failed["error_code"] == "GENERATION_INPUT_VALIDATION"
        assert "20000 x 7500" in failed["error_message"]
        assert failed["charged_cost"] == 0


async def test_the_output_of_one_action_is_the_input_of_the_next(api: Any) -> None:
    inputs = [{"type": "image", "url": await upload(api, picture())}]
    for _ in range(2):
        state = await done(api, "resize-image-browser", inputs, mode="percent", percent=200)
        inputs = [{"type": "image", "url": state["outputs"][0]["url"]}]
    assert (state["facts"]["width_px"], state["facts"]["height_px"]) == (160, 120)


async def test_every_wrong_parameter_is_named(api: Any) -> None:
    inputs = [{"type": "image", "url": await upload(api, picture())}]
    params = {
        "mode": "draw",
        "radius": -1,
        "angle": "90",
        "target_color": "greenish",
        "target_invert": 1,
        "brush_size": 3,
        "tilt_center": True,
    }
    answer = await api.post("runs/action", asked(api, "blur-image-browser", inputs, **params))
    status, code, fields = error_of(answer)
    assert (status, code) == (400, "input_validation_error")
    assert fields == sorted(f"params.{key}" for key in params)
    messages = {each["field"]: each["message"] for each in answer.json()["error"]["fields"]}
    assert messages["params.radius"] == "-1 is not accepted; use a number from 0.0 to 100.0."
    assert messages["params.mode"] == "'draw' is not accepted; use one of full."
    assert "it takes mode, blur_type, radius" in messages["params.brush_size"]


@pytest.mark.parametrize(
    "value", [{"x": 0.5}, {"x": 0.5, "y": 2}, {"x": 0.5, "y": 0.5, "z": 0}, [0.5, 0.5], 0.5, {"x": "0", "y": 0}, None]
)
async def test_a_point_is_an_object_of_two_numbers_in_range(api: Any, value: Any) -> None:
    inputs = [{"type": "image", "url": await upload(api, picture())}]
    answer = await api.post("runs/action", asked(api, "crop-image-browser", inputs, center=value))
    assert error_of(answer) == (400, "input_validation_error", ["params.center"])


@pytest.mark.parametrize("value", [0, 11, 2.5, True, "2"])
async def test_a_count_is_a_whole_number_in_range(api: Any, value: Any) -> None:
    inputs = [{"type": "image", "url": await upload(api, picture())}]
    answer = await api.post("runs/action", asked(api, "duplicate-image-browser", inputs, count=value))
    assert error_of(answer) == (400, "input_validation_error", ["params.count"])


async def test_an_input_is_a_file_of_this_studio_of_its_type(api: Any) -> None:
    good = await upload(api, picture())
    moving = await upload(api, film())

    async def refused(action_id: str, *inputs: Any) -> list[str]:
        status, code, fields = error_of(await api.post("runs/action", asked(api, action_id, list(inputs))))
        assert (status, code) == (400, "input_validation_error")
        return fields

    image = {"type": "image"}
    for url in ("https://example.com/a.png", "http://127.0.0.1/a.png", good.partition("?")[0], moving, "/etc/passwd"):
        assert await refused("rotate-image-browser", {**image, "url": url}) == ["inputs.0.url"]
    assert await refused("rotate-image-browser", image) == ["inputs.0.url"]
    assert await refused("rotate-image-browser", {**image, "url": good, "text": "x"}) == ["inputs.0.url"]
    assert await refused("rotate-image-browser", {**image, "url": good}, {**image, "url": good}) == ["inputs.1"]
    assert await refused("rotate-image-browser", {"type": "text", "text": "x"}) == ["inputs.0", "inputs.image"]
    assert await refused("rotate-image-browser", {**image, "name": "photo", "url": good}) == [
        "inputs.0",
        "inputs.image",
    ]
    assert await refused("side-by-side-composite-browser", {**image, "url": good}) == ["inputs.images"]
    assert await refused("concat-text-browser", {"type": "text", "url": good}) == ["inputs.0.text"]
    assert await refused("rotate-image-browser") == ["inputs"]


async def test_an_unknown_action_is_answered_with_the_actions_there_are(api: Any) -> None:
    answer = await api.http.get("actions/paint-it-black")
    assert error_of(answer) == (404, "not_found", [])
    assert "crop-image-browser" in answer.json()["error"]["message"]
    body = asked(api, "paint-it-black", [{"type": "text", "text": "x"}])
    assert error_of(await api.post("runs/action", body)) == (404, "not_found", [])


async def test_a_run_wants_its_project_and_no_more(api: Any) -> None:
    inputs = [{"type": "text", "text": "x"}]
    body = asked(api, "concat-text-browser", inputs)
    other = await api.studio.create_workspace("Second")
    assert error_of(await api.post("runs/action", {**body, "workspace_id": other}))[0] == 400
    assert error_of(await api.post("runs/action", {**body, "project_id": "prj_none"}))[0] == 404
    assert error_of(await api.post("runs/action", {**body, "mode": "async"}))[2] == ["mode"]


async def test_a_key_starts_one_run(api: Any) -> None:
    body = asked(api, "concat-text-browser", [{"type": "text", "text": "x"}])
    assert (await api.post("runs/action", body, **{"Idempotency-Key": "a"})).status_code == 201
    assert error_of(await api.post("runs/action", body, **{"Idempotency-Key": "a"})) == (
        409,
        "idempotency_duplicate",
        [],
    )


async def test_inputs_named_by_slot_may_come_in_any_order(api: Any) -> None:
    base = await upload(api, picture(size=(40, 30), colour="red"))
    layer = await upload(api, picture(size=(10, 10), colour="blue"))
    inputs = [{"type": "image", "name": "overlay", "url": layer}, {"type": "image", "name": "base", "url": base}]
    [output] = (await done(api, "overlay-image-browser", inputs, size={"x": 0.25, "y": 1}))["outputs"]
    found = Image.open(io.BytesIO((await api.http.get(output["url"])).content)).convert("RGB")
    assert (found.size, found.getpixel((20, 15)), found.getpixel((2, 2))) == ((40, 30), (0, 0, 255), (255, 0, 0))


async def test_texts_are_split_replaced_and_joined(api: Any) -> None:
    assert await texts(api, "split-text-browser", "a\n\n b \n\n\n\nc") == ["a", "b", "c"]
    assert await texts(api, "split-text-browser", "a,b,,c,d", split_mode="separator", max_parts=3) == ["a", "b", "c,d"]
    assert await texts(api, "split-text-browser", "- one\n* two\n3. three", split_mode="bullets") == [
        "one",
        "two",
        "three",
    ]
    assert await texts(api, "split-text-browser", "1\n2\n3", split_mode="lines", lines_per_part=2) == ["1\n2", "3"]
    assert await texts(api, "split-text-browser", "abcde", split_mode="charCount", chars_per_part=2) == [
        "ab",
        "cd",
        "e",
    ]
    replace = {"find": "cup", "replace": r"\1 mug"}
    assert await texts(api, "find-and-replace-text-browser", "Cup, cupboard.", **replace) == [r"\1 mug, \1 mugboard."]
    narrow = {"whole_word": True, "case_sensitive": True, "replace_all": False}
    assert await texts(api, "find-and-replace-text-browser", "Cup cupboard cup cup", **replace, **narrow) == [
        r"Cup cupboard \1 mug cup"
    ]
    joined = await texts(api, "concat-text-browser", " a ", "", "b", separator="|", prefix="<", suffix=">")
    assert joined == ["<a|b>"]
    wrapped = await texts(
        api,
        "concat-text-browser",
        "a",
        "b",
        separator="\n",
        prefix="<",
        suffix=">",
        wrap_each_part=True,
        add_headers=True,
    )
    assert wrapped == ["Part 1\n<a>\nPart 2\n<b>"]


def halves() -> Image.Image:
    """Red on the left, blue on the right, 40 by 20."""
    found = Image.new("RGB", (40, 20), "red")
    found.paste("blue", (20, 0, 40, 20))
    return found


async def test_a_picture_is_cropped(api: Any) -> None:
    found = await act(api, "crop-image-browser", halves(), center={"x": 0.75, "y": 0.5}, size={"x": 0.5, "y": 0.5})
    assert (found.size, found.getcolors()) == ((20, 10), [(200, (0, 0, 255))])
    moved_in = await act(api, "crop-image-browser", halves(), center={"x": 0, "y": 0}, size={"x": 0.5, "y": 1})
    assert moved_in.getcolors() == [(400, (255, 0, 0))]


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({"width": 100, "height": 100}, (100, 100)),
        ({"width": 100, "height": 100, "fit": "cover"}, (100, 100)),
        ({"width": 7, "height": 90, "fit": "stretch"}, (7, 90)),
        ({"mode": "percent", "percent": 250}, (100, 50)),
        ({"mode": "longest", "longest": 10}, (10, 5)),
    ],
)
async def test_a_picture_is_resized(api: Any, params: dict[str, Any], size: tuple[int, int]) -> None:
    found = (await act(api, "resize-image-browser", halves(), bg_color="#0f0", **params)).convert("RGB")
    assert found.size == size
    corner = (0, 255, 0) if size == (100, 100) and "fit" not in params else (255, 0, 0)
    assert found.getpixel((0, 0)) == corner


@pytest.mark.parametrize(
    ("params", "size"),
    [
        ({"angle": 90}, (20, 40)),
        ({"angle": 90, "canvas_mode": "keep"}, (40, 20)),
        ({"angle": 45}, (44, 44)),
        ({"angle": 45, "canvas_mode": "shrink"}, (14, 14)),
        ({"angle": 10, "canvas_mode": "shrink"}, (38, 13)),
        ({"direction": "both"}, (40, 20)),
    ],
)
async def test_a_picture_is_turned(api: Any, params: dict[str, Any], size: tuple[int, int]) -> None:
    found = await act(api, "rotate-image-browser", halves(), **params)
    assert abs(found.width - size[0]) <= 2
    assert abs(found.height - size[1]) <= 2
    if params.get("canvas_mode") == "shrink":
        assert found.mode == "RGB"


async def test_a_picture_is_turned_clockwise_after_it_is_mirrored(api: Any) -> None:
    turned = await act(api, "rotate-image-browser", halves(), angle=90)
    assert (turned.getpixel((10, 0)), turned.getpixel((10, 39))) == ((255, 0, 0), (0, 0, 255))
    mirrored = await act(api, "rotate-image-browser", halves(), direction="horizontal")
    assert mirrored.getpixel((0, 0)) == (0, 0, 255)
    filled = await act(api, "rotate-image-browser", halves(), angle=45, transparent=False, background="#00ff00")
    assert filled.convert("RGB").getpixel((0, 0)) == (0, 255, 0)


async def test_a_ratio_is_cut_or_padded(api: Any) -> None:
    assert (await act(api, "change-image-ar-browser", halves())).size == (20, 20)
    padded = (await act(api, "change-image-ar-browser", halves(), fit="pad", pad_color="#0f0")).convert("RGB")
    assert (padded.size, padded.getpixel((20, 0)), padded.getpixel((0, 20))) == ((40, 40), (0, 255, 0), (255, 0, 0))
    blurred = await act(
        api, "change-image-ar-browser", halves(), fit="pad", background_mode="blur", aspect_ratio="9:16"
    )
    assert blurred.size == (40, 71)


@pytest.mark.parametrize(
    "blur_type", ["gaussian", "box", "motion", "radial", "bilateral", "bokeh", "tiltshift", "targetcolor"]
)
async def test_every_blur_softens_an_edge_and_keeps_the_light(api: Any, blur_type: str) -> None:
    source = Image.new("RGB", (64, 48), "black")
    source.paste("white", (32, 0, 64, 48))
    params = {"radius": 6, "edge_threshold": 100, "target_color": "#fff", "radial_mode": "spin", "radial_strength": 100}
    found = (await act(api, "blur-image-browser", source, blur_type=blur_type, tilt_width=10, **params)).convert("L")
    before, after = np.asarray(source.convert("L"), float), np.asarray(found, float)
    assert found.size == source.size
    assert len(np.unique(after)) > 2
    assert abs(after.mean() - before.mean()) < 40
    again = (await act(api, "blur-image-browser", source, blur_type=blur_type, tilt_width=10, **params)).convert("L")
    assert np.array_equal(after, np.asarray(again, float))


@pytest.mark.parametrize("blur_type", ["gaussian", "motion", "bokeh", "bilateral", "radial"])
async def test_a_blur_of_one_colour_changes_nothing(api: Any, blur_type: str) -> None:
    source = Image.new("RGB", (32, 24), (200, 100, 50))
    found = (await act(api, "blur-image-browser", source, blur_type=blur_type)).convert("RGB")
    middle = np.asarray(found, int)[8:16, 8:24]
    assert np.abs(middle - [200, 100, 50]).max() <= 1


async def test_sharpening_raises_contrast_at_an_edge(api: Any) -> None:
    source = Image.new("L", (32, 32), 100)
    source.paste(150, (16, 0, 32, 32))
    found = np.asarray((await act(api, "sharpen-image", source)).convert("L"), int)
    assert found.min() < 95
    assert found.max() > 155


async def test_grading_moves_light_and_colour_where_it_says(api: Any) -> None:
    source = Image.new("RGB", (8, 8), (120, 100, 80))

    async def graded(**params: float) -> tuple[int, ...]:
        pixel = (await act(api, "color-grade-image-browser", source, **params)).convert("RGB").getpixel((0, 0))
        assert isinstance(pixel, tuple)
        return pixel

    assert await graded() == (120, 100, 80)
    assert min(await graded(brightness=20)) > 100
    assert await graded(brightness=-100) == (0, 0, 0)
    assert await graded(contrast=-100) == (128, 128, 128)
    red, green, blue = await graded(saturation=-100)
    assert red == green == blue
    warm = await graded(warmth=50)
    assert warm[0] > 120
    assert warm[2] < 80
    green_side = await graded(tint=-50)
    assert green_side[1] > 100
    turned = await graded(hue_shift=120)
    assert turned.index(max(turned)) == 1
    assert (await graded(shadows=50))[0] > 120
    assert (await graded(highlights=50))[0] > 120


FILTERS = [
    "grayscale",
    "sepia",
    "invert",
    "bw",
    "posterize",
    "solarize",
    "duotone",
    "clarendon",
    "moon",
    "nashville",
    "noir",
    "fade",
    "vignette",
    "colorpop",
    "crossprocess",
    "halftone",
]


async def test_every_filter_has_a_look_of_its_own(api: Any) -> None:
    source = Image.linear_gradient("L").resize((48, 48)).convert("RGB")
    source.paste((220, 40, 30), (0, 0, 24, 24))
    source.paste((30, 160, 90), (24, 24, 48, 48))
    looks = {}
    for name in FILTERS:
        found = (await act(api, "color-filter-image-browser", source, filter=name)).convert("RGB")
        assert found.size == (48, 48)
        looks[name] = found.tobytes()
    assert source.tobytes() not in looks.values()
    assert len(set(looks.values())) == len(FILTERS)
    untouched = await act(api, "color-filter-image-browser", source, filter="invert", intensity=0)
    assert untouched.convert("RGB").tobytes() == source.tobytes()
    grain = [await act(api, "color-filter-image-browser", source, grain=50) for _ in range(2)]
    assert grain[0].tobytes() == grain[1].tobytes() != looks["grayscale"]


async def test_known_filters_do_what_their_names_say(api: Any) -> None:
    source = Image.new("RGB", (4, 4), (200, 100, 50))

    async def pixel(name: str, **params: Any) -> Any:
        found = await act(api, "color-filter-image-browser", source, filter=name, **params)
        return found.convert("RGB").getpixel((1, 1))

    assert await pixel("invert") == (55, 155, 205)
    assert await pixel("grayscale") == (124, 124, 124)
    assert await pixel("bw", bw_threshold=40) == (255, 255, 255)
    assert await pixel("bw", bw_threshold=60) == (0, 0, 0)
    assert await pixel("posterize", posterize_bits=1) == (255, 0, 0)
    assert await pixel("solarize") == (55, 100, 50)
    assert await pixel("colorpop", target_color="#c86432") == (200, 100, 50)
    assert await pixel("colorpop", target_color="#0000ff") == (124, 124, 124)


async def test_a_colour_is_removed_replaced_or_kept(api: Any) -> None:
    async def pixels(**params: Any) -> tuple[Any, Any]:
        found = (await act(api, "filter-color-image-browser", halves(), **params)).convert("RGBA")
        return found.getpixel((5, 5)), found.getpixel((35, 5))

    red, blue = (255, 0, 0, 255), (0, 0, 255, 255)
    assert await pixels(target_color="#ff0000") == ((255, 0, 0, 0), blue)
    assert await pixels(target_color="#ff0000", mode="keep") == (red, (0, 0, 255, 0))
    assert await pixels(target_color="#ff0000", invert=True) == (red, (0, 0, 255, 0))
    assert await pixels(target_color="#ff0000", mode="replace", replacement_color="#00ff00") == (
        (0, 255, 0, 255),
        blue,
    )


@pytest.mark.parametrize(
    ("blend_mode", "colour"),
    [("multiply", (100, 50, 25)), ("screen", (228, 178, 153)), ("color", (124, 124, 124))],
)
async def test_a_tint_is_blended_as_it_says(api: Any, blend_mode: str, colour: tuple[int, int, int]) -> None:
    source = Image.new("RGB", (4, 4), (200, 100, 50))
    found = await act(api, "color-tint-image-browser", source, color="#808080", intensity=100, blend_mode=blend_mode)
    pixel = found.convert("RGB").getpixel((0, 0))
    assert isinstance(pixel, tuple)
    assert max(abs(one - two) for one, two in zip(pixel, colour, strict=True)) <= 1


async def test_pictures_are_put_beside_each_other(api: Any) -> None:
    red, blue = Image.new("RGB", (40, 20), "red"), Image.new("RGB", (10, 10), "blue")
    name = "side-by-side-composite-browser"
    row = await act(api, name, [red, blue], gap=4, background="#00ff00")
    assert (row.size, row.getpixel((22, 5)), row.getpixel((30, 5))) == ((34, 10), (0, 255, 0), (0, 0, 255))
    column = await act(
        api, "side-by-side-composite-browser", [red, blue], layout="vertical-2", normalize="match-largest"
    )
    assert column.size == (40, 60)
    grid = await act(
        api, "side-by-side-composite-browser", [red, blue, red], layout="grid-2x2", normalize="pad-to-largest"
    )
    assert grid.size == (50, 40)


async def test_a_layout_without_room_fails_the_run(api: Any) -> None:
    url = await upload(api, picture())
    inputs = [{"type": "image", "url": url}] * 3
    answer = await api.post("runs/action", asked(api, "side-by-side-composite-browser", inputs, layout="horizontal-2"))
    state = await api.finished(answer.json()["run_id"])
    assert (state["status"], state["error_code"]) == ("failed", "GENERATION_INPUT_VALIDATION")
    assert "room for 2 pictures, not for 3" in state["error_message"]


async def test_an_action_whose_process_dies_twice_fails_at_no_cost(open_api: Any) -> None:
    async with open_api(RenderProcesses(capacity=1, command=["false"])) as api:
        body = asked(api, "concat-text-browser", [{"type": "text", "text": "x"}])
        run_id = (await api.post("runs/action", body)).json()["run_id"]
        state = await api.finished(run_id)
    assert (state["status"], state["error_code"], state["charged_cost"]) == ("failed", "GPU_PROVIDER_ERROR", 0)

"""A call is checked against the model's or the action's own schema before anything is sent."""

from typing import Any

import anyio
import pytest
from flora.network import World
from flora.shop import PLACE, WISH, Shop, customer, model, wish

from flora_mcp.flora.errors import ArgumentError, BadRequestError, InvalidArgumentError, InvalidParamsError

RICH = {
    "aspect_ratio": "square_1_1",
    "resolution": "4k",
    "steps": 50,
    "guidance": 7,
    "duration": 5,
    "layers": None,
    "seed": 0,
    "tiling": False,
    "styles": ["ink", "oil"],
    "notes": [],
    "negative_prompt": "",
    "focus": {"x": 0.2, "y": 1},
    "novelty": {"anything": ["goes"]},
}
PICTURE = "https://media.flora.ai/fox.png"
CROP = {"action_id": "resize-image-browser", "inputs": [{"type": "image", "url": PICTURE}], **PLACE}


async def refused(arguments: dict[str, Any], *, path: str = "generations.create") -> list[tuple[str, str, str | None]]:
    """Returns field, message and code of each problem, and makes sure that nothing was sent."""
    shop = Shop()
    async with customer(shop) as flora:
        with pytest.raises(InvalidParamsError) as caught:
            await flora.call(path, arguments)
    assert shop.sent == []
    return [(each.field, each.message, each.code) for each in caught.value.fields]


@pytest.mark.parametrize("path", ["generations.create", "runs.start_generation"])
async def test_a_call_that_fits_is_sent_as_it_is_and_without_our_own_words(path: str) -> None:
    shop = Shop()
    async with customer(shop) as flora:
        await flora.call(path, wish("t2i-rich", RICH, strict=True))
    assert [body for _, body in shop.sent] == [{**WISH, "model": "t2i-rich", "params": RICH}]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("aspect_ratio", "16:9", "'16:9' is not accepted: expected one of 'landscape_16_9', 'square_1_1'."),
        ("resolution", "4K", "Did you mean '4k'? Upper and lower case count."),
        ("resolution", 4, "4 is not accepted: expected one of '1k', '2k', '4k'."),
        ("steps", 51, "51 is out of range: expected a whole number from 1 to 50."),
        ("steps", 7.5, "7.5 is not accepted: expected a whole number from 1 to 50."),
        ("steps", True, "True is not accepted: expected a whole number from 1 to 50."),
        ("steps", "20", "'20' is not accepted: expected a whole number from 1 to 50. Write 20 without quotes."),
        ("guidance", -0.1, "-0.1 is out of range: expected a number from 0.0 to 20.0."),
        ("duration", 7, "7 is not accepted: expected one of 5, 10."),
        ("layers", 9, "9 is out of range"),
        ("seed", -1, "-1 is out of range"),
        ("seed", None, "None is no value: leave it out."),
        ("resolution", None, "None is no value: leave it out, the default is '1k'."),
        ("tiling", "true", "'true' is not accepted: expected true or false, without quotes."),
        ("tiling", 1, "1 is not accepted: expected true or false"),
        ("styles", "ink", "'ink' is not accepted: expected a list of texts. Write ['ink']."),
        ("styles", ["ink", "Oil"], "'Oil' is not accepted: expected one of 'ink', 'oil'. Did you mean 'oil'?"),
        ("notes", [1], "1 is not accepted: expected a text."),
        ("negative_prompt", ["dark"], "expected a text. Give one of them, not a list."),
        ("focus", 0.5, "0.5 is not accepted: expected an object."),
        ("focus", {"x": 2}, "at 'x': 2 is out of range: expected a number from 0 to 1."),
        ("focus", {"z": 0}, "'z' is not one of its keys, 'x', 'y'."),
    ],
)
async def test_a_wrong_value_is_told_with_what_is_accepted(name: str, value: object, said: str) -> None:
    [(field, message, code)] = await refused(wish("t2i-rich", {name: value}))
    assert (field, code) == (f"params.{name}", "invalid_value")
    assert said in message


@pytest.mark.parametrize(
    ("name", "meant"),
    [("aspectRatio", "aspect_ratio"), ("Resolution", "resolution"), ("negativ_prompt", "negative_prompt")],
)
async def test_an_unknown_parameter_is_told_with_the_one_that_was_meant(name: str, meant: str) -> None:
    [(field, message, code)] = await refused(wish("t2i-rich", {name: "x"}))
    assert (field, code) == (f"params.{name}", "unknown_param")
    assert f"Did you mean {meant!r}?" in message


async def test_a_required_parameter_is_missed_but_never_the_prompt() -> None:
    found = await refused(wish("i2v-clip", {}, type="video"))
    assert found == [("params.duration", "'i2v-clip' needs it: a value of type 'int'.", "missing_param")]


async def test_all_problems_of_a_call_are_told_at_once_with_those_of_its_form() -> None:
    arguments = wish("t2i-rich", {"resolution": "8k", "stepz": 3}, workspace_id="prj_1", type="text")
    found = await refused(arguments)
    assert [(field, code) for field, _, code in found] == [
        ("workspace_id", "wrong_form"),
        ("type", "wrong_type"),
        ("params.resolution", "invalid_value"),
        ("params.stepz", "unknown_param"),
    ]


async def test_the_error_says_that_nothing_was_sent_and_how_to_send_it_all_the_same() -> None:
    async with customer(Shop()) as flora:
        with pytest.raises(BadRequestError) as caught:
            await flora.generations.create(**wish("t2i-rich", {"resolution": "4K"}))
    assert str(caught.value) == (
        "Nothing was sent, nothing was spent: 1 problem.\n"
        "  params.resolution: '4K' is not accepted: expected one of '1k', '2k', '4k'. Did you mean '4k'? "
        "Upper and lower case count.\n"
        "To send the call as it is all the same, add strict=False (strict: false in JavaScript)."
    )
    assert (caught.value.status, caught.value.code) == (None, "invalid_params")


async def test_only_wrong_form_is_an_argument_error_with_every_argument_in_it() -> None:
    shop = Shop()
    async with customer(shop) as flora:
        with pytest.raises(InvalidArgumentError) as caught:
            await flora.call("generations.create", {**wish(None), "workspace_id": "w", "project_id": "p"})
    assert "workspace_id='w'" in str(caught.value)
    assert "project_id='p'" in str(caught.value)
    assert shop.sent == []


@pytest.mark.parametrize(
    ("model_id", "kind", "field", "said"),
    [
        ("t2i-plane", "image", "model", "Did you mean 't2i-plain'?"),
        ("T2I-plain", "image", "model", "Did you mean 't2i-plain'? Upper and lower case count."),
        ("model T2I-rich", "image", "model", "is the name of a model: write its id, 't2i-rich'."),
        ("nothing like it", "text", "model", "Known: 'i2t-judge', 'v2t-judge'."),
        (
            "i2v-clip",
            "image",
            "type",
            "'i2v-clip' makes video, not image: write type='video', or a model that does: 't2i-",
        ),
    ],
)
async def test_an_unknown_model_or_one_of_another_type_is_told_with_others(
    model_id: str, kind: str, field: str, said: str
) -> None:
    found = await refused(wish(model_id, {"duration": 5} if "clip" in model_id else None, type=kind))
    assert [each[0] for each in found] == [field]
    assert said in found[0][1]


@pytest.mark.parametrize(
    ("model_id", "kind", "key", "said"),
    [
        ("i2i-edit", "image", "image_urls", "'i2i-edit' ignores it: it reads 'image_url', one address."),
        ("i2i-edit", "image", "image", "it reads 'image_url'"),
        ("i2t-judge", "text", "image_url", "'i2t-judge' ignores it: it reads 'image_urls', a list."),
        ("v2t-judge", "text", "video_url", "it reads 'video_urls', a list."),
        ("t2i-plain", "image", "image_url", "'t2i-plain' reads no picture and no video"),
        ("v2v-wash", "video", "video_url", "only by an edge on the canvas"),
        ("v2v-wash", "video", "videoUrls", "only by an edge on the canvas"),
    ],
)
async def test_media_goes_under_the_key_that_the_model_reads(model_id: str, kind: str, key: str, said: str) -> None:
    [(field, message, code)] = await refused(wish(model_id, {key: PICTURE}, type=kind))
    assert (field, code) == (f"params.{key}", "unknown_param")
    assert said in message


@pytest.mark.parametrize(
    ("model_id", "kind", "params"),
    [
        ("i2i-edit", "image", {"image_url": PICTURE}),
        ("i2i-many", "image", {"image_urls": [PICTURE]}),
        ("i2t-judge", "text", {"image_urls": [PICTURE]}),
        ("v2t-judge", "text", {"video_urls": [PICTURE]}),
    ],
)
async def test_the_right_key_of_media_is_sent(model_id: str, kind: str, params: dict[str, Any]) -> None:
    shop = Shop()
    async with customer(shop) as flora:
        await flora.call("generations.create", wish(model_id, params, type=kind))
    assert shop.sent[0][1]["params"] == params


async def test_one_address_and_several_are_told_apart() -> None:
    [(_, message, _)] = await refused(wish("i2i-edit", {"image_url": [PICTURE]}))
    assert "Give one of them, not a list." in message
    [(_, message, _)] = await refused(wish("i2t-judge", {"image_urls": PICTURE}, type="text"))
    assert "expected a list of texts" in message


async def test_without_a_model_a_parameter_is_refused_if_no_model_of_the_type_takes_it() -> None:
    [(field, message, _)] = await refused(wish(None, {"aspect_ratio": "16:9", "resolutoin": "1k"}))
    assert field == "params.resolutoin"
    assert "no image model reads it" in message
    assert "Did you mean 'resolution'?" in message
    [(field, message, _)] = await refused(wish(None, {"resolution": "16k"}))
    assert "expected one of '1k', '2k', '4k'" in message


async def test_a_call_without_model_and_params_asks_for_no_list() -> None:
    shop = Shop()
    async with customer(shop) as flora:
        await flora.call("generations.create", wish(None))
    assert (len(shop.sent), shop.asked) == (1, {})


@pytest.mark.parametrize("path", ["generations.create", "runs.start_generation"])
async def test_a_call_that_is_not_strict_goes_out_as_it_is(path: str) -> None:
    shop = Shop()
    async with customer(shop) as flora:
        await flora.call(path, {**wish("t2i-new", {"aspect_ratio": "banana"}), "strict": False})
    assert [body for _, body in shop.sent] == [{**WISH, "model": "t2i-new", "params": {"aspect_ratio": "banana"}}]
    assert shop.asked == {}


@pytest.mark.parametrize("strict", [0, "false", None])
async def test_strict_is_true_or_false(strict: object) -> None:
    shop = Shop()
    async with customer(shop) as flora:
        with pytest.raises((ArgumentError, InvalidParamsError)):
            await flora.call("generations.create", {**wish("t2i-new"), "strict": strict})
    assert shop.sent == []


async def test_callers_at_the_same_time_share_one_reading_of_the_list() -> None:
    shop = Shop()
    async with customer(shop) as flora, anyio.create_task_group() as tasks:
        for _ in range(20):
            tasks.start_soon(flora.call, "generations.create", WISH)
    assert (len(shop.sent), shop.asked["/models"]) == (20, 1)


async def test_a_caller_that_is_cancelled_while_it_reads_takes_nobody_along() -> None:
    shop = Shop()
    async with customer(shop) as flora:
        with anyio.move_on_after(0):
            await flora.call("generations.create", WISH)
        await flora.call("generations.create", WISH)
    assert len(shop.sent) == 1


async def test_a_list_is_kept_for_a_while_and_renewed_before_it_refuses() -> None:
    shop, world = Shop(), World()
    async with customer(shop, world=world) as flora:
        await flora.call("generations.create", WISH)
        shop.models = [*shop.models, model("t2i-new")]
        world.seconds = 60
        await flora.call("generations.create", WISH)
        assert shop.asked["/models"] == 1
        await flora.call("generations.create", wish("t2i-new"))
        assert shop.asked["/models"] == 2
        with pytest.raises(InvalidParamsError):
            await flora.call("generations.create", wish("t2i-newer"))
        assert shop.asked["/models"] == 2
        world.seconds = 400
        await flora.call("generations.create", WISH)
    assert shop.asked["/models"] == 3


@pytest.mark.parametrize("trouble", ["refused", "empty"])
async def test_a_list_that_cannot_be_read_stops_nothing_and_is_not_asked_for_by_each_call(trouble: str) -> None:
    shop, world = Shop(models=[] if trouble == "empty" else None), World()
    shop.lists_status = 500 if trouble == "refused" else 200
    async with customer(shop, world=world) as flora:
        for _ in range(3):
            start = await flora.generations.create(**wish("t2i-plain", {"aspect_ratio": "banana"}))
        assert flora.spending.note(start.run_id) == "parameters not checked: the catalogue cannot be read"
        assert (len(shop.sent), shop.asked["/models"]) == (3, 1)
        shop.lists_status, shop.models = 200, [model("t2i-plain")]
        world.seconds = 31
        with pytest.raises(InvalidParamsError):
            await flora.call("generations.create", wish("t2i-plain", {"aspect_ratio": "banana"}))


async def test_an_older_list_serves_while_no_newer_one_can_be_read() -> None:
    shop, world = Shop(), World()
    async with customer(shop, world=world) as flora:
        await flora.call("generations.create", WISH)
        shop.lists_status, world.seconds = 500, 1000
        with pytest.raises(InvalidParamsError):
            await flora.call("generations.create", wish("t2i-plain", {"aspect_ratio": "banana"}))


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"action_id": "resize-image"}, "action_id", "Did you mean 'resize-image-browser'?"),
        ({"action_id": "RESIZE"}, "action_id", "Did you mean 'resize-image-browser'?"),
        ({"params": {"mode": "Exact"}}, "params.mode", "Did you mean 'exact'? Upper and lower case count."),
        ({"params": {"width": 5000}}, "params.width", "5000 is out of range: expected a number from 1 to 4096."),
        ({"params": {"width": "100"}}, "params.width", "Write 100 without quotes."),
        ({"params": {"sharp": "yes"}}, "params.sharp", "expected true or false"),
        ({"params": {"center": [0, 0]}}, "params.center", "expected an object with 'x', 'y'."),
        ({"params": {"center": {"x": -1}}}, "params.center", "at 'x': -1 is out of range: expected a number from 0."),
        ({"params": {"center": {"z": 1}}}, "params.center", "'z' is not one of its keys"),
        ({"params": {"bg_color": 0}}, "params.bg_color", "expected a text"),
        ({"params": {"bgColor": "#000"}}, "params.bgColor", "Did you mean 'bg_color'?"),
        ({"inputs": [{"type": "text", "text": "x"}]}, "inputs[0]", "the inputs are image (image), mask (image)."),
        ({"inputs": [{"type": "image", "name": "imag"}]}, "inputs[0]", "Did you mean 'image'?"),
        ({"inputs": [{"type": "video", "name": "image"}]}, "inputs[0]", "takes 'image', not 'video'"),
        ({"inputs": [{"type": "image", "name": "mask"}]}, "inputs", "needs an input 'image' of type 'image'"),
    ],
)
async def test_an_action_is_checked_the_same_way(changes: dict[str, Any], field: str, said: str) -> None:
    [(told, message, _)] = await refused({**CROP, **changes}, path="actions.run")
    assert told == field
    assert said in message


async def test_an_action_that_fits_is_run_and_one_that_is_not_strict_as_well() -> None:
    shop = Shop()
    params = {"mode": "percent", "width": 50, "sharp": False, "center": {"x": 0}, "bg_color": "red"}
    async with customer(shop) as flora:
        await flora.call("actions.run", {**CROP, "params": params})
        await flora.call("actions.run", {**CROP, "params": {"made_up": 1}, "strict": False})
    assert [body["params"] for _, body in shop.sent] == [params, {"made_up": 1}]
    assert not any("strict" in body for _, body in shop.sent)


@pytest.mark.parametrize("model_id", ["t2i-rich", None])
async def test_a_flood_of_mistakes_is_not_worded_one_by_one(model_id: str | None) -> None:
    found = await refused(wish(model_id, {f"aspect_ratio_{number}": number for number in range(50_000)}))
    assert len(found) == 20
    crowd = {**CROP, "params": {f"width_{number}": 1 for number in range(50_000)}}
    assert len(await refused(crowd, path="actions.run")) == 20
    crowd = {**CROP, "inputs": [{"type": "text", "name": f"image_{number}"} for number in range(50_000)]}
    assert len(await refused(crowd, path="actions.run")) == 20


@pytest.mark.parametrize("name", ["steps", "guidance", "duration", "seed", "focus", "resolution"])
async def test_a_number_of_any_size_is_a_wrong_value_and_no_crash(name: str) -> None:
    value: object = {"x": 10**4000} if name == "focus" else 10**4000
    [(field, _, code)] = await refused(wish("t2i-rich", {name: value}))
    assert (field, code) == (f"params.{name}", "invalid_value")

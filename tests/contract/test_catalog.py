"""Models, actions and feedback."""

import pytest
from contract.promises import promises
from contract.shapes import RUN_ID, TIME_MS, URL, Between, Like
from contract.sides import Side, body_of, faults
from contract.world import MODEL, PNG


@promises("models.list/describes-models")
async def test_a_model_is_described(side: Side) -> None:
    listed = body_of(await side.call("models.list"))
    assert set(listed) <= {"models", "meta"}
    [model] = [each for each in listed["models"] if each["model_id"] == MODEL]
    params = model.pop("params")
    assert model == {
        "model_id": MODEL,
        "name": Like(r".+"),
        "type": "image",
        "provider": Like(r".+"),
        "capabilities": ["text-to-image", "deterministic", "local"],
        "estimated_credits": Between(0),
        "estimated_seconds": Between(0),
    }
    [ratio] = [each for each in params if each["name"] == "aspect_ratio"]
    assert (ratio["type"], ratio["required"], ratio["default"]) == ("string", False, "1:1")
    assert {"label": "16:9", "value": "16:9"} in ratio["options"]


@promises("models.list/keeps-one-type")
async def test_models_are_listed_by_their_type(side: Side) -> None:
    pictures = body_of(await side.call("models.list", type="image"))["models"]
    assert MODEL in [each["model_id"] for each in pictures]
    assert {each["type"] for each in pictures} == {"image"}
    assert all(each["type"] == "audio" for each in body_of(await side.call("models.list", type="audio"))["models"])


@promises("models.list/refuses-other-types")
async def test_a_type_of_model_that_does_not_exist_is_refused(side: Side) -> None:
    assert faults(await side.refused("models.list", type="t2i")) == {"type"}


@promises("actions.list/lists-all", "actions.retrieve/is-as-listed")
async def test_an_action_is_listed_and_read(side: Side) -> None:
    listed = body_of(await side.call("actions.list"))["actions"]
    assert {each["charged_cost"] for each in listed} == {0}
    [crop] = [each for each in listed if each["action_id"] == "crop-image-browser"]
    assert set(crop) == {
        "action_id",
        "name",
        "description",
        "language",
        "charged_cost",
        "inputs",
        "outputs",
        "params",
    }
    assert await side.call("actions.retrieve", action_id="crop-image-browser") == crop


@promises("actions.retrieve/missing-is-404", "actions.run/missing-action-is-404")
async def test_a_missing_action_is_not_found(side: Side) -> None:
    asked = acted(side, "no-such-action", [{"type": "text", "text": "a"}])
    for refusal in (
        await side.refused("actions.retrieve", action_id="no-such-action"),
        await side.refused("actions.run", **asked),
    ):
        assert (refusal.kind, refusal.status, refusal.code) == ("NotFoundError", 404, "not_found")


def acted(side: Side, action_id: str, inputs: list[dict[str, str]], **params: object) -> dict[str, object]:
    ids = {"workspace_id": side.workspace_id, "project_id": side.project_id}
    return {"action_id": action_id, "inputs": inputs, "params": params, **ids}


@promises("actions.run/starts-a-run", "actions.run/makes-outputs")
async def test_an_action_is_run(side: Side) -> None:
    asset = await side.upload(PNG, workspace_id=side.workspace_id, file_name="cup.png")
    asked = acted(side, "rotate-image-browser", [{"type": "image", "url": asset["url"]}], angle=90)
    started = await side.call("actions.run", **asked)
    assert started == {
        "run_id": RUN_ID,
        "type": "action",
        "charged_cost": 0,
        "estimated_seconds": Between(0),
        "action": {"action_id": "rotate-image-browser"},
        "poll_url": f"{side.world.studio.base_url}/runs/{started['run_id']}",
        "project_id": side.project_id,
    }
    done = await side.finished(started["run_id"])
    assert (done["status"], done["charged_cost"]) == ("completed", 0)
    assert done["outputs"] == [{"output_id": "output_1", "type": "imageUrl", "url": URL}]
    assert (await side.call("projects.list_nodes", project_id=side.project_id)).items == []


@promises("actions.run/makes-texts")
async def test_an_action_on_texts_makes_texts(side: Side) -> None:
    inputs = [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]
    run = await side.call("actions.run", **acted(side, "concat-text-browser", inputs, separator=" "))
    done = await side.finished(run["run_id"])
    assert done["outputs"] == [{"output_id": "output_1", "type": "text", "url": "one two"}]


@pytest.mark.parametrize("params", [{"shout": True}, {"replace_all": "yes"}], ids=["unknown", "out of range"])
@promises("actions.run/checks-parameters")
async def test_the_parameters_of_an_action_are_checked(side: Side, params: dict[str, object]) -> None:
    asked = acted(side, "find-and-replace-text-browser", [{"type": "text", "text": "a"}], **params)
    assert faults(await side.refused("actions.run", **asked)) == {f"params.{next(iter(params))}"}


@promises("actions.run/needs-its-inputs")
async def test_an_action_needs_its_inputs(side: Side) -> None:
    assert faults(await side.refused("actions.run", **acted(side, "rotate-image-browser", []))) == {"inputs"}
    texts = [{"type": "text", "text": "a"}]
    assert faults(await side.refused("actions.run", **acted(side, "rotate-image-browser", texts))) == {
        "inputs.0",
        "inputs.image",
    }


@promises("actions.run/loads-own-media-only")
async def test_an_action_loads_no_media_from_elsewhere(side: Side) -> None:
    asked = acted(side, "rotate-image-browser", [{"type": "image", "url": "https://media.example/cup.png"}])
    assert faults(await side.refused("actions.run", **asked)) == {"inputs.0.url"}


@promises("feedback.record/is-received")
async def test_feedback_is_received(side: Side) -> None:
    received = await side.call(
        "feedback.record",
        kind="bug",
        summary="It is too red",
        detail="The cup is redder than asked for.",
        attempted_tools=["generate"],
        workspace_id=side.workspace_id,
        project_id=side.project_id,
        run_id="run_1",
    )
    assert received == {"feedback_id": Like(r"fb_\S+"), "received_at": TIME_MS}


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"kind": "praise"}, "kind"), ({"summary": ""}, "summary"), ({"run_id": "1"}, "run_id")],
    ids=["kind", "summary", "run"],
)
@promises("feedback.record/needs-its-parts")
async def test_feedback_needs_its_parts(side: Side, changes: dict[str, str], field: str) -> None:
    good = {"kind": "bug", "summary": "It is too red", "detail": "The cup."}
    assert faults(await side.refused("feedback.record", **{**good, **changes})) == {field}

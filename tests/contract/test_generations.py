"""Generations: started, followed, listed."""

import io

import httpx
import pytest
from contract.promises import promises
from contract.shapes import RUN_ID, TIME_MS, URL, Between, Like
from contract.sides import Side, faults
from contract.world import MODEL
from PIL import Image


@pytest.mark.parametrize("path", ["generations.create", "runs.start_generation"])
@promises("generations.create/starts-a-run", "runs.start_generation/does-as-generate")
async def test_a_generation_is_a_run(side: Side, path: str) -> None:
    started = await side.call(path, **side.asked(model=MODEL, params={"seed": 7}))
    assert started == {
        "run_id": RUN_ID,
        "type": "generation",
        "charged_cost": 0.004,
        "estimated_seconds": Between(0),
        "model": {"model_id": MODEL},
        "poll_url": f"{side.world.studio.base_url}/runs/{started['run_id']}",
        "project_id": side.project_id,
    }
    assert (await side.finished(started["run_id"]))["status"] == "completed"


@promises("generations.create/takes-the-default-model")
async def test_a_generation_without_a_model_takes_the_default_one(side: Side) -> None:
    started = await side.call("generations.create", **side.asked())
    assert started["model"] == {"model_id": MODEL}


@promises("generations.create/unknown-model-lists-models")
async def test_an_unknown_model_is_refused_with_those_that_exist(side: Side) -> None:
    refusal = await side.refused("generations.create", **side.asked(model="t2i-nothing"))
    assert faults(refusal) == {"model"}
    assert MODEL in refusal.message
    assert (await side.call("generations.list", workspace_id=side.workspace_id)).items == []


@promises("generations.create/unknown-value-is-refused")
async def test_a_value_that_a_parameter_does_not_take_is_refused(side: Side) -> None:
    refusal = await side.refused("generations.create", **side.asked(params={"aspect_ratio": "banana_9_9"}))
    assert faults(refusal) == {"params.aspect_ratio"}


@pytest.mark.parametrize("path", ["generations.create", "runs.start_generation"])
@promises("generations.create/needs-a-prompt", "runs.start_generation/refuses-as-generate")
async def test_a_generation_needs_a_prompt(side: Side, path: str) -> None:
    asked = side.asked()
    assert faults(await side.refused(path, **{**asked, "prompt": ""})) == {"prompt"}
    asked.pop("prompt")
    assert faults(await side.refused(path, **asked)) == {"prompt"}


@promises("generations.create/needs-a-type")
async def test_a_generation_needs_a_type_that_exists(side: Side) -> None:
    assert faults(await side.refused("generations.create", **side.asked(type="t2i"))) == {"type"}


@promises("generations.create/project-of-another-workspace", "generations.create/missing-workspace-is-404")
async def test_a_generation_goes_to_a_project_of_its_workspace(side: Side) -> None:
    other = await side.world.studio.create_workspace("Other")
    refusal = await side.refused("generations.create", **side.asked(workspace_id=other))
    assert (refusal.status, refusal.code) == (400, "input_validation_error")
    refusal = await side.refused("generations.create", **side.asked(workspace_id="ws_none"))
    assert (refusal.status, refusal.code) == (404, "not_found")


@promises("generations.retrieve/completes", "generations.retrieve/serves-its-output")
async def test_a_generation_completes_with_a_picture_for_everybody(side: Side) -> None:
    started = await side.call("generations.create", **side.asked(params={"seed": 7}))
    done = await side.finished(started["run_id"])
    facts = done.pop("facts")
    assert (facts["seed"], facts["width_px"], facts["height_px"]) == (7, 1024, 1024)
    assert done == {
        "run_id": started["run_id"],
        "status": "completed",
        "progress": 100,
        "created_at": TIME_MS,
        "started_at": Between(done["created_at"]),
        "completed_at": Between(done["started_at"]),
        "charged_cost": 0.004,
        "outputs": [{"output_id": "output_1", "type": "imageUrl", "url": URL}],
        "poll_url": started["poll_url"],
    }
    async with httpx.AsyncClient(trust_env=False) as stranger:
        url = done["outputs"][0]["url"]
        whole = await stranger.get(url)
        part = await stranger.get(url, headers={"range": "bytes=1-3"})
    assert whole.headers["content-type"] == "image/png"
    assert Image.open(io.BytesIO(whole.content)).size == (16, 16)
    assert (part.status_code, part.content) == (206, b"PNG")


@promises("generations.retrieve/is-pending-or-running")
async def test_a_generation_that_is_not_done_has_no_outputs(side: Side) -> None:
    side.world.painter.hold()
    started = await side.call("generations.create", **side.asked(prompt="hold"))
    running = await side.until(started["run_id"], "running")
    assert running == {
        "run_id": started["run_id"],
        "status": "running",
        "progress": Between(0, 99),
        "created_at": TIME_MS,
        "started_at": TIME_MS,
        "poll_url": started["poll_url"],
    }
    side.world.painter.let_go()
    assert (await side.finished(started["run_id"]))["status"] == "completed"


@promises("generations.retrieve/fails")
async def test_a_failed_generation_says_why_and_costs_nothing(side: Side) -> None:
    started = await side.call("generations.create", **side.asked(prompt="fail"))
    failed = await side.finished(started["run_id"])
    assert failed == {
        "run_id": started["run_id"],
        "status": "failed",
        "progress": 100,
        "created_at": TIME_MS,
        "started_at": TIME_MS,
        "completed_at": TIME_MS,
        "charged_cost": 0,
        "error_code": "GENERATION_GENERIC_ERROR",
        "error_message": Like(r".*the paint is dry.*"),
        "poll_url": started["poll_url"],
    }


@promises("generations.retrieve/missing-is-404", "generations.retrieve/wrong-prefix-is-400")
async def test_a_missing_run_is_not_found(side: Side) -> None:
    refusal = await side.refused("generations.retrieve", run_id="run_none")
    assert (refusal.kind, refusal.status, refusal.code) == ("NotFoundError", 404, "not_found")
    assert faults(await side.refused("generations.retrieve", run_id="prj_1")) == {"run_id"}


@promises("generations.list/newest-first")
async def test_generations_are_listed_newest_first(side: Side) -> None:
    runs = [await side.call("generations.create", **side.asked(prompt=each)) for each in ("one", "two")]
    read = [await side.finished(each["run_id"]) for each in runs]
    page = await side.call("generations.list", workspace_id=side.workspace_id)
    extra = {"workspace_id": side.workspace_id, "project_id": side.project_id, "model": {"model_id": MODEL}}
    assert page.items == [{**each, "generation_id": each["run_id"], **extra} for each in reversed(read)]
    assert set(page.body) == {"generations", "meta"}


@promises("generations.list/filters")
async def test_generations_are_filtered(side: Side) -> None:
    other = await side.call("projects.create", name="Other", workspace_id=side.workspace_id)
    good = await side.call("generations.create", **side.asked())
    bad = await side.call("generations.create", **side.asked(prompt="fail", project_id=other["project_id"]))
    for each in (good, bad):
        await side.finished(each["run_id"])

    async def found(**filters: str) -> list[str]:
        return [each["run_id"] for each in (await side.call("generations.list", **filters)).items]

    assert await found(workspace_id=side.workspace_id) == [bad["run_id"], good["run_id"]]
    assert await found(project_id=other["project_id"]) == [bad["run_id"]]
    assert await found(workspace_id=side.workspace_id, status="completed") == [good["run_id"]]
    assert await found(workspace_id=side.workspace_id, status="running") == []


@promises("generations.list/refuses-other-statuses", "generations.list/missing-project-is-404")
async def test_generations_are_listed_by_what_exists(side: Side) -> None:
    assert faults(await side.refused("generations.list", status="cancelled")) == {"status"}
    refusal = await side.refused("generations.list", project_id="prj_none")
    assert (refusal.status, refusal.code) == (404, "not_found")

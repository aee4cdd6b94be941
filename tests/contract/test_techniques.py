"""Techniques: found, read, run."""

from typing import Any

import httpx
import pytest
from contract.promises import promises
from contract.shapes import RUN_ID, TIME_MS, URL, Between, Like
from contract.sides import Side, faults
from contract.world import PNG, SITE

SLUG = "product-shot-set"
PRODUCT = {"id": "product", "type": "text", "value": "a red cup"}


def run_of(*inputs: dict[str, str], **changes: Any) -> dict[str, Any]:
    """Returns the arguments of a good `techniques.runs.create`, with changes."""
    return {"technique_id": SLUG, "inputs": list(inputs or (PRODUCT,)), "mode": "async", **changes}


@promises("techniques.list/lists-shipped", "techniques.list/finds-by-words", "techniques.retrieve/by-id-and-slug")
async def test_a_technique_is_found_and_read(side: Side) -> None:
    page = await side.call("techniques.list", workspace_id=side.workspace_id, query="PRODUCT SHOT")
    [technique] = [each for each in page.items if each["slug"] == SLUG]
    assert {name: technique[name] for name in ("technique_id", "name", "run_cost")} == {
        "technique_id": Like(r"tech_\S+"),
        "name": "Product shot set",
        "run_cost": Between(0.001),
    }
    [product] = [each for each in technique["inputs"] if each["id"] == "product"]
    assert product == {"id": "product", "name": "Product", "type": "text", "optional": False, "description": Like(".+")}
    assert {each["type"] for each in technique["outputs"]} == {"imageUrl"}
    for technique_id in (SLUG, technique["technique_id"]):
        assert await side.call("techniques.retrieve", technique_id=technique_id) == technique
    assert (await side.call("techniques.list", query="nothing like this")).items == []


@promises(
    "techniques.list/missing-workspace-is-404",
    "techniques.retrieve/missing-is-404",
    "techniques.runs.create/missing-is-404",
    "techniques.runs.list/missing-technique-is-404",
)
async def test_a_missing_technique_is_not_found(side: Side) -> None:
    for refusal in (
        await side.refused("techniques.list", workspace_id="ws_none"),
        await side.refused("techniques.retrieve", technique_id="no-such-technique"),
        await side.refused("techniques.runs.create", **run_of(technique_id="no-such-technique")),
        await side.refused("techniques.runs.list", technique_id="tech_none"),
    ):
        assert (refusal.kind, refusal.status, refusal.code) == ("NotFoundError", 404, "not_found")


async def finished(side: Side, run_id: str) -> Any:
    """Reads a run below its technique until it has ended."""
    done = await side.finished(run_id)
    assert await side.call("techniques.runs.retrieve", run_id=run_id, technique_id=SLUG) == done
    return done


@promises("techniques.runs.create/starts-and-completes", "techniques.runs.retrieve/reads-the-run")
async def test_a_technique_is_run(side: Side) -> None:
    side.world.painter.hold()
    held = {**PRODUCT, "value": "hold a red cup"}
    started = await side.call("techniques.runs.create", **run_of(held))
    assert started == {
        "run_id": RUN_ID,
        "status": "pending",
        "progress": 0,
        "created_at": TIME_MS,
        "poll_url": Like(rf"{side.world.studio.base_url}/techniques/\S+/runs/{started['run_id']}"),
    }
    side.world.painter.let_go()
    done = await finished(side, started["run_id"])
    assert (done["status"], done["progress"], done["charged_cost"]) == ("completed", 100, Between(0.001))
    assert done["outputs"] == [{"output_id": Like(".+"), "type": "imageUrl", "url": URL}] * 3


@pytest.mark.parametrize(
    "inputs",
    [
        [{**PRODUCT, "id": "colour"}, PRODUCT],
        [{**PRODUCT, "type": "imageUrl"}],
        [{"id": "seed", "type": "text", "value": "7"}],
        [{"id": "light", "type": "text", "value": "no such light"}, PRODUCT],
    ],
    ids=["unknown", "type", "missing", "value"],
)
@promises("techniques.runs.create/wrong-inputs-are-refused")
async def test_wrong_inputs_of_a_technique_are_refused(side: Side, inputs: list[dict[str, str]]) -> None:
    fields = faults(await side.refused("techniques.runs.create", **run_of(*inputs)))
    assert len(fields) == 1
    assert all(field.startswith("inputs") for field in fields)


@promises("techniques.runs.create/empty-optional-is-refused")
async def test_an_empty_input_is_to_be_left_out(side: Side) -> None:
    empty = {"id": "setting", "type": "text", "value": ""}
    fields = faults(await side.refused("techniques.runs.create", **run_of(PRODUCT, empty)))
    assert fields == {"inputs.1.value"}


@promises("techniques.runs.create/key-replays", "techniques.runs.create/key-conflicts")
async def test_a_key_in_the_body_replays(side: Side) -> None:
    key = f"row-7-{side.workspace_id}"
    first = await side.call("techniques.runs.create", **run_of(idempotency_key=key))
    again = await side.call("techniques.runs.create", **run_of(idempotency_key=key))
    assert again["run_id"] == first["run_id"]
    other = {**PRODUCT, "value": "a blue cup"}
    refusal = await side.refused("techniques.runs.create", **run_of(other, idempotency_key=key))
    assert (refusal.kind, refusal.status, refusal.code) == ("UnprocessableEntityError", 422, "idempotency_conflict")


@promises("techniques.runs.create/replay-says-so")
async def test_a_replay_says_so(side: Side) -> None:
    body = {"inputs": [PRODUCT], "mode": "async", "idempotency_key": f"row-8-{side.workspace_id}"}
    async with httpx.AsyncClient(base_url=side.world.studio.base_url, trust_env=False) as stranger:
        answers = [await stranger.post(f"techniques/{SLUG}/runs", json=body) for _ in range(2)]
    told = [(answer.status_code, answer.headers.get("idempotent-replayed")) for answer in answers]
    assert told == [(201, None), (200, "true")]


@promises("techniques.runs.create/several-values", "techniques.runs.create/address-of-anywhere")
async def test_several_values_are_a_run_each(side: Side) -> None:
    own = await side.upload(PNG, workspace_id=side.workspace_id)
    pictures = [own["url"], f"{SITE}/cup.png"]
    inputs = [{"id": "picture", "type": "imageUrl", "value": url} for url in pictures]
    several = await side.call("techniques.runs.create", **run_of(*inputs, technique_id="social-media-pack"))
    runs = several.pop("runs")
    assert (runs[0], len(runs)) == (several, 2)
    for each in runs:
        done = await side.finished(each["run_id"])
        assert done["status"] == "completed"
        assert {output["type"] for output in done["outputs"]} == {"imageUrl"}


@promises("techniques.runs.retrieve/of-another-technique-is-404")
async def test_a_run_of_something_else_is_not_found_below_a_technique(side: Side) -> None:
    generation = await side.call("generations.create", **side.asked())
    for run_id in (generation["run_id"], "run_none"):
        refusal = await side.refused("techniques.runs.retrieve", run_id=run_id, technique_id=SLUG)
        assert (refusal.status, refusal.code) == (404, "not_found")


@promises("runs.start_technique/takes-an-object", "techniques.runs.list/newest-first", "techniques.runs.list/filters")
async def test_techniques_are_run_the_older_way_and_listed(side: Side) -> None:
    technique_id = (await side.call("techniques.retrieve", technique_id=SLUG))["technique_id"]
    asked = {"technique_id": technique_id, "workspace_id": side.workspace_id}
    runs = [
        await side.call("runs.start_technique", **asked, inputs={"product": product}) for product in ("cup", "fail")
    ]
    assert runs[0] == {
        "run_id": RUN_ID,
        "type": "technique",
        "charged_cost": Between(0.001),
        "estimated_seconds": Between(1),
        "technique": {"technique_id": technique_id, "name": "Product shot set"},
        "poll_url": URL,
        "project_id": Like(r"prj_\S+"),
    }
    read = [await finished(side, each["run_id"]) for each in runs]
    page = await side.call("techniques.runs.list", workspace_id=side.workspace_id)
    assert page.items == [
        {
            **state,
            "technique_run_id": state["run_id"],
            "workspace_id": side.workspace_id,
            "project_id": runs[0]["project_id"],
            "technique": runs[0]["technique"],
        }
        for state in reversed(read)
    ]

    async def found(**filters: str) -> list[str]:
        listed = await side.call("techniques.runs.list", workspace_id=side.workspace_id, **filters)
        return [each["run_id"] for each in listed.items]

    assert await found(status="completed", technique_id=SLUG) == [runs[0]["run_id"]]
    assert await found(status="failed") == [runs[1]["run_id"]]
    assert await found(status="running") == []


@promises("runs.start_technique/wrong-inputs-are-refused")
async def test_the_older_way_refuses_wrong_inputs_too(side: Side) -> None:
    technique_id = (await side.call("techniques.retrieve", technique_id=SLUG))["technique_id"]
    asked = {"technique_id": technique_id, "workspace_id": side.workspace_id}
    fields = faults(await side.refused("runs.start_technique", **asked, inputs={"setting": "outside"}))
    assert fields == {"inputs.product"}

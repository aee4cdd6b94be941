"""What a run of a technique may be given, and how a repeated request is known."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import anyio
import httpx
from studio.pictures import picture
from studio.postgres import Postgres
from studio.techniques.conftest import Easel, RunCommand, given
from studio.techniques.documents import MODEL, PICTURE, TEXT, content, generation, grade, output, paint, technique, text

from flora_mcp.studio.data import open_data
from flora_mcp.studio.renderers import RenderThreads
from flora_mcp.studio.store import techniques
from flora_mcp.studio.techniques import Definition
from flora_mcp.studio.web import Web

ASKED = given("what", "a cup")
LEVEL = {"id": "level", "name": "Level", "type": "text", "default": "10", "options": ["10", "20"]}
LOCKED = {"id": "style", "name": "Style", "type": "text", "default": "plain", "locked": True}
INK = {"id": "ink", "name": "Ink", "type": "text", "format": "color", "default": "#000000"}
SEED = {"id": "seed", "name": "Seed", "type": "text", "format": "seed"}
MANY = {**TEXT, "allow_multiple": True}


def words(*names: str) -> dict[str, Any]:
    """A step whose text has all of these inputs."""
    return text("line", " ".join(f"{{{name}}}" for name in names))


async def test_a_technique_is_told_as_the_sdk_types_it(easel: Easel) -> None:
    photo = {
        **PICTURE,
        "optional": True,
        "specified_aspect_ratio": "3:2",
        "allow_multiple": True,
        "description": "Yours.",
    }
    outputs = (output("line"), output("graded", optional=True, specified_aspect_ratio="3:2"))
    steps = words("what", "level", "style"), grade("graded", "photo")
    technique_id = await easel.add(technique(*steps, inputs=(TEXT, LEVEL, LOCKED, photo), outputs=outputs))
    told = await easel.api.get(f"techniques/{technique_id}")
    assert told == {
        "technique_id": technique_id,
        "slug": "sketch",
        "name": "Sketch",
        "description": "Made by a test.",
        "run_cost": 0,
        "inputs": [
            {"id": "what", "name": "What", "type": "text", "optional": False},
            {
                "id": "level",
                "name": "Level",
                "type": "text",
                "optional": True,
                "description": "One of 10, 20. Default: 10.",
            },
            {
                "id": "photo",
                "name": "Photo",
                "type": "imageUrl",
                "optional": True,
                "description": "Yours.",
                "allow_multiple": True,
                "specified_aspect_ratio": "3:2",
            },
        ],
        "outputs": [
            {"id": "line_out", "name": "Line", "type": "text"},
            {
                "id": "graded_out",
                "name": "Graded",
                "type": "imageUrl",
                "optional": True,
                "specified_aspect_ratio": "3:2",
            },
        ],
    }
    assert (await easel.api.get("techniques"))["techniques"][0] == told


async def test_techniques_are_listed_in_pages_and_found_by_words(easel: Easel) -> None:
    everything = (await easel.api.get("techniques", limit=100))["techniques"]
    first = await easel.api.get("techniques", limit=4)
    rest = await easel.api.get("techniques", limit=100, cursor=first["meta"]["next_cursor"])
    assert first["techniques"] + rest["techniques"] == everything
    found = (await easel.api.get("techniques", query="FILM STILL"))["techniques"]
    assert [each["slug"] for each in found] == ["cinematic-still"]


async def test_a_slug_that_a_later_studio_ships_stays_with_who_took_it(
    open_api: Callable[..., AbstractAsyncContextManager[Any]], tmp_path: Path
) -> None:
    async with open_api() as api:
        await Easel(api=api).add(technique(words("what")))
    shipped = Definition.model_validate_json(content(technique(generation("drawn"))))
    with open_data(directory=tmp_path / "data") as database, database.writing() as connection:
        techniques.keep_shipped(connection, [shipped], now_ms=1)
    async with open_api() as api:
        assert (await Easel(api=api).run())["outputs"][0]["url"] == "a cup"


async def test_every_fault_of_a_request_is_told_at_once(easel: Easel) -> None:
    inputs = (TEXT, LEVEL, LOCKED, INK, SEED, {**TEXT, "id": "short", "max_characters": 3, "optional": True})
    steps = words("what", "level", "style", "ink", "seed"), text("end", "{short}", otherwise="")
    await easel.add(technique(*steps, inputs=inputs, outputs=(output("line"), output("end"))))
    faults = await easel.faults(
        given("waht", "x"),
        given("level", "15"),
        given("style", "fancy"),
        given("ink", "red"),
        given("seed", "-1"),
        given("short", "long"),
        given("level", "10", "imageUrl"),
        callback_url="http://127.0.0.1/",
    )
    assert faults == {
        "inputs.0.id": "'waht' is no input of this technique; did you mean 'what'? "
        "There is what, level, ink, seed, short.",
        "inputs.1.value": "'15' is not accepted; use one of 10, 20.",
        "inputs.2.id": "'style' is locked to 'plain' by this technique; leave it out.",
        "inputs.3.value": "'red' is not accepted; use a colour such as '#ff8800'.",
        "inputs.4.value": "'-1' is not accepted; use a whole number from 0 to 2147483647.",
        "inputs.5.value": "has 4 characters; at most 3 are accepted.",
        "inputs.6.type": "'imageUrl' is not accepted; use 'text'.",
        "inputs.what": "Required: a text.",
        "inputs.level": "is given 2 times; this input takes one value. Start a run for each.",
        "callback_url": faults["callback_url"],
    }
    assert (await easel.api.get("technique-runs"))["technique_runs"] == []


async def test_an_empty_text_is_to_be_left_out(easel: Easel) -> None:
    await easel.add(technique(words("what", "level"), inputs=(TEXT, LEVEL)))
    assert await easel.faults(ASKED, given("level", "")) == {
        "inputs.1.value": "An empty text is not accepted; leave an optional input out."
    }
    assert await easel.faults(given("what", " ")) == {
        "inputs.0.value": "An empty text is not accepted; it is required."
    }


async def test_a_body_of_another_form_is_refused(easel: Easel) -> None:
    changes: dict[str, dict[str, Any]] = {
        "mode": {"mode": "later"},
        "inputs": {"inputs": []},
        "inputs.0.type": {"inputs": [{**ASKED, "type": "audioUrl"}]},
        "inputs.0.value": {"inputs": [{**ASKED, "value": 1}]},
        "project_id": {"project_id": "prj_1"},
        "idempotency_key": {"idempotency_key": ""},
    }
    for field, change in changes.items():
        body = {"inputs": [ASKED], "mode": "async", **change}
        answer = await easel.api.post("techniques/shot-list/runs", body)
        assert (answer.status_code, [each["field"] for each in answer.json()["error"]["fields"]]) == (400, [field])


async def test_a_stream_is_answered_as_a_run_that_goes_on(easel: Easel) -> None:
    await easel.add(technique(words("what")))
    answer = await easel.send(mode="stream")
    assert (answer.status_code, answer.json()["status"]) == (201, "pending")
    assert answer.headers["content-type"] == "application/json"


async def test_several_values_of_an_input_are_a_run_each(easel: Easel) -> None:
    outputs = (output("line"), output("drawn"))
    technique_id = await easel.add(technique(generation("drawn"), words("what"), inputs=(MANY,), outputs=outputs))
    asked = given("what", "a cup"), given("what", "a jug")
    started = await easel.start(*asked, idempotency_key="both")
    runs = started.pop("runs")
    assert runs[0] == started
    done = [await easel.api.finished(each["run_id"]) for each in runs]
    assert [state["outputs"][0]["url"] for state in done] == ["a cup", "a jug"]
    again = await easel.send(*asked, idempotency_key="both")
    assert again.json()["runs"] == done
    older = {"technique_id": technique_id, "workspace_id": easel.api.workspace_id, "inputs": {"what": ["a", "b", "c"]}}
    answer = (await easel.api.post("runs/technique", older)).json()
    assert [each["charged_cost"] for each in answer["runs"]] == [0.004] * 3
    assert len({each["run_id"] for each in answer["runs"]}) == 3
    faults = await easel.faults(*[given("what", "x")] * 21)
    assert faults == {"inputs.what": "has 21 values, each of which is a run; at most 20 can be."}


async def test_only_one_input_has_several_values(easel: Easel) -> None:
    other = {**MANY, "id": "other"}
    await easel.add(technique(words("what", "other"), inputs=(MANY, other)))
    faults = await easel.faults(*[given(name, "x") for name in ("what", "other")] * 2)
    assert faults == {"inputs": "what and other have several values each; only one input of a request may."}


async def test_the_older_form_tells_its_faults_by_the_ids(easel: Easel) -> None:
    technique_id = await easel.add(technique(words("what", "level"), inputs=(TEXT, LEVEL)))
    asked = {"technique_id": technique_id, "workspace_id": easel.api.workspace_id}
    answer = await easel.api.post("runs/technique", {**asked, "inputs": {"what": 7, "level": "x", "wat": ""}})
    fields = {each["field"]: each["message"] for each in answer.json()["error"]["fields"]}
    assert fields == {
        "inputs.what": "7 is not accepted; use a text.",
        "inputs.level": "'x' is not accepted; use one of 10, 20.",
        "inputs.wat.id": "'wat' is no input of this technique; did you mean 'what'? There is what, level.",
    }
    answer = await easel.api.post("runs/technique", {**asked, "technique_id": "sketch", "inputs": {}})
    assert answer.json()["error"]["fields"][0]["field"] == "technique_id"


async def test_a_key_replays_the_run_and_tells_so(easel: Easel) -> None:
    await easel.add(technique(generation("drawn")))
    first = await easel.start(idempotency_key="row-1")
    done = await easel.api.finished(first["run_id"])
    again = await easel.send(idempotency_key="row-1")
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.json() == done
    for other in ({"callback_url": "https://example.com/"}, {"mode": "stream"}):
        answer = await easel.send(idempotency_key="row-1", **other)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, "idempotency_conflict")
    assert len((await easel.api.get("technique-runs"))["technique_runs"]) == 1


async def test_a_key_is_forgotten_after_a_day(easel: Easel) -> None:
    await easel.add(technique(words("what")))
    first = await easel.start(idempotency_key="row-1")
    easel.api.clock.now_ms += techniques.KEPT_MS - 1
    assert (await easel.send(idempotency_key="row-1")).json()["run_id"] == first["run_id"]
    easel.api.clock.now_ms += 1
    assert (await easel.start(idempotency_key="row-1"))["run_id"] != first["run_id"]


async def test_a_key_of_a_refused_request_is_free(easel: Easel) -> None:
    await easel.add(technique(words("what")))
    assert await easel.faults(given("wat", "x"), idempotency_key="row-1")
    assert (await easel.start(idempotency_key="row-1"))["run_id"]


async def test_requests_at_once_with_one_key_start_one_run(easel: Easel) -> None:
    await easel.add(technique(generation("drawn")))
    answers: list[httpx.Response] = []

    async def ask() -> None:
        answers.append(await easel.send(idempotency_key="row-1"))

    async with anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(ask)
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["run_id"] for answer in answers}) == 1
    assert len((await easel.api.get("technique-runs"))["technique_runs"]) == 1


async def test_requests_at_once_to_two_machines_start_one_run(
    open_api: Callable[..., AbstractAsyncContextManager[Any]], postgres: Postgres, tmp_path: Path
) -> None:
    with postgres.database() as url:
        renderers = RenderThreads({MODEL: paint})
        async with (
            open_api(renderers, database_url=url) as first,
            open_api(database_url=url, directory=tmp_path / "second", works=False) as second,
        ):
            easels = [Easel(api=first), Easel(api=second)]
            await easels[0].add(technique(generation("drawn")))
            answers: list[httpx.Response] = []

            async def ask(easel: Easel) -> None:
                answers.append(await easel.send(idempotency_key="row-1"))

            async with anyio.create_task_group() as tasks:
                for easel in easels * 4:
                    tasks.start_soon(ask, easel)
            assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
            [run_id] = {answer.json()["run_id"] for answer in answers}
            state = await second.finished(run_id)
            assert (state["status"], state["charged_cost"]) == ("completed", 0.004)


async def test_a_key_in_the_header_is_refused_the_second_time(easel: Easel) -> None:
    await easel.add(technique(words("what")))
    body = {"inputs": [ASKED], "mode": "async"}
    answers = [await easel.api.post("techniques/sketch/runs", body, **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 409]


async def test_an_archived_technique_is_not_run_and_its_runs_stay(easel: Easel, run_command: RunCommand) -> None:
    technique_id = await easel.add(technique(words("what")))
    done = await easel.run()
    assert run_command("technique", "remove", "sketch") == (0, "")
    for answer in (await easel.send(), await easel.api.http.get("techniques/sketch")):
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    listed = (await easel.api.get("techniques", limit=100))["techniques"]
    assert technique_id not in [each["technique_id"] for each in listed]
    assert await easel.api.get(f"techniques/sketch/runs/{done['run_id']}") == done
    assert [each["run_id"] for each in (await easel.api.get("technique-runs"))["technique_runs"]] == [done["run_id"]]


async def test_runs_belong_to_one_project_of_the_workspace(easel: Easel) -> None:
    await easel.add(technique(words("what")))
    runs = [await easel.run(), await easel.run()]
    listed = (await easel.api.get("technique-runs"))["technique_runs"]
    [project_id] = {each["project_id"] for each in listed}
    assert (await easel.api.get(f"projects/{project_id}"))["name"] == "Technique runs"
    assert [each["run_id"] for each in listed] == [state["run_id"] for state in reversed(runs)]
    assert (await easel.api.get("generations"))["generations"] == []


PNG = picture(size=(30, 20))


async def test_a_picture_from_elsewhere_is_fetched_once_as_an_asset(
    open_api: Callable[..., AbstractAsyncContextManager[Any]],
) -> None:
    async def resolve(host: str, _port: int) -> list[str]:
        return ["93.184.216.34" if host == "media.example" else "127.0.0.1"]

    def answer(request: httpx.Request) -> httpx.Response:
        file = b"no picture" if request.url.path.endswith(".txt") else PNG
        return httpx.Response(200, stream=httpx.ByteStream(file))

    web = Web(resolve=resolve, transport=httpx.MockTransport(answer))
    async with open_api(RenderThreads({MODEL: paint}), web=web) as api:
        easel = Easel(api=api)
        photo = {**PICTURE, "allow_multiple": True, "specified_aspect_ratio": "3:2"}
        await easel.add(technique(grade("graded", "photo"), inputs=(photo,)))
        state = await easel.run(given("photo", "https://media.example/a%20cup.png", "imageUrl"))
        assert state["status"] == "completed"
        [asset] = (await api.get("assets"))["assets"]
        assert (asset["name"], asset["status"], asset["width"]) == ("a cup.png", "ready", 30)
        wide = await easel.asset(picture(size=(40, 20)))
        faults = await easel.faults(given("photo", wide, "imageUrl"), given("photo", f"{wide}x", "imageUrl"))
        assert faults["inputs.0.value"].startswith("The picture has 40 x 20 pixels; 3:2 is required.")
        assert "is no picture of this studio" in faults["inputs.1.value"]
        elsewhere = ["https://localhost/a.png", "file:///etc/passwd", "https://media.example/a.txt", "a cup"]
        faults = await easel.faults(*[given("photo", url, "imageUrl") for url in elsewhere])
        assert sorted(faults) == [f"inputs.{number}.value" for number in range(4)]
        # What was fetched for a request that is refused is not kept.
        assert len((await api.get("assets"))["assets"]) == 2
        kept = {path.name for path in (api.directory / "media").iterdir() if path.name.startswith("asset_")}
        assert kept == {each["asset_id"] for each in (await api.get("assets"))["assets"]}

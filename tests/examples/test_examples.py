"""Each program in docs/examples does what it says, run as an agent's would be."""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp import Client
from mcp_types import CallToolResult, ImageContent, ResourceLink, TextContent

from flora_mcp.app import open_app
from flora_mcp.cli.demo.program import with_values
from flora_mcp.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

QUICK = {"POLL_SECONDS": 0.2}


class Ran:
    """What came of one program."""

    def __init__(self, result: CallToolResult) -> None:
        assert isinstance(result.content[0], TextContent)
        self.text = result.content[0].text
        assert not result.is_error, self.text
        self.images = [block for block in result.content if isinstance(block, ImageContent)]
        self.links = [block for block in result.content if isinstance(block, ResourceLink)]
        [returned] = [line for line in self.text.splitlines() if line.startswith("Returned: ")]
        self.returned = json.loads(returned.removeprefix("Returned: "))

    @property
    def sizes(self) -> list[str]:
        """The pixels of each linked picture."""
        return [re.findall(r"\d+x\d+", link.title or "")[0] for link in self.links]


@pytest.fixture(scope="module")
async def client(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Client]:
    settings = Settings(data_directory=tmp_path_factory.mktemp("examples"), time_budget_seconds=90)
    async with open_app(settings) as server, Client(server) as client:
        yield client


async def run(client: Client, name: str, **values: Any) -> Ran:
    """Runs the example, at a small size."""
    program = (EXAMPLES / name).read_text(encoding="utf-8")
    if "PARAMS" in values:
        values["PARAMS"] = {**values["PARAMS"], "resolution": "0.5k"}
    with anyio.fail_after(100):
        return Ran(await client.call_tool("execute", {"code": with_values(program, values)}))


async def run_javascript(client: Client, name: str, **values: Any) -> Ran:
    """Runs the example in JavaScript, with other values of its constants."""
    program = (EXAMPLES / name).read_text(encoding="utf-8")
    for constant, value in values.items():
        [line] = re.findall(rf"^const {constant} = .*;$", program, re.MULTILINE)
        program = program.replace(line, f"const {constant} = {json.dumps(value)};")
    with anyio.fail_after(100):
        return Ran(await client.call_tool("execute", {"code": program}))


def test_every_example_has_a_test() -> None:
    tests = Path(__file__).read_text(encoding="utf-8")
    examples = sorted(path.name for path in EXAMPLES.iterdir() if path.suffix in (".py", ".js"))
    assert len(examples) >= 7
    assert [name for name in examples if f'client, "{name}"' not in tests] == []


async def test_product_shots_are_made_together_and_told_of(client: Client) -> None:
    ran = await run(client, "product_shots.py", PARAMS={"aspect_ratio": "4:3"}, COUNT=2, SEED=21, **QUICK)
    assert ran.sizes == ["512x384", "512x384"]
    assert len(ran.images) == 2
    pictures = ran.returned["pictures"]
    assert [(each["status"], each["seed"], each["error"]) for each in pictures] == [
        ("completed", 21, None),
        ("completed", 22, None),
    ]
    assert all(f"{each['run_id']} completed 100%" in ran.text for each in pictures)
    assert "Runs: 2 completed." in ran.text


async def test_seeds_are_compared_side_by_side(client: Client) -> None:
    ran = await run(client, "compare_seeds.py", PARAMS={"aspect_ratio": "1:1"}, SEEDS=[1, 2, 1])
    assert len(ran.images) >= 1
    assert ran.sizes == ["512x512"] * 3
    assert sorted(ran.returned) == ["1", "2"]
    assert ran.text.count("seed 1: completed") == 2


async def test_a_batch_goes_on_when_a_prompt_is_refused(client: Client) -> None:
    ran = await run(client, "batch.py", PARAMS={"aspect_ratio": "1:1"}, PROMPTS=["a vase", "", "a plate"])
    assert ran.returned["refused"] == [1]
    assert len(ran.returned["made"]) == 2
    assert "'' was not made: " in ran.text
    assert ran.sizes == ["512x512"] * 2


async def test_the_cheapest_model_that_fits_is_picked(client: Client) -> None:
    ran = await run(client, "pick_a_model.py", PARAMS={"aspect_ratio": "16:9"})
    assert ran.returned["model"].startswith("t2i-")
    assert ran.returned["quoted_usd"] > 0
    assert ran.sizes == ["512x288"]
    assert f"{ran.returned['model']}: " in ran.text


async def test_a_canvas_is_drawn_changed_and_run(client: Client) -> None:
    ran = await run(client, "canvas.py", PARAMS={})
    assert ran.returned == {
        "a red vase on a wooden table, soft morning light": "idle",
        "Table": "done",
        "only the vase, close": "done",
        "Resize image": "done",
        "Shots": None,
    }
    assert sorted(ran.sizes) == ["256x144", "512x288", "512x512"]
    assert "n1 -->|text| n2" in ran.text


async def test_a_run_is_polled_by_hand(client: Client) -> None:
    ran = await run(client, "poll_by_hand.py", PARAMS={"aspect_ratio": "3:4"}, **QUICK)
    assert [output["type"] for output in ran.returned] == ["imageUrl"]
    assert ran.sizes == ["384x512"]


async def test_polling_by_hand_gives_up_in_order(client: Client) -> None:
    ran = await run(client, "poll_by_hand.py", PARAMS={"aspect_ratio": "3:4"}, PATIENCE_SECONDS=0, **QUICK)
    assert ran.returned["note"] == "it goes on; call wait with this id"
    assert ran.returned["run_id"].startswith("run_")


async def test_earlier_work_is_found_without_cost(client: Client) -> None:
    made = await run(client, "poll_by_hand.py", PARAMS={"aspect_ratio": "1:1"}, PROMPT="an old lamp", **QUICK)
    ran = await run(client, "find_earlier_work.py", MOST=2)
    assert made.links[0].uri.split("/")[3] in ran.returned
    assert len(ran.returned) <= 2
    assert "in 'Lamp': 1 output" in ran.text
    assert len(ran.images) == 1
    assert "Spent" not in ran.text


async def test_a_technique_is_run_and_all_that_it_made_is_shown(client: Client) -> None:
    ran = await run(client, "run_a_technique.py", TECHNIQUE="shot-list", GIVEN={"subject": "an old lamp"})
    assert sorted(ran.returned) == ["list", *(f"prompt_{number}" for number in range(1, 6))]
    assert ran.returned["prompt_5"] == "an old lamp at night, moody"
    assert "subject (text): What is shot" in ran.text
    assert "cost $0.000" in ran.text


async def test_the_same_job_is_done_in_javascript(client: Client) -> None:
    params = {"aspect_ratio": "4:3", "resolution": "0.5k"}
    ran = await run_javascript(client, "mug.js", PARAMS=params, COUNT=2, POLL_SECONDS=0.2)
    assert ran.sizes == ["512x384", "512x384"]
    assert len(ran.images) == 2
    assert [(each["status"], each["error"], len(each["urls"])) for each in ran.returned] == [("completed", None, 1)] * 2
    assert "2 runs started, " in ran.text

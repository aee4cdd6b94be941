"""Runs as resources: how each stands, announced whenever that changes."""

from urllib.parse import quote

from mcp_types import ResourceTemplate
from pydantic import JsonValue

from flora_mcp.executions import Runs
from flora_mcp.flora import Flora
from flora_mcp.flora.types import RunState
from flora_mcp.outputs.uris import output_uri
from flora_mcp.resources.choices import Choices
from flora_mcp.resources.documents import JSON_TYPE, document
from flora_mcp.resources.family import Family, Given, Reading

TEMPLATE = "flora://runs/{run_id}"


def run_uri(run_id: str) -> str:
    """Returns the address under which a run is a resource."""
    return f"flora://runs/{quote(run_id, safe='')}"


def runs(*, flora: Flora, watched: Runs, choices: Choices) -> Family:
    """Returns the runs of a tenant. One that is subscribed to is watched from then on, whoever started it."""

    async def read(uri: str, given: Given) -> Reading:
        known = watched.get(given["run_id"])
        if known is not None and known.technique_id is not None:
            state = await flora.techniques.runs.retrieve(known.run_id, technique_id=known.technique_id)
        else:
            state = await flora.generations.retrieve(given["run_id"])
        facts = _facts(state)
        if known is not None:
            facts["model_id"] = known.model_id
            facts["quoted_cost_usd"] = known.quoted_cost_usd
        return Reading(contents=document(uri, facts))

    async def watch(given: Given) -> None:
        watched.track(given["run_id"])

    async def run_ids(typed: str, given: Given) -> list[str]:
        return await choices.run_ids()

    return Family(
        template=ResourceTemplate(
            name="run",
            title="Run",
            uri_template=TEMPLATE,
            description="How a run stands: status, progress, cost, outputs. Subscribe to hear when it changes.",
            mime_type=JSON_TYPE,
        ),
        read=read,
        watch=watch,
        choices={"run_id": run_ids},
    )


def _facts(state: RunState) -> dict[str, JsonValue]:
    outputs: list[JsonValue] = [
        {
            "output_id": output.output_id,
            "type": output.type,
            "uri": output_uri(state.run_id, output.output_id),
            # Of a text, the address is the text itself: it stands in the resource.
            **({} if output.type == "text" else {"url": output.url}),
        }
        for output in state.outputs or ()
    ]
    return {
        "run_id": state.run_id,
        "status": state.status,
        "progress": state.progress,
        "cost_usd": state.charged_cost,
        "created_at": state.created_at,
        "started_at": state.started_at,
        "completed_at": state.completed_at,
        "error_code": state.error_code,
        "error_message": state.error_message,
        "outputs": outputs or None,
    }

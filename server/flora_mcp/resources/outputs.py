"""Outputs as resources: the files that runs made, at full size."""

from flora_mcp.flora import Flora
from flora_mcp.outputs import OutputStore, StoredOutput, contents, resource, template
from flora_mcp.resources.choices import Choices
from flora_mcp.resources.errors import AbsentError
from flora_mcp.resources.family import Family, Given, Listed, Reading

LASTING_MS = 24 * 3600 * 1000
"""An output never changes."""


def outputs(*, flora: Flora, store: OutputStore, choices: Choices) -> Family:
    """Returns the outputs of a tenant, newest first. One that is not stored yet is fetched when it is read."""

    async def listed(cursor: str | None, limit: int) -> Listed:
        found, following = await store.list(cursor=cursor, limit=limit)
        return Listed(resources=[resource(output) for output in found], following=following)

    async def read(uri: str, given: Given) -> Reading:
        output = await store.get(given["run_id"], given["output_id"]) or await fetched(given)
        if output is None:
            raise AbsentError(
                f"Run {given['run_id']!r} has no output {given['output_id']!r}. flora://runs/{given['run_id']} names "
                "those it has, and how it stands."
            )
        return Reading(contents=contents(output, await store.read(output)), fresh_ms=LASTING_MS)

    async def fetched(given: Given) -> StoredOutput | None:
        state = await flora.generations.retrieve(given["run_id"])
        made = await store.collect(state)
        return next((output for output in made if output.output_id == given["output_id"]), None)

    async def run_ids(typed: str, given: Given) -> list[str]:
        return list(dict.fromkeys(output.run_id for output in await choices.outputs()))

    async def output_ids(typed: str, given: Given) -> list[str]:
        return await choices.output_ids(given.get("run_id"))

    return Family(template=template(), read=read, list=listed, choices={"run_id": run_ids, "output_id": output_ids})

"""What FLORA knows of a tenant's assets, models and techniques, as resources."""

from mcp_types import ResourceTemplate

from flora_mcp.flora import Flora
from flora_mcp.resources.choices import Choices
from flora_mcp.resources.documents import JSON_TYPE, document
from flora_mcp.resources.errors import AbsentError
from flora_mcp.resources.family import Family, Given, Reading

CATALOGUE_MS = 60_000
"""Models and techniques change by the week, not by the second."""


def assets(*, flora: Flora, choices: Choices) -> Family:
    """Returns the files that were uploaded: what is known of each, and where its bytes are."""

    async def read(uri: str, given: Given) -> Reading:
        asset = await flora.assets.retrieve(given["asset_id"])
        return Reading(contents=document(uri, asset.plain()))

    async def asset_ids(typed: str, given: Given) -> list[str]:
        return [asset.asset_id for asset in await choices.assets() if asset.asset_id]

    return Family(
        template=ResourceTemplate(
            name="asset",
            title="Asset",
            uri_template="flora://assets/{asset_id}",
            description="An uploaded file: status, size, type and address. The tool show makes it visible.",
            mime_type=JSON_TYPE,
        ),
        read=read,
        choices={"asset_id": asset_ids},
    )


def models(*, choices: Choices) -> Family:
    """Returns the models that can be generated with, each with its parameters and its price."""

    async def read(uri: str, given: Given) -> Reading:
        wanted = given["model_id"]
        model = next((each for each in await choices.models() if each.model_id == wanted), None)
        if model is None:
            raise AbsentError(f"No model {wanted!r} is available here; the tool list_models names those there are.")
        return Reading(contents=document(uri, model.plain()), fresh_ms=CATALOGUE_MS)

    async def model_ids(typed: str, given: Given) -> list[str]:
        return await choices.model_ids()

    return Family(
        template=ResourceTemplate(
            name="model",
            title="Model",
            uri_template="flora://models/{model_id}",
            description="A model: what it makes, its price in credits of 0.001 USD, and the parameters it reads.",
            mime_type=JSON_TYPE,
        ),
        read=read,
        choices={"model_id": model_ids},
    )


def techniques(*, flora: Flora, choices: Choices) -> Family:
    """Returns the saved workflows that can be run, each with its inputs, outputs and cost."""

    async def read(uri: str, given: Given) -> Reading:
        technique = await flora.techniques.retrieve(given["technique_id"])
        return Reading(contents=document(uri, technique.plain()), fresh_ms=CATALOGUE_MS)

    async def technique_ids(typed: str, given: Given) -> list[str]:
        return await choices.technique_ids()

    return Family(
        template=ResourceTemplate(
            name="technique",
            title="Technique",
            uri_template="flora://techniques/{technique_id}",
            description="A saved workflow, by its id or slug: what it takes, what it makes, what a run costs in USD.",
            mime_type=JSON_TYPE,
        ),
        read=read,
        choices={"technique_id": technique_ids},
    )

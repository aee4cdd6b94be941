"""Which kinds of resources a tenant has."""

from flora_mcp.executions import Runs
from flora_mcp.flora import Flora
from flora_mcp.outputs import OutputStore
from flora_mcp.resources.catalogue import assets, models, techniques
from flora_mcp.resources.choices import Choices
from flora_mcp.resources.docs import Documentation
from flora_mcp.resources.docs import docs as pages
from flora_mcp.resources.family import Family
from flora_mcp.resources.outputs import outputs
from flora_mcp.resources.runs import runs as watched

NEEDED = {
    "run": "generations.retrieve",
    "asset": "assets.retrieve",
    "model": "models.list",
    "technique": "techniques.retrieve",
}
"""The method that a kind is nothing without."""


def families(
    *, flora: Flora, store: OutputStore, runs: Runs, choices: Choices, docs: Documentation | None = None
) -> list[Family]:
    """Returns the kinds in the order in which they are listed, without those that the user's rules forbid."""
    found = [
        outputs(flora=flora, store=store, choices=choices),
        watched(flora=flora, watched=runs, choices=choices),
        assets(flora=flora, choices=choices),
        models(choices=choices),
        techniques(flora=flora, choices=choices),
        *([pages(docs, choices=choices)] if docs is not None else []),
    ]
    return [each for each in found if flora.rules.refusal(NEEDED.get(each.template.name, "")) is None]

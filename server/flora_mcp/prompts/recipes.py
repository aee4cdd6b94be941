"""The common recipes: what people ask for most, told so that a model does it well on the first try."""

from flora_mcp.prompts.making import making
from flora_mcp.prompts.proposals import Proposals
from flora_mcp.prompts.recipe import Recipe
from flora_mcp.prompts.using import using
from flora_mcp.resources import Choices


def recipes(choices: Choices) -> list[Recipe]:
    """Returns all recipes; what can be filled in comes from the tenant's `choices`."""
    propose = Proposals(choices)
    return [*making(propose), *using(propose)]

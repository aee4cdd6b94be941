"""Lists recipes, fills in their blanks, and proposes what to fill in."""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence

from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    Completion,
    GetPromptResult,
    ListPromptsResult,
    PromptMessage,
    TextContent,
)

from flora_mcp.flora import Rules
from flora_mcp.prompts.recipe import Recipe
from flora_mcp.resources import proposed

FREE = Rules()

LONGEST = 4000
"""Characters of one argument: a prompt is a wish, not a document."""


class Prompts:
    """The recipes of one tenant.

    Args:
        recipes: In the order in which they are listed.
        tools: The tools that are offered; None when all are.
        rules: Methods that may not be called.
    """

    def __init__(self, recipes: Sequence[Recipe], *, tools: Collection[str] | None = None, rules: Rules = FREE) -> None:
        self._recipes = {
            recipe.name: recipe
            for recipe in recipes
            if (tools is None or set(recipe.tools) <= set(tools)) and not any(map(rules.refusal, recipe.methods))
        }

    async def list(self) -> ListPromptsResult:
        return ListPromptsResult(prompts=[recipe.definition for recipe in self._recipes.values()])

    async def get(self, name: str, arguments: Mapping[str, str]) -> GetPromptResult:
        """Returns the recipe with its blanks filled in.

        Raises:
            MCPError: there is no such recipe, or the arguments are not its own.
        """
        recipe = self._recipe(name)
        given = {key: value.strip() for key, value in arguments.items() if value.strip()}
        problems = [*_unknown(recipe, arguments), *_missing(recipe, given), *_too_long(given)]
        if problems:
            raise MCPError(INVALID_PARAMS, f"{name} was not written. {' '.join(problems)} {_takes(recipe)}")
        written = recipe.write(given)
        messages = (
            [PromptMessage(role="user", content=TextContent(text=written))] if isinstance(written, str) else [*written]
        )
        return GetPromptResult(description=recipe.description, messages=messages)

    async def complete(self, name: str, argument: str, value: str, given: Mapping[str, str]) -> Completion:
        """Proposes what to fill in.

        Raises:
            MCPError: there is no such recipe, or it has no such argument.
        """
        recipe = self._recipe(name)
        blank = next((each for each in recipe.arguments if each.name == argument), None)
        if blank is None:
            raise MCPError(INVALID_PARAMS, f"{name} has no argument {argument!r}. {_takes(recipe)}")
        return await proposed(blank.propose, value, given)

    def _recipe(self, name: str) -> Recipe:
        recipe = self._recipes.get(name)
        if recipe is None:
            raise MCPError(
                INVALID_PARAMS,
                f"No prompt {name!r}.{_meant(name, self._recipes)} The prompts are {', '.join(self._recipes)}.",
            )
        return recipe


def _unknown(recipe: Recipe, arguments: Iterable[str]) -> Iterable[str]:
    names = [each.name for each in recipe.arguments]
    for name in arguments:
        if name not in names:
            yield f"{name!r} is not an argument.{_meant(name, names)}"


def _missing(recipe: Recipe, given: Mapping[str, str]) -> Iterable[str]:
    for each in recipe.arguments:
        if each.required and each.name not in given:
            yield f"{each.name} is required: {each.description}"


def _too_long(given: Mapping[str, str]) -> Iterable[str]:
    for name, value in given.items():
        if len(value) > LONGEST:
            yield f"{name} has {len(value)} characters, at most {LONGEST} are taken."


def _meant(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def _takes(recipe: Recipe) -> str:
    names = ", ".join(f"{each.name} (required)" if each.required else each.name for each in recipe.arguments)
    return f"It takes {names}." if names else "It takes no arguments."

"""The prompts: recipes that people pick from a menu, with blanks to fill in."""

from flora_mcp.prompts.prompts import Prompts
from flora_mcp.prompts.recipe import Argument, Recipe
from flora_mcp.prompts.recipes import recipes

__all__ = ["Argument", "Prompts", "Recipe", "recipes"]

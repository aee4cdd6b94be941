"""Every noun that has a body of its own, by name."""

from flora_mcp.studio.renderers.scene.shapes.food import FOOD
from flora_mcp.studio.renderers.scene.shapes.furniture import FURNITURE
from flora_mcp.studio.renderers.scene.shapes.props import PROPS
from flora_mcp.studio.renderers.scene.shapes.shape import Glow, Part, Shape
from flora_mcp.studio.renderers.scene.shapes.solids import SOLIDS
from flora_mcp.studio.renderers.scene.shapes.vessels import VESSELS

SHAPES: dict[str, Shape] = {shape.name: shape for shape in (*VESSELS, *FOOD, *PROPS, *SOLIDS, *FURNITURE)}
"""All shapes, by the name that `Thing.shape` uses."""

__all__ = ["SHAPES", "Glow", "Part", "Shape"]

"""Every noun that has a body of its own, by name."""

from itertools import chain

from flora_mcp.studio.renderers.scene.shapes.animals import ANIMALS
from flora_mcp.studio.renderers.scene.shapes.characters import CHARACTERS
from flora_mcp.studio.renderers.scene.shapes.craft import CRAFT
from flora_mcp.studio.renderers.scene.shapes.food import FOOD
from flora_mcp.studio.renderers.scene.shapes.furniture import FURNITURE
from flora_mcp.studio.renderers.scene.shapes.houses import HOUSES
from flora_mcp.studio.renderers.scene.shapes.landforms import LANDFORMS
from flora_mcp.studio.renderers.scene.shapes.landmarks import LANDMARKS
from flora_mcp.studio.renderers.scene.shapes.plants import PLANTS
from flora_mcp.studio.renderers.scene.shapes.props import PROPS
from flora_mcp.studio.renderers.scene.shapes.shape import Glow, Part, Shape
from flora_mcp.studio.renderers.scene.shapes.solids import SOLIDS
from flora_mcp.studio.renderers.scene.shapes.vehicles import VEHICLES
from flora_mcp.studio.renderers.scene.shapes.vessels import VESSELS

_INDOORS = (*VESSELS, *FOOD, *PROPS, *SOLIDS, *FURNITURE)
_OUTDOORS = (*PLANTS, *LANDFORMS, *HOUSES, *LANDMARKS, *VEHICLES, *CRAFT, *CHARACTERS, *ANIMALS)

SHAPES: dict[str, Shape] = {shape.name: shape for shape in chain(_INDOORS, _OUTDOORS)}
"""All shapes, by the name that `Thing.shape` uses."""

__all__ = ["SHAPES", "Glow", "Part", "Shape"]

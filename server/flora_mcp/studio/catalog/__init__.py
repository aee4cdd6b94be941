"""The models and the actions that this studio has."""

from flora_mcp.studio.catalog.actions import Action, ActionCatalog, Slot, load_actions
from flora_mcp.studio.catalog.catalog import MODEL_TYPES, Catalog, Model, Parameter, load_catalog
from flora_mcp.studio.catalog.picture import PictureSize, picture_size

__all__ = [
    "MODEL_TYPES",
    "Action",
    "ActionCatalog",
    "Catalog",
    "Model",
    "Parameter",
    "PictureSize",
    "Slot",
    "load_actions",
    "load_catalog",
    "picture_size",
]

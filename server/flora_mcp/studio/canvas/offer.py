"""What nodes may ask for: the studio's models and actions, and what is wrong with a wish."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flora_mcp.studio.catalog import Action, ActionCatalog, Catalog, Model
from flora_mcp.studio.errors import ApiError
from flora_mcp.studio.renderers.rendering import JSON


@dataclass(frozen=True, kw_only=True)
class Offer:
    """The models and the actions that there are."""

    catalog: Catalog
    actions: ActionCatalog

    def default_model(self, media: str | None) -> Model | None:
        """Returns what a node of a type uses when nothing is said."""
        return next(iter(self.catalog.of_type(media or "")), None)

    def model(self, wanted: str, *, media: str | None) -> Model | None:
        """Returns a model of a type by its id or its name."""
        offered = self.catalog.of_type(media or "")
        for model in offered:
            if model.model_id == wanted:
                return model
        return next((model for model in offered if model.name.lower() == wanted.strip().lower()), None)

    def action(self, action_id: str | None) -> Action | None:
        return next((action for action in self.actions.actions if action.action_id == action_id), None)

    def models_text(self, media: str | None) -> str:
        """Returns what to use instead of an unknown model."""
        ids = ", ".join(model.model_id for model in self.catalog.of_type(media or ""))
        return f"use one of {ids}" if ids else f"this studio has no {media} model; leave it out"


def param_faults(asked: Model | Action, params: Mapping[str, JSON]) -> Iterator[tuple[str, str, str]]:
    """Yields the name, the code and the text of each parameter that is at fault."""
    if isinstance(asked, Model):
        title, names = asked.model_id, [parameter.name for parameter in asked.params]
    else:
        title, names = asked.action_id, [parameter.key for parameter in asked.params]
    for name, value in params.items():
        if name not in names:
            yield name[:80], "unknown_param", f"{title} has no such parameter; it takes {', '.join(names)}."
            continue
        try:
            asked.resolve({name: value})
        except ApiError as exc:
            yield name, "invalid_param", exc.fields[0].message

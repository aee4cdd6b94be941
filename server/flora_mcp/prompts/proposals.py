"""What can be filled into the blanks of the recipes."""

from collections.abc import Sequence

from flora_mcp.resources import Choices, Given
from flora_mcp.resources.family import Propose

RATIOS = ("1:1", "4:3", "3:4", "16:9", "9:16")
"""Where no model says what it takes."""

MEDIA = ("image", "video", "audio", "text")


def fixed(*values: str) -> Propose:
    """Returns a proposal of always the same values."""

    async def propose(typed: str, given: Given) -> Sequence[str]:
        return values

    return propose


class Proposals:
    """Proposes what the tenant has.

    Args:
        choices: Knows it.
    """

    def __init__(self, choices: Choices) -> None:
        self._choices = choices

    async def models(self, typed: str, given: Given) -> Sequence[str]:
        """Returns the models that make what `type` says, images by default."""
        return await self._choices.model_ids(given.get("type", "image"))

    async def several_models(self, typed: str, given: Given) -> Sequence[str]:
        """Returns lists that go on from those typed so far, with commas between."""
        chosen = [name.strip() for name in typed.split(",")[:-1]]
        lead = "".join(f"{name}, " for name in chosen)
        return [f"{lead}{name}" for name in await self.models(typed, given) if name not in chosen]

    async def videos(self, typed: str, given: Given) -> Sequence[str]:
        return await self._choices.model_ids("video")

    async def techniques(self, typed: str, given: Given) -> Sequence[str]:
        return await self._choices.technique_ids()

    async def outputs(self, typed: str, given: Given) -> Sequence[str]:
        return [output.uri for output in await self._choices.outputs()]

    async def projects(self, typed: str, given: Given) -> Sequence[str]:
        return [project.project_id for project in await self._choices.projects()]

    async def ratios(self, typed: str, given: Given) -> Sequence[str]:
        """Returns what the chosen model takes; without one, what any model of images takes."""
        wanted = given.get("model")
        found: dict[str, None] = {}
        for model in await self._choices.models():
            if model.model_id == wanted or (not wanted and model.type == "image"):
                for param in model.params:
                    if param.name == "aspect_ratio":
                        found.update(dict.fromkeys(option.value for option in param.options or ()))
        return list(found) or RATIOS

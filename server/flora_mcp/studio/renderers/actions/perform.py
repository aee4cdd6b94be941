"""From an action's id to what does it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from PIL import Image

from flora_mcp.studio.renderers.actions import blurs, colours, composition, geometry, texts
from flora_mcp.studio.renderers.actions.pictures import Inputs, Params, read_picture, write_picture
from flora_mcp.studio.renderers.rendering import ActionRequest, Progress, Rendering, UnsuitableInputError

MOST_TEXT_CHARACTERS = 1_000_000

Act: TypeAlias = Callable[[Inputs, Params], Sequence[Image.Image | str]]

ACTIONS: Mapping[str, Act] = {
    "crop-image-browser": geometry.crop,
    "resize-image-browser": geometry.resize,
    "rotate-image-browser": geometry.rotate,
    "change-image-ar-browser": geometry.change_aspect_ratio,
    "duplicate-image-browser": geometry.duplicate,
    "blur-image-browser": blurs.blur,
    "sharpen-image": blurs.sharpen,
    "color-grade-image-browser": colours.grade,
    "color-filter-image-browser": colours.filtered,
    "color-tint-image-browser": colours.tint,
    "filter-color-image-browser": colours.filter_colour,
    "overlay-image-browser": composition.overlay,
    "side-by-side-composite-browser": composition.side_by_side,
    "split-text-browser": texts.split_text,
    "find-and-replace-text-browser": texts.find_and_replace,
    "concat-text-browser": texts.concat_text,
}


def perform(request: ActionRequest, progress: Progress) -> list[Rendering]:
    """Does an action whose parameters and inputs were checked by the catalogue.

    Raises:
        UnsuitableInputError: A file cannot be worked on, or the result would be too large.
    """
    given: dict[str, list[Any]] = {}
    for number, each in enumerate(request.inputs):
        value = read_picture(each.path) if each.path is not None else each.text
        given.setdefault(each.slot, []).append(value)
        progress(0.4 * (number + 1) / len(request.inputs))
    results = ACTIONS[request.action_id](given, request.params)
    progress(0.8)
    renderings: dict[int, Rendering] = {}
    for result in results:
        # Copies are one object; each is written once.
        if id(result) not in renderings:
            renderings[id(result)] = _written(result)
    return [renderings[id(result)] for result in results]


def _written(result: Image.Image | str) -> Rendering:
    if isinstance(result, Image.Image):
        return write_picture(result)
    if len(result) > MOST_TEXT_CHARACTERS:
        raise UnsuitableInputError(f"The text would have {len(result)} characters; at most {MOST_TEXT_CHARACTERS} can.")
    return Rendering(content=result.encode(), mime_type="text/plain", width_px=None, height_px=None, facts={})

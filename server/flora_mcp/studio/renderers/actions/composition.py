"""Actions that put pictures together."""

from PIL import Image

from flora_mcp.studio.renderers.actions.blends import blended
from flora_mcp.studio.renderers.actions.pictures import Inputs, Params, check_size, join, rgba, split
from flora_mcp.studio.renderers.rendering import UnsuitableInputError

_COLUMNS = {"horizontal-2": 2, "horizontal-3": 3, "vertical-2": 1, "vertical-3": 1, "grid-2x2": 2}
_ROOM = {"horizontal-2": 2, "horizontal-3": 3, "vertical-2": 2, "vertical-3": 3, "grid-2x2": 4}


def overlay(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Lays a picture over another; centre and size are parts of the lower one."""
    [base], [layer] = inputs["base"], inputs["overlay"]
    width, height = (
        max(1, round(params["size"]["x"] * base.width)),
        max(1, round(params["size"]["y"] * base.height)),
    )
    # Fitted into the box that was asked for, never stretched.
    factor = min(width / layer.width, height / layer.height)
    size = (max(1, round(layer.width * factor)), max(1, round(layer.height * factor)))
    check_size(*size)
    layer = layer.resize(size, Image.Resampling.LANCZOS)
    if params["rotation"]:
        layer = layer.rotate(-params["rotation"], Image.Resampling.BICUBIC, expand=True)
    canvas = Image.new("RGBA", base.size)
    left = round(params["center"]["x"] * base.width - layer.width / 2)
    top = round(params["center"]["y"] * base.height - layer.height / 2)
    canvas.paste(layer, (left, top))
    below, below_alpha = split(base)
    above, above_alpha = split(canvas)
    above_alpha = above_alpha * (params["opacity"] / 100)
    laid = blended(below, above, params["blend"]) * below_alpha + above * (1 - below_alpha)
    alpha = above_alpha + below_alpha * (1 - above_alpha)
    colours = (laid * above_alpha + below * below_alpha * (1 - above_alpha)) / alpha.clip(1e-6)
    return [join(colours, alpha)]


def side_by_side(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Puts pictures into rows and columns of equal rooms, in the order that they were given in."""
    pictures = list(inputs["images"])
    layout = params["layout"]
    if layout == "auto":
        layout = {2: "horizontal-2", 3: "horizontal-3"}.get(len(pictures), "grid-2x2")
    if len(pictures) > _ROOM[layout]:
        raise UnsuitableInputError(
            f"Layout {layout!r} has room for {_ROOM[layout]} pictures, not for {len(pictures)}; "
            "use 'auto' or 'grid-2x2'."
        )
    side = "height" if layout.startswith("horizontal") else "width"
    pictures = _normalized(pictures, params["normalize"], side=side)
    columns, gap = _COLUMNS[layout], int(params["gap"])
    rows = [pictures[at : at + columns] for at in range(0, len(pictures), columns)]
    widths = [max(row[column].width for row in rows if column < len(row)) for column in range(len(rows[0]))]
    heights = [max(picture.height for picture in row) for row in rows]
    size = (sum(widths) + gap * (len(widths) - 1), sum(heights) + gap * (len(heights) - 1))
    check_size(*size)
    canvas = Image.new("RGBA", size, rgba(params["background"]))
    top = 0
    for row, height in zip(rows, heights, strict=True):
        left = 0
        for picture, width in zip(row, widths, strict=False):
            canvas.alpha_composite(picture, (left + (width - picture.width) // 2, top + (height - picture.height) // 2))
            left += width + gap
        top += height + gap
    return [canvas]


def _normalized(pictures: list[Image.Image], how: str, *, side: str) -> list[Image.Image]:
    """Scales pictures to the same height, or width; padded ones keep their size."""
    if how == "pad-to-largest":
        return pictures
    choose = min if how == "match-shortest" else max
    target = choose(getattr(picture, side) for picture in pictures)
    scaled = []
    for picture in pictures:
        factor = target / getattr(picture, side)
        size = (max(1, round(picture.width * factor)), max(1, round(picture.height * factor)))
        check_size(*size)
        scaled.append(picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS))
    return scaled

"""Actions that change a picture's shape: crop, resize, rotate, aspect ratio, copies."""

import math

from PIL import Image, ImageFilter

from flora_mcp.studio.renderers.actions.pictures import Inputs, Params, check_size, rgba


def crop(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Cuts a rectangle out; its centre and size are parts of the picture, turned about its own centre."""
    [picture] = inputs["image"]
    wide, high = params["size"]["x"], params["size"]["y"]
    if params["lock_aspect"]:
        wide = high = min(wide, high)
    width, height = max(1, round(wide * picture.width)), max(1, round(high * picture.height))
    x, y = params["center"]["x"] * picture.width, params["center"]["y"] * picture.height
    if params["rotation"]:
        picture = picture.rotate(params["rotation"], Image.Resampling.BICUBIC, center=(x, y))
    # A rectangle that would leave the picture is moved in, as its size was asked for.
    left = min(max(0, round(x - width / 2)), picture.width - width)
    top = min(max(0, round(y - height / 2)), picture.height - height)
    return [picture.crop((left, top, left + width, top + height))]


def resize(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Scales with Lanczos, up as well as down; no detail is invented."""
    [picture] = inputs["image"]
    if params["mode"] == "exact":
        size = (int(params["width"]), int(params["height"]))
        check_size(*size)
        return [_fitted(picture, size, fit=params["fit"], background=params["bg_color"])]
    factor = params["percent"] / 100
    if params["mode"] == "longest":
        factor = params["longest"] / max(picture.size)
    return [_scaled(picture, (max(1, round(picture.width * factor)), max(1, round(picture.height * factor))))]


def rotate(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Mirrors, then turns clockwise; the canvas grows, stays, or shrinks to what the picture fills."""
    [picture] = inputs["image"]
    if params["direction"] in {"horizontal", "both"}:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if params["direction"] in {"vertical", "both"}:
        picture = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    angle = params["angle"] % 360
    size = picture.size
    quarters = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    if angle in quarters and (params["canvas_mode"] != "keep" or angle == 180):
        return [picture.transpose(quarters[int(angle)])]
    if angle == 0:
        return [picture]
    expand = params["canvas_mode"] == "expand"
    turned = picture.rotate(-angle, Image.Resampling.BICUBIC, expand=expand)
    check_size(*turned.size)
    if params["canvas_mode"] == "shrink":
        width, height = _inner(size[0], size[1], math.radians(angle))
        left, top = (turned.width - width) // 2, (turned.height - height) // 2
        return [turned.crop((left, top, left + width, top + height))]
    if params["transparent"]:
        return [turned]
    return [_on(turned, params["background"])]


def change_aspect_ratio(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Cuts or pads to a ratio; a padded picture keeps every pixel."""
    [picture] = inputs["image"]
    wide, high = (int(part) for part in params["aspect_ratio"].split(":"))
    ratio = wide / high
    narrow = picture.width / picture.height < ratio
    if (params["fit"] == "crop") == narrow:
        size = (picture.width, max(1, round(picture.width / ratio)))
    else:
        size = (max(1, round(picture.height * ratio)), picture.height)
    check_size(*size)
    left, top = (size[0] - picture.width) // 2, (size[1] - picture.height) // 2
    if params["fit"] == "crop":
        return [picture.crop((-left, -top, size[0] - left, size[1] - top))]
    if params["background_mode"] == "blur":
        canvas = _fitted(picture, size, fit="cover", background="#000000")
        canvas = canvas.filter(ImageFilter.GaussianBlur(params["blur_amount"]))
    else:
        canvas = Image.new("RGBA", size, rgba(params["pad_color"]))
    canvas.alpha_composite(picture, (left, top))
    return [canvas]


def duplicate(inputs: Inputs, params: Params) -> list[Image.Image]:
    [picture] = inputs["image"]
    return [picture] * int(params["count"])


def _fitted(picture: Image.Image, size: tuple[int, int], *, fit: str, background: str) -> Image.Image:
    """Returns the picture in exactly this size: stretched, cut to cover it, or on a background."""
    if fit == "stretch":
        return _scaled(picture, size)
    ratios = size[0] / picture.width, size[1] / picture.height
    factor = max(ratios) if fit == "cover" else min(ratios)
    inner = _scaled(picture, (max(1, round(picture.width * factor)), max(1, round(picture.height * factor))))
    left, top = (size[0] - inner.width) // 2, (size[1] - inner.height) // 2
    if fit == "cover":
        return inner.crop((-left, -top, size[0] - left, size[1] - top))
    canvas = Image.new("RGBA", size, rgba(background))
    canvas.alpha_composite(inner, (left, top))
    return canvas


def _scaled(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    check_size(*size)
    return picture.resize(size, Image.Resampling.LANCZOS)


def _on(picture: Image.Image, colour: str) -> Image.Image:
    canvas = Image.new("RGBA", picture.size, rgba(colour))
    canvas.alpha_composite(picture)
    return canvas


def _inner(width: int, height: int, angle: float) -> tuple[int, int]:
    """Returns the largest upright rectangle inside a turned one of the same centre."""
    long, short = max(width, height), min(width, height)
    sine, cosine = abs(math.sin(angle)), abs(math.cos(angle))
    if short <= 2 * sine * cosine * long or abs(sine - cosine) < 1e-9:
        # Two corners touch the long sides, the others do not matter.
        half = short / 2
        wide, high = (half / sine, half / cosine) if width >= height else (half / cosine, half / sine)
    else:
        double = cosine * cosine - sine * sine
        wide = (width * cosine - height * sine) / double
        high = (height * cosine - width * sine) / double
    return max(1, math.floor(min(wide, width))), max(1, math.floor(min(high, height)))

"""Actions on colours: grading, filters, tints, and keeping or removing one colour."""

import math
from collections.abc import Callable, Mapping

import numpy as np
from PIL import Image

from flora_mcp.studio.renderers.actions.blends import blended
from flora_mcp.studio.renderers.actions.pictures import Floats, Inputs, Params, join, luminance, mixed, rgba, split

_ONE = np.float32(1)


def grade(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Changes light first, then colour; every value is from -100 to 100, the hue in degrees."""
    [picture] = inputs["image"]
    colours, alpha = split(picture)
    amount = {name: np.float32(value / 100) for name, value in params.items()}
    colours = colours + amount["brightness"] * np.float32(0.5)
    colours = (colours - np.float32(0.5)) * _slope(params["contrast"]) + np.float32(0.5)
    light = np.clip(luminance(colours), 0, 1)
    colours = colours + amount["highlights"] * np.float32(0.5) * light**2
    colours = colours + amount["shadows"] * np.float32(0.5) * (1 - light) ** 2
    colours = colours + amount["warmth"] * np.array([0.15, 0.0, -0.15], np.float32)
    colours = colours + amount["tint"] * np.array([0.1, -0.1, 0.1], np.float32)
    if params["hue_shift"]:
        colours = colours @ _hue_matrix(math.radians(params["hue_shift"])).T
    colours = mixed(luminance(colours), colours, _ONE + amount["saturation"])
    return [join(colours, alpha)]


def filtered(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Applies one look, as far as `intensity` says, then grain."""
    [picture] = inputs["image"]
    colours, alpha = split(picture)
    looked = _LOOKS[params["filter"]](colours, params)
    colours = mixed(colours, np.clip(looked, 0, 1), params["intensity"] / 100)
    if params["grain"]:
        # A fixed seed: equal requests make equal bytes.
        noise = np.random.default_rng(7).standard_normal((*colours.shape[:2], 1), dtype=np.float32)
        colours = colours + noise * np.float32(params["grain"] / 500)
    return [join(colours, alpha)]


def tint(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Lays one colour over the picture."""
    [picture] = inputs["image"]
    colours, alpha = split(picture)
    layer = np.broadcast_to(_colour(params["color"]), colours.shape)
    if params["blend_mode"] == "color":
        laid = layer + luminance(colours) - luminance(layer)
    else:
        laid = blended(colours, layer, params["blend_mode"].replace("_", "-"))
    return [join(mixed(colours, np.clip(laid, 0, 1), params["intensity"] / 100), alpha)]


def filter_colour(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Removes, replaces or keeps what is near one colour; what a thing is, it does not know."""
    [picture] = inputs["image"]
    colours, alpha = split(picture)
    near = _near(colours, params["target_color"], tolerance=params["tolerance"], softness=params["softness"])
    if params["invert"]:
        near = _ONE - near
    if params["mode"] == "remove":
        return [join(colours, alpha * (1 - near))]
    if params["mode"] == "keep":
        return [join(colours, alpha * near)]
    return [join(mixed(colours, np.broadcast_to(_colour(params["replacement_color"]), colours.shape), near), alpha)]


def _near(colours: Floats, target: str, *, tolerance: float, softness: float = 0.0) -> Floats:
    """Returns 1 within the tolerance, falling to 0 over the softness, both in percent of the widest distance."""
    distance = np.linalg.norm(colours - _colour(target), axis=2, keepdims=True) * (100 / math.sqrt(3))
    return np.asarray(np.clip((tolerance - distance) / max(softness, 1e-3) + 1, 0, 1), np.float32)


def _colour(text: str) -> Floats:
    return np.array(rgba(text)[:3], np.float32) / np.float32(255)


def _slope(percent: float) -> np.float32:
    """Returns the steepness of a contrast: none at -100, threefold at 100."""
    return np.float32(1 + percent / 100 * (2 if percent > 0 else 1))


def _hue_matrix(angle: float) -> Floats:
    """Returns the rotation of colours about grey."""
    cosine, part = math.cos(angle), (1 - math.cos(angle)) / 3
    side = math.sqrt(1 / 3) * math.sin(angle)
    plus, minus = part + side, part - side
    middle = cosine + part
    return np.array([[middle, minus, plus], [plus, middle, minus], [minus, plus, middle]], np.float32)


def _grey(colours: Floats, _: Params) -> Floats:
    return np.repeat(luminance(colours), 3, axis=2)


def _sepia(colours: Floats, params: Params) -> Floats:
    warm = np.float32(params["sepia_warmth"] / 50)
    return luminance(colours) * (1 + warm * np.array([0.12, 0.0, -0.2], np.float32)) + np.float32(0.02)


def _black_and_white(colours: Floats, params: Params) -> Floats:
    return np.asarray(_grey(colours, params) * 100 >= params["bw_threshold"], np.float32)


def _posterize(colours: Floats, params: Params) -> Floats:
    levels = np.float32(2 ** int(params["posterize_bits"]) - 1)
    return np.asarray(np.rint(colours * levels) / levels, np.float32)


def _solarize(colours: Floats, params: Params) -> Floats:
    return np.where(colours * 100 >= params["solarize_threshold"], 1 - colours, colours)


def _duotone(colours: Floats, params: Params) -> Floats:
    return mixed(_colour(params["shadow_color"]), _colour(params["highlight_color"]), luminance(colours))


def _vignette(colours: Floats, params: Params) -> Floats:
    height, width = colours.shape[:2]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :, None]
    start = 1 - params["vignette_softness"] / 100
    outside = np.clip((np.sqrt(x * x + y * y) - start) / max(math.sqrt(2) - start, 0.05), 0, 1)
    return np.asarray(colours * (1 - outside * params["vignette_strength"] / 100), np.float32)


def _pop(colours: Floats, params: Params) -> Floats:
    near = _near(colours, params["target_color"], tolerance=params["colorpop_tolerance"], softness=5)
    return mixed(_grey(colours, params), colours, near)


def _halftone(colours: Floats, params: Params) -> Floats:
    """Prints dots whose area follows darkness, on a turned grid."""
    height, width = colours.shape[:2]
    size, angle = params["dot_size"], math.radians(params["dot_angle"])
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    along = (x * math.cos(angle) + y * math.sin(angle)) / size
    across = (y * math.cos(angle) - x * math.sin(angle)) / size
    distance = np.hypot(along - np.rint(along), across - np.rint(across))[..., None]
    radius = np.sqrt(np.clip(1 - luminance(colours), 0, 1)) * np.float32(0.72)
    ink = np.clip((radius - distance) * size + np.float32(0.5), 0, 1)
    return mixed(_colour(params["dot_bg"]), _colour(params["dot_color"]), np.asarray(ink, np.float32))


def _toned(
    *, saturation: float, contrast: float, lift: tuple[float, float, float] = (0, 0, 0), gain: float = 1
) -> Callable[[Floats, Params], Floats]:
    """Returns a look made of saturation, contrast, colour in the shadows, and brightness."""

    def look(colours: Floats, _: Params) -> Floats:
        found = mixed(luminance(colours), colours, saturation)
        found = (found - np.float32(0.5)) * np.float32(contrast) + np.float32(0.5)
        return np.asarray(found * np.float32(gain) + np.array(lift, np.float32) * (1 - found), np.float32)

    return look


def _cross(colours: Floats, _: Params) -> Floats:
    red, green, blue = np.moveaxis(colours, 2, 0)
    curve = red * red * (3 - 2 * red), green * green * (3 - 2 * green), blue * 0.7 + 0.15
    return np.stack([np.asarray(each, np.float32) for each in curve], axis=2)


_LOOKS: Mapping[str, Callable[[Floats, Params], Floats]] = {
    "grayscale": _grey,
    "sepia": _sepia,
    "invert": lambda colours, _: _ONE - colours,
    "bw": _black_and_white,
    "posterize": _posterize,
    "solarize": _solarize,
    "duotone": _duotone,
    "clarendon": _toned(saturation=1.35, contrast=1.2, lift=(0.0, 0.02, 0.08)),
    "moon": _toned(saturation=0.0, contrast=1.1, lift=(0.03, 0.03, 0.06), gain=1.05),
    "nashville": _toned(saturation=1.1, contrast=0.95, lift=(0.14, 0.06, 0.1), gain=1.02),
    "noir": _toned(saturation=0.0, contrast=1.6, gain=0.95),
    "fade": _toned(saturation=0.75, contrast=0.75, lift=(0.1, 0.1, 0.1)),
    "vignette": _vignette,
    "colorpop": _pop,
    "crossprocess": _cross,
    "halftone": _halftone,
}

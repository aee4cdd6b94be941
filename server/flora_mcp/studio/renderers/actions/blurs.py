"""Actions that soften or sharpen."""

import math

import numpy as np
from PIL import Image, ImageFilter

from flora_mcp.studio.renderers.actions.pictures import (
    Floats,
    Inputs,
    Params,
    join,
    luminance,
    mixed,
    rgba,
    split,
)

_STEPS = 24
"""How many copies make a radial blur; more are not told apart."""

_SIDES = {"hexagon": 6, "pentagon": 5}


def blur(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Blurs the whole picture, alpha too, in one of eight ways."""
    [picture] = inputs["image"]
    return [_blurred(picture, params)]


def sharpen(inputs: Inputs, params: Params) -> list[Image.Image]:
    """Raises contrast at edges (unsharp mask); no detail is invented."""
    [picture] = inputs["image"]
    mask = ImageFilter.UnsharpMask(params["radius"], round(params["amount"]), round(params["threshold"]))
    sharp = picture.convert("RGB").filter(mask).convert("RGBA")
    sharp.putalpha(picture.getchannel("A"))
    return [sharp]


def _blurred(picture: Image.Image, params: Params) -> Image.Image:
    kind, radius = params["blur_type"], params["radius"]
    if radius == 0 and kind != "radial":
        return picture
    if kind == "box":
        return _premultiplied(picture, ImageFilter.BoxBlur(radius))
    if kind == "motion":
        return _along(picture, _line(radius, math.radians(params["angle"])))
    if kind == "bokeh":
        return _along(picture, _iris(radius, params["bokeh_shape"]))
    if kind == "radial":
        return _radial(picture, strength=params["radial_strength"], spin=params["radial_mode"] == "spin")
    if kind == "bilateral":
        return _bilateral(picture, radius=radius, threshold=params["edge_threshold"])
    soft = _premultiplied(picture, ImageFilter.GaussianBlur(radius))
    if kind == "tiltshift":
        return _mixed(picture, soft, _beside_band(picture, params))
    if kind == "targetcolor":
        return _mixed(picture, soft, _near_colour(picture, params))
    return soft


def _premultiplied(picture: Image.Image, kernel: ImageFilter.MultibandFilter) -> Image.Image:
    # Without this the colour behind transparent pixels would bleed into the others.
    return picture.convert("RGBa").filter(kernel).convert("RGBA")


def _mixed(sharp: Image.Image, soft: Image.Image, amount: Floats) -> Image.Image:
    first, second = (np.asarray(each, np.float32) / np.float32(255) for each in (sharp, soft))
    values = mixed(first, second, amount)
    return join(values[..., :3], values[..., 3:])


def _line(radius: float, angle: float) -> list[tuple[float, float, float]]:
    count = max(3, min(65, 2 * math.ceil(radius) + 1))
    steps = np.linspace(-radius, radius, count)
    return [(float(step * math.cos(angle)), float(step * math.sin(angle)), 1.0) for step in steps]


def _iris(radius: float, shape: str) -> list[tuple[float, float, float]]:
    """Returns points that fill a lens opening evenly."""
    found = []
    spacing = max(1.0, radius / 7)
    reach = math.floor(radius / spacing)
    for row in range(-reach, reach + 1):
        for column in range(-reach, reach + 1):
            x, y = column * spacing, row * spacing
            edge = radius
            if shape in _SIDES:
                part = 2 * math.pi / _SIDES[shape]
                turn = (math.atan2(x, -y) % part) - part / 2
                edge = radius * math.cos(part / 2) / math.cos(turn)
            if math.hypot(x, y) <= edge + 1e-6:
                found.append((x, y, 1.0))
    return found


def _along(picture: Image.Image, points: list[tuple[float, float, float]]) -> Image.Image:
    """Averages copies of the picture, each moved to one of the points; edges repeat outwards."""
    values = np.asarray(picture.convert("RGBa"), np.float32)
    reach = max(1, math.ceil(max(max(abs(x), abs(y)) for x, y, _ in points)))
    padded = np.pad(values, ((reach, reach), (reach, reach), (0, 0)), mode="edge")
    height, width = values.shape[:2]
    total = np.zeros_like(values)
    for x, y, weight in points:
        left, top = reach + round(x), reach + round(y)
        total += np.float32(weight) * padded[top : top + height, left : left + width]
    total /= np.float32(sum(weight for *_, weight in points))
    return Image.frombuffer("RGBa", picture.size, np.rint(total).astype(np.uint8).tobytes()).convert("RGBA")


def _radial(picture: Image.Image, *, strength: float, spin: bool) -> Image.Image:
    """Averages copies that are turned about the middle, or drawn towards it."""
    source = picture.convert("RGBa")
    centre_x, centre_y = picture.width / 2, picture.height / 2
    total = np.zeros((picture.height, picture.width, 4), np.float32)
    for step in np.linspace(-0.5, 0.5, _STEPS):
        if spin:
            angle = math.radians(float(step) * strength * 0.4)
            a, b = math.cos(angle), math.sin(angle)
        else:
            a, b = 1 - (float(step) + 0.5) * strength * 0.004, 0.0
        offset = (centre_x - a * centre_x - b * centre_y, centre_y + b * centre_x - a * centre_y)
        matrix = (a, b, offset[0], -b, a, offset[1])
        moved = source.transform(source.size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
        total += np.asarray(moved, np.float32)
    values = np.rint(total / np.float32(_STEPS)).astype(np.uint8)
    return Image.frombuffer("RGBa", picture.size, values.tobytes()).convert("RGBA")


def _bilateral(picture: Image.Image, *, radius: float, threshold: float) -> Image.Image:
    """Averages only neighbours of a like brightness, on a grid of at most 9 by 9 of them."""
    colours, alpha = split(picture)
    light = luminance(colours)
    reach = math.ceil(radius)
    spacing = max(1, math.ceil(reach / 4))
    sharpness = np.float32(-0.5 / max(threshold / 100, 0.01) ** 2)
    pad = ((reach, reach), (reach, reach), (0, 0))
    padded, padded_light = np.pad(colours, pad, mode="edge"), np.pad(light, pad, mode="edge")
    total, weights = np.zeros_like(colours), np.zeros_like(light)
    height, width = light.shape[:2]
    for y in range(-reach, reach + 1, spacing):
        for x in range(-reach, reach + 1, spacing):
            window = (slice(reach + y, reach + y + height), slice(reach + x, reach + x + width))
            distance = np.float32(math.exp(-2 * (x * x + y * y) / (radius * radius)))
            weight = distance * np.exp(sharpness * (padded_light[window] - light) ** 2)
            total += weight * padded[window]
            weights += weight
    return join(np.asarray(total / np.maximum(weights, 1e-6), np.float32), alpha)


def _beside_band(picture: Image.Image, params: Params) -> Floats:
    """Returns 0 in a band that stays sharp, rising to 1 within half its width beside it."""
    lies = params["tilt_orientation"] == "horizontal"
    length = picture.height if lies else picture.width
    place = (np.arange(length, dtype=np.float32) + 0.5) / length
    half = params["tilt_width"] / 200
    amount = np.clip((np.abs(place - params["tilt_center"] / 100) - half) / max(half, 0.02), 0, 1)
    shape = (-1, 1, 1) if lies else (1, -1, 1)
    return np.asarray(amount, np.float32).reshape(shape)


def _near_colour(picture: Image.Image, params: Params) -> Floats:
    colours, _ = split(picture)
    target = np.array(rgba(params["target_color"])[:3], np.float32) / 255
    distance = np.linalg.norm(colours - target, axis=2, keepdims=True) / math.sqrt(3)
    near = np.asarray(distance <= params["target_tolerance"] / 100, np.float32)
    return np.asarray(1 - near if params["target_invert"] else near, np.float32)

"""Distances of things that come in numbers: rows of windows, courses of logs, ribs."""

import numpy as np

from flora_mcp.studio.renderers.scene.sdf import Distance, Floats


def grid(part: Distance, *, axes: str, steps: tuple[float, ...], counts: tuple[int, ...]) -> Distance:
    """Copies of a part in a grid about the origin, `counts` of them at `steps` along each of `axes`."""

    def distance(points: Floats) -> Floats:
        folded = points.copy()
        for axis, step, count in zip(axes, steps, counts, strict=True):
            row = "xyz".index(axis)
            # With an even number the copies stand half a step off the middle.
            shift = np.float32(0.0 if count % 2 else step / 2.0)
            most = np.float32(count // 2 if count % 2 else count // 2 - 1)
            least = np.float32(-(count // 2))
            number = np.clip(np.round((points[row] - shift) / np.float32(step)), least, most)
            folded[row] = points[row] - shift - number * np.float32(step)
        return part(folded)

    return distance


def grooved(part: Distance, *, axis: str, step: float, deep: float) -> Distance:
    """A part with round courses across an axis, as of logs or boards; it shrinks by up to `deep`."""
    k = np.float32(np.pi / step)
    row = "xyz".index(axis)
    safe = np.float32(1.0 / (1.0 + deep * float(k)))

    def distance(points: Floats) -> Floats:
        course = np.float32(1.0) - np.abs(np.sin(points[row] * k))
        found: Floats = (part(points) + course * np.float32(deep)) * safe
        return found

    return distance


def ribbed(part: Distance, *, count: int, deep: float, radius: float) -> Distance:
    """A part with `count` upright ribs around the z axis; `radius` is about that of the part."""
    safe = np.float32(1.0 / (1.0 + 0.5 * deep * count / radius))

    def distance(points: Floats) -> Floats:
        angle = np.arctan2(points[1], points[0])
        hollow = np.float32(0.5) - np.float32(0.5) * np.cos(angle * np.float32(count))
        found: Floats = (part(points) + hollow * np.float32(deep)) * safe
        return found

    return distance


def sector(*, count: int, odd: bool = False) -> Distance:
    """Every other slice of `count` around the z axis, as the stripes of a balloon."""

    def distance(points: Floats) -> Floats:
        angle = np.arctan2(points[1], points[0])
        wave = np.sin(angle * np.float32(count / 2.0))
        far = np.sqrt(points[0] * points[0] + points[1] * points[1])
        reach = -wave * far * np.float32(2.0 / count)
        found: Floats = -reach if odd else reach
        return found

    return distance


def band(*, low: float, high: float) -> Distance:
    """All space between two heights."""
    middle, half = np.float32((low + high) / 2.0), np.float32((high - low) / 2.0)
    return lambda points: np.abs(points[2] - middle) - half

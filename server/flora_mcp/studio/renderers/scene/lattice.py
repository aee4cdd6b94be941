"""Coarse first: a plane is known on every other point, and what lies between follows from what differs there."""

import numpy as np

from flora_mcp.studio.renderers.scene.sdf import Floats


def contrast_between(across: Floats, down: Floats, shape: tuple[int, int]) -> Floats:
    """Returns how much the known neighbours of each point differ; 0 at known points.

    Args:
        across: Difference of each known point from the next in its row.
        down: From the next in its column.
        shape: Rows and columns of the finer plane, whose even rows and columns are known.
    """
    rows, columns = shape
    between = np.zeros(shape, dtype=np.float32)
    # A last row or column without a known neighbour beyond takes what is before it.
    across = np.pad(across, [(0, 0), (0, columns // 2 - across.shape[1])])
    down = np.pad(down, [(0, rows // 2 - down.shape[0]), (0, 0)])
    between[0::2, 1::2], between[1::2, 0::2] = across, down
    below = np.pad(across[1:], [(0, rows // 2 - across.shape[0] + 1), (0, 0)])
    right = np.pad(down[:, 1:], [(0, 0), (0, columns // 2 - down.shape[1] + 1)])
    corner = np.maximum(across[: rows // 2], below)
    between[1::2, 1::2] = np.maximum(corner, np.maximum(down[:, : columns // 2], right))
    return between


def spread(between: Floats, shape: tuple[int, ...]) -> Floats:
    """Returns the contrast of points half way between others: as much as that of any of these."""
    fine = np.zeros(shape, dtype=np.float32)
    fine[0::2, 0::2] = between
    fine[0::2, 1::2] = np.maximum(between, np.pad(between[:, 1:], [(0, 0), (0, 1)]))[:, : shape[1] // 2]
    below = np.pad(fine[2::2], [(0, 1), (0, 0)])
    fine[1::2] = np.maximum(fine[0::2], below)[: shape[0] // 2]
    return fine


def blend(plane: Floats) -> None:
    """Fills (..., rows, columns) in place between its even rows and columns with the mean of the neighbours."""
    half = np.float32(0.5)
    known = plane[..., 0::2, 0::2]
    odd = plane.shape[-1] // 2
    beyond = np.concatenate([known[..., 1:], known[..., -1:]], axis=-1)
    plane[..., 0::2, 1::2] = (known[..., :odd] + beyond[..., :odd]) * half
    odd = plane.shape[-2] // 2
    even = plane[..., 0::2, :]
    beyond = np.concatenate([even[..., 1:, :], even[..., -1:, :]], axis=-2)
    plane[..., 1::2, :] = (even[..., :odd, :] + beyond[..., :odd, :]) * half


def repeat(plane: Floats) -> None:
    """Fills (..., rows, columns) in place between its even rows and columns with the neighbour before."""
    plane[..., 0::2, 1::2] = plane[..., 0::2, 0 : 2 * (plane.shape[-1] // 2) : 2]
    plane[..., 1::2, :] = plane[..., 0 : 2 * (plane.shape[-2] // 2) : 2, :]

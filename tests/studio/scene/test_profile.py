import numpy as np
import pytest

from flora_mcp.studio.renderers.scene.profile import lathe, revolved, vessel
from flora_mcp.studio.renderers.scene.sdf import Distance, Floats, union

_FOOT = [(0.0, 0.0), (0.04, 0.0), (0.04, 0.004), (0.006, 0.02), (0.006, 0.09), (0.0, 0.094)]
_STEM = lathe(_FOOT)
_WALL = vessel([(0.0, 0.092), (0.03, 0.105), (0.04, 0.14), (0.034, 0.2)], thickness=0.003)
_BOTH = union(_WALL, _STEM)


def scattered(low: float, high: float) -> Floats:
    random = np.random.Generator(np.random.PCG64(7))
    return random.uniform([[-high], [-high], [low]], [[high], [high], [0.25]], (3, 4000)).astype(np.float32)


def counted(part: Distance, calls: list[int]) -> Distance:
    def distance(points: Floats) -> Floats:
        calls.append(points.shape[1])
        return part(points)

    return distance


def test_several_profiles_that_become_one_keep_their_distances() -> None:
    one = revolved(_BOTH, radius=0.044, height=0.204)
    points = scattered(0.0, 0.031)
    points[2] *= 0.8
    # Half of a cell of the table: a third of a millimetre.
    assert np.abs(one(points) - _BOTH(points)).max() < 0.0004


def test_several_profiles_that_become_one_are_measured_once() -> None:
    calls: list[int] = []
    one = revolved(counted(_BOTH, calls), radius=0.044, height=0.204)
    for _ in range(3):
        one(scattered(0.0, 0.044))
    assert len(calls) == 1


@pytest.mark.parametrize("part", [_STEM, revolved(_BOTH, radius=0.044, height=0.204)])
def test_beyond_its_table_a_profile_is_never_said_to_be_farther_than_it_is(part: Distance) -> None:
    x, y, z = points = scattered(-0.3, 0.4)
    r = np.sqrt(x * x + y * y)
    to_its_corners = np.min([np.hypot(r - corner_r, z - corner_z) for corner_r, corner_z in _FOOT], axis=0)
    far = to_its_corners > 0.25
    assert far.sum() > 1000
    found = part(points)[far]
    assert (found > 0.0).all()
    assert (found < to_its_corners[far] + 1e-4).all()


def test_measuring_leaves_the_points_as_they_were() -> None:
    points = scattered(-0.1, 0.2)
    before = points.copy()
    _WALL(points)
    assert np.array_equal(points, before)

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from flora_mcp.studio.renderers import RenderRequest
from flora_mcp.studio.renderers.scene import render
from flora_mcp.studio.renderers.scene.language import parse
from flora_mcp.studio.renderers.scene.lattice import blend, contrast_between, repeat, spread
from flora_mcp.studio.renderers.scene.picture import paint
from flora_mcp.studio.renderers.scene.work import Work, most_work

CROWDS = (
    "ten candles on a table",
    "six glass bottles on a marble table",
    "a dozen trees around a house",
    "twenty wine glasses on a table in candle light",
    "twenty lanterns in the snow at night",
    "a cabin with twenty pine trees in the snow at night with lanterns",
    "a forest with a lake and twenty trees and a cabin",
    "ten glass bottles, ten candles and ten wine glasses on a table at night",
    "twenty gold cubes and twenty glass spheres on a steel table",
)
WIDE, HIGH = 512, 384


def painted(prompt: str, work: Work, wide: int = WIDE, high: int = HIGH) -> NDArray[np.uint8]:
    return paint(parse(prompt, width_px=wide, height_px=high, seed=1).scene, lambda _: None, work=work)


@pytest.mark.parametrize("prompt", CROWDS)
def test_a_crowd_takes_no_more_work_than_a_picture_may(prompt: str) -> None:
    work = Work()
    picture = painted(prompt, work)
    assert 0 < work.done <= most_work(WIDE, HIGH)
    assert picture.std() > 10.0


@pytest.mark.parametrize(
    "prompt",
    [
        "ten glass bottles, ten candles and ten wine glasses on a table at night",
        "a cabin with twenty pine trees in the snow at night with lanterns",
        "twenty lanterns in the snow at night",
        "a mug, a bottle, a wine glass, a candle, a book, a pencil, an apple, a vase, a lamp and a clock on a table",
    ],
)
def test_glass_leaves_lamps_and_many_shapes_are_bounded_at_full_size(prompt: str) -> None:
    work = Work()
    painted(prompt, work, 1024, 768)
    assert work.done <= most_work(1024, 768)


@pytest.mark.parametrize(("wide", "high"), [(320, 640), (640, 270), (331, 257)])
def test_a_crowd_is_bounded_in_every_format(wide: int, high: int) -> None:
    work = Work()
    assert painted("ten candles on a table", work, wide, high).shape == (high, wide, 3)
    assert work.done <= most_work(wide, high)


def test_a_crowd_gives_the_same_bytes_again() -> None:
    request = RenderRequest(prompt=CROWDS[-2], width_px=WIDE, height_px=HIGH, seed=4)
    first, second = (render(request, lambda _: None).content for _ in range(2))
    assert first == second


def test_a_crowded_picture_has_no_pixel_left_out() -> None:
    request = RenderRequest(prompt=CROWDS[-2], width_px=331, height_px=257, seed=1)
    with Image.open(io.BytesIO(render(request, lambda _: None).content)) as image:
        pixels = np.asarray(image).astype(int)
    assert pixels[-1].max(axis=1).min() > 0
    assert pixels[:, -1].max(axis=1).min() > 0


def test_many_lights_and_bodies_are_no_more_work_than_a_few_times_one() -> None:
    one, many = Work(), Work()
    painted("a candle on a table at night", one)
    painted("twenty candles on a table at night", many)
    assert many.done < 3 * one.done


@pytest.mark.parametrize("shape", [(6, 8), (7, 8), (6, 9), (7, 9), (1, 1), (2, 3)])
def test_what_lies_between_known_points_is_filled_from_them(shape: tuple[int, int]) -> None:
    rows, columns = shape
    whole = np.fromfunction(lambda y, x: 3.0 * y + x, shape, dtype=np.float32).astype(np.float32)
    coarse = np.full(shape, np.nan, dtype=np.float32)
    coarse[::2, ::2] = whole[::2, ::2]
    blended, repeated = coarse[None].copy(), coarse[None].copy()
    blend(blended)
    repeat(repeated)
    inside = (slice(0, rows - 1 + rows % 2), slice(0, columns - 1 + columns % 2))
    assert np.allclose(blended[0][inside], whole[inside])
    assert np.isfinite(blended).all()
    assert np.isin(repeated, coarse[::2, ::2]).all()


@pytest.mark.parametrize("shape", [(5, 7), (6, 8), (1, 1), (2, 5)])
def test_contrast_spreads_to_the_points_half_way_to_others(shape: tuple[int, int]) -> None:
    rows, columns = shape
    coarse = np.zeros(((rows + 1) // 2, (columns + 1) // 2), dtype=np.float32)
    coarse[-1, -1] = 1.0
    at_row, at_column = 2 * (coarse.shape[0] - 1), 2 * (coarse.shape[1] - 1)
    expected = np.zeros(shape, dtype=np.float32)
    expected[max(at_row - 1, 0) : at_row + 2, max(at_column - 1, 0) : at_column + 2] = 1.0
    assert np.array_equal(spread(coarse, shape), expected)


@pytest.mark.parametrize("shape", [(6, 8), (7, 8), (6, 9), (7, 9)])
def test_contrast_lies_between_the_points_that_differ(shape: tuple[int, int]) -> None:
    coarse = np.zeros(shape, dtype=np.float32)[::2, ::2].copy()
    coarse[1, 1] = 1.0
    across, down = np.abs(np.diff(coarse, axis=1)), np.abs(np.diff(coarse, axis=0))
    between = contrast_between(across, down, shape)
    expected = np.zeros(shape, dtype=np.float32)
    expected[1:4, 1:4] = 1.0
    expected[2, 2] = 0.0
    assert np.array_equal(between, expected)

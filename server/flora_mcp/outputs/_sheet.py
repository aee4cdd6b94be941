"""Lays pictures out on one numbered contact sheet."""

import math
from collections.abc import Sequence
from statistics import median

from PIL import Image, ImageDraw, ImageFont

MARGIN_PX = 8
MOST_CELLS = 36
"""More would be too small to tell apart."""

_PAPER = (236, 236, 236)
_INK = (255, 255, 255)
_LABEL = (24, 24, 24)


def sheet_side_px(count: int) -> int:
    """Returns the longest side of a sheet: it grows where the cells would become too small."""
    return 1024 if count <= 9 else 1568


def contact_sheet(pictures: Sequence[tuple[int, Image.Image]]) -> Image.Image:
    """Returns the pictures in rows, each with its number in the corner; no side over `sheet_side_px`."""
    assert 1 <= len(pictures) <= MOST_CELLS
    shape = min(2.0, max(0.5, median(picture.width / picture.height for _, picture in pictures)))
    columns = _columns(len(pictures), shape)
    rows = math.ceil(len(pictures) / columns)
    side_px = sheet_side_px(len(pictures))
    cell_width = min(
        (side_px - MARGIN_PX * (columns + 1)) / columns,
        (side_px - MARGIN_PX * (rows + 1)) / rows * shape,
    )
    cell = (int(cell_width), int(cell_width / shape))
    size = (columns * (cell[0] + MARGIN_PX) + MARGIN_PX, rows * (cell[1] + MARGIN_PX) + MARGIN_PX)
    sheet = Image.new("RGB", size, _PAPER)
    for place, (number, picture) in enumerate(pictures):
        left = MARGIN_PX + place % columns * (cell[0] + MARGIN_PX)
        top = MARGIN_PX + place // columns * (cell[1] + MARGIN_PX)
        _place(sheet, picture, (left, top), cell)
        _number(sheet, number, (left, top), max(14, min(cell) // 8))
    return sheet


def _columns(count: int, shape: float) -> int:
    """Returns the number of columns that gives the largest cells; of equal ones, the wider sheet."""

    def cell_width(columns: int) -> float:
        return min(1 / columns, shape / math.ceil(count / columns))

    return max(range(count, 0, -1), key=cell_width)


def _place(sheet: Image.Image, picture: Image.Image, corner: tuple[int, int], cell: tuple[int, int]) -> None:
    small = picture.copy()
    small.thumbnail(cell, Image.Resampling.LANCZOS)
    left = corner[0] + (cell[0] - small.width) // 2
    top = corner[1] + (cell[1] - small.height) // 2
    sheet.paste(small, (left, top), small.getchannel("A") if small.mode == "RGBA" else None)


def _number(sheet: Image.Image, number: int, corner: tuple[int, int], height_px: int) -> None:
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(height_px)
    left, top, right, bottom = draw.textbbox(corner, str(number), font=font)
    pad = height_px // 4
    draw.rectangle((*corner, corner[0] + right - left + 2 * pad, corner[1] + bottom - top + 2 * pad), fill=_LABEL)
    draw.text((2 * corner[0] + pad - left, 2 * corner[1] + pad - top), str(number), fill=_INK, font=font)

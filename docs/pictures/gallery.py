"""Paints a contact sheet of the local image model: `python docs/pictures/gallery.py docs/pictures/gallery.jpg`."""

import argparse
import io
from pathlib import Path

from PIL import Image

from flora_mcp.studio.renderers import RenderRequest
from flora_mcp.studio.renderers.scene import render

PROMPTS = (
    ("cinematic product shot of a ceramic mug on a sunlit table", 2),
    ("cinematic product shot of a ceramic mug on a sunlit table", 5),
    ("cinematic product shot of a ceramic mug on a sunlit table", 4),
    ("three red apples in a wooden bowl, morning light", 2),
    ("a glass vase with a yellow flower on a marble table, studio light", 3),
    ("a lit candle and three books in candle light", 21),
    ("a glass bottle and a wine glass, studio, minimal", 29),
    ("a marble ball, a gold cube and a copper cone on a wooden table, dramatic", 32),
    ("an alarm clock and a pencil on a desk, overcast light", 30),
    ("a golden teapot and two cups on a marble table", 23),
    ("a red chair and a plant in a sunlit room", 6),
    ("a pumpkin and a lantern on a table at night", 7),
    ("snowy mountains at golden hour", 5),
    ("a lake below mountains at golden hour", 9),
    ("the ocean at golden hour", 7),
    ("desert dunes at night", 7),
    ("city skyline at night", 8),
    ("a forest in fog", 27),
    ("a snowman in front of a cabin in the snow", 9),
    ("a lighthouse on a beach at golden hour", 24),
    ("a sailboat on a calm lake", 28),
    ("a hot-air balloon over green hills", 31),
    ("a red rocket near a planet in space", 10),
    ("a small house with two trees in a green field", 12),
)
COLUMNS, WIDTH_PX, HEIGHT_PX = 4, 480, 360


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="where the sheet goes; the ending decides the format")
    path = parser.parse_args().path
    rows = -(-len(PROMPTS) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * WIDTH_PX, rows * HEIGHT_PX))
    for number, (prompt, seed) in enumerate(PROMPTS):
        request = RenderRequest(prompt=prompt, width_px=2 * WIDTH_PX, height_px=2 * HEIGHT_PX, seed=seed)
        with Image.open(io.BytesIO(render(request, lambda _: None).content)) as picture:
            small = picture.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS)
        sheet.paste(small, (number % COLUMNS * WIDTH_PX, number // COLUMNS * HEIGHT_PX))
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, quality=84)


if __name__ == "__main__":
    main()

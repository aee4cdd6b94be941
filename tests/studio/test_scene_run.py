"""One run through the real render process and the studio's own renderer."""

import io
from typing import Any

from PIL import Image

from flora_mcp.studio.renderers import RenderProcesses


async def test_the_same_prompt_and_seed_make_the_same_picture(open_api: Any) -> None:
    asked = {
        "prompt": "a red cup on a wooden table",
        "params": {"resolution": "0.5k", "aspect_ratio": "4:3", "seed": 3},
    }
    pictures = []
    async with open_api(RenderProcesses()) as api:
        for _ in range(2):
            state = await api.finished(await api.start(**asked))
            assert state["status"] == "completed", state
            assert (state["facts"]["seed"], state["facts"]["width_px"], state["facts"]["height_px"]) == (3, 512, 384)
            assert state["facts"]["alt_text"]
            pictures.append((await api.http.get(state["outputs"][0]["url"])).content)
    assert pictures[0] == pictures[1]
    with Image.open(io.BytesIO(pictures[0])) as picture:
        assert (picture.format, picture.size) == ("PNG", (512, 384))

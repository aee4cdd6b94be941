"""Draws what a person sees of the main job: `python docs/pictures/chat.py PATH`.

Runs the job through the server with a real MCP client, and sets the answer's pictures and facts as a chat does.
"""

import base64
import io
import re
import sys
import tempfile
import textwrap
from pathlib import Path

import anyio
from mcp import Client
from mcp_types import CallToolResult, ImageContent, TextContent
from PIL import Image, ImageDraw, ImageFont

from flora_mcp.app import open_app
from flora_mcp.settings import Settings

WISH = "Generate 3 cinematic product shots of a ceramic mug on a sunlit table. Use a good image model, 4:3."
PROGRAM = """
ws = (await client.workspaces.list()).workspaces[0]
project = await client.projects.create(name="Mugs", workspace_id=ws.workspace_id)
model = (await client.models.list(type="image")).models[0]
runs = [
    await client.generations.create(
        type="image", model=model.model_id, params={"aspect_ratio": "4:3", "seed": seed},
        prompt="cinematic product shot of a ceramic mug on a sunlit table",
        workspace_id=ws.workspace_id, project_id=project.project_id,
    )
    for seed in (3, 5, 8)
]
return [(await client.generations.wait(run.run_id)).outputs for run in runs]
"""
WIDTH_PX, MARGIN_PX, TEXT_PX = 1500, 30, 22
INK, PAPER, BUBBLE = "#1f2328", "#ffffff", "#eef1f4"


async def answer() -> CallToolResult:
    with tempfile.TemporaryDirectory() as folder:
        async with open_app(Settings(data_directory=Path(folder))) as server, Client(server) as client:
            return await client.call_tool("execute", {"code": PROGRAM})


def facts(result: CallToolResult) -> list[str]:
    """The lines of the answer that a chat would put under the pictures, without paths of this machine."""
    first = result.content[0]
    assert isinstance(first, TextContent)
    lines = [line.strip() for line in first.text.splitlines() if line.startswith(("Runs:", "   output_"))]
    return [re.sub(r", file \S+", "", line) for line in lines]


def draw(result: CallToolResult) -> Image.Image:
    font = ImageFont.load_default(size=TEXT_PX)
    blocks = [block for block in result.content if isinstance(block, ImageContent)]
    pictures = [Image.open(io.BytesIO(base64.b64decode(block.data))) for block in blocks]
    each = (WIDTH_PX - MARGIN_PX * (len(pictures) + 1)) // len(pictures)
    height = each * pictures[0].height // pictures[0].width
    lines = [part for line in facts(result) for part in textwrap.wrap(line, 135)]
    top, leading = MARGIN_PX + 90, TEXT_PX + 9
    page = Image.new("RGB", (WIDTH_PX, top + height + MARGIN_PX * 2 + leading * len(lines)), PAPER)
    pen = ImageDraw.Draw(page)
    pen.rounded_rectangle((WIDTH_PX - 1130, MARGIN_PX, WIDTH_PX - MARGIN_PX, MARGIN_PX + 60), 18, fill=BUBBLE)
    pen.text((WIDTH_PX - 1105, MARGIN_PX + 17), WISH, font=font, fill=INK)
    for place, picture in enumerate(pictures):
        page.paste(picture.resize((each, height)), (MARGIN_PX + place * (each + MARGIN_PX), top))
    for row, line in enumerate(lines):
        pen.text((MARGIN_PX, top + height + MARGIN_PX + row * leading), line, font=font, fill=INK)
    return page


if __name__ == "__main__":
    draw(anyio.run(answer)).save(sys.argv[1], quality=88)

"""What agents ask in their words is answered by the page that they need, first."""

import re

import pytest

from flora_mcp.docs_search import Docs

QUESTIONS = {
    "webhook signature": "guides/webhooks",
    "verify a webhook in node": "guides/webhooks",
    "callback_url": "guides/webhooks",
    "how do I upload a local image": "guides/uploads",
    "upload file from my computer": "guides/uploads",
    "signed-url upload": "guides/uploads",
    "max file size": "guides/uploads",
    "aspect ratio": "guides/generate",
    "portrait 9:16 image": "guides/generate",
    "image to video": "guides/generate",
    "text to speech": "guides/generate",
    "negative prompt": "guides/generate",
    "batch generate": "guides/batch",
    "generate 50 images in parallel": "guides/batch",
    "generate many variations from a csv": "guides/batch",
    "cost of a run": "guides/costs",
    "how much does an image cost": "guides/costs",
    "price in credits": "guides/costs",
    "spending cap": "guides/costs",
    "upscale": "guides/actions",
    "upscale an image to 4k": "guides/actions",
    "remove background": "guides/actions",
    "combine two images side by side": "guides/actions|actions/side-by-side-composite-browser",
    "add a logo on a picture": "guides/actions",
    "crop image": "actions/crop-image-browser|guides/actions",
    "reverse a video": "actions/reverse-video",
    "extract frames from video": "actions/extract-video-frames",
    "qr code": "actions/qr-code-generator-browser",
    "greenscreen": "actions/greenscreen-video",
    "run a technique": "guides/techniques",
    "technique inputs": "guides/techniques",
    "color transfer technique": "techniques/color-transfer",
    "character lock": "techniques/character-lock",
    "poll until done": "guides/wait",
    "wait for a run to finish": "guides/wait|methods/generations.wait",
    "check status of a run": "guides/wait|methods/generations.retrieve",
    "cancel a run": "guides/wait",
    "idempotency": "guides/idempotency",
    "idempotency key": "guides/idempotency",
    "avoid paying twice": "guides/idempotency",
    "retry without duplicates": "guides/idempotency",
    "error handling": "guides/errors",
    "why did my run fail": "guides/errors",
    "catch exceptions": "guides/errors",
    "content moderation": "guides/errors",
    "rate limit": "guides/limits",
    "429 too many requests": "guides/limits|guides/errors",
    "pagination": "guides/limits",
    "time limit of a program": "guides/limits|guides/programs",
    "image to image": "guides/refine",
    "edit an existing image with a prompt": "guides/refine",
    "reference image": "guides/refine|guides/uploads",
    "same seed": "guides/refine",
    "describe an image": "guides/refine",
    "which models are available": "guides/models",
    "cheapest model": "guides/models",
    "model parameters": "guides/models",
    "what does i2i mean": "guides/models",
    "connect nodes on the canvas": "guides/canvas",
    "run canvas nodes": "guides/canvas|methods/workspaces.projects.run_nodes",
    "mermaid diagram": "guides/canvas",
    "apply changeset": "methods/workspaces.projects.canvas.apply_changeset|guides/canvas",
    "create a project": "guides/projects|methods/projects.create|methods/workspaces.projects.create",
    "list workspaces": "guides/projects|methods/workspaces.list",
    "save to library folder": "guides/projects|methods/workspaces.library.folders.add_item",
    "delete a project": "guides/projects",
    "download the result": "guides/outputs",
    "show the picture": "guides/outputs",
    "find earlier outputs": "guides/outputs",
    "what can I import": "guides/programs",
    "does anything persist between calls": "guides/programs",
    "getting started": "guides/start",
    "make 3 pictures of a mug": "guides/generate",
    "prompt tips": "guides/generate",
    "set width and height": "guides/generate",
    "music generation": "guides/generate",
    "what parameters does the model take": "guides/models",
    "fastest model": "guides/models",
    "how long does a run take": "guides/wait",
    "generation stuck pending": "guides/wait",
    "parallel calls asyncio.gather": "guides/batch",
    "resume after crash": "guides/batch|guides/wait",
    "webhook payload": "guides/webhooks",
    "unsupported format": "guides/uploads",
    "base64 image": "guides/uploads",
    "output url expires": "guides/outputs",
    "save image locally": "guides/outputs",
    "find project by name": "guides/projects",
    "list projects": "guides/projects|methods/projects.list",
    "workspace id": "guides/projects|methods/workspaces.list",
    "api key": "guides/access",
    "authentication": "guides/access",
    "401 unauthorized": "guides/access|guides/errors",
    "read only mode": "guides/access",
    "nsfw": "guides/errors",
    "refund failed run": "guides/costs",
    "remaining credits": "guides/costs",
    "duplicate key error": "guides/idempotency",
    "RunUncertainError": "guides/errors|guides/idempotency",
    "camelCase or snake_case": "guides/programs",
    "requests library": "guides/programs",
    "add text to image": "actions/add-text-to-image-browser",
    "rotate image 90 degrees": "actions/rotate-image-browser",
    "inpainting": "guides/refine",
    "report a bug": "methods/feedback.record",
    "list actions": "methods/actions.list",
    "export canvas": "methods/workspaces.projects.canvas.retrieve_definition|guides/canvas",
    "duplicate a canvas": "methods/workspaces.projects.canvas.retrieve_definition|guides/canvas",
    "start a generation": "methods/generations.create|guides/generate",
    "list assets": "methods/assets.list",
    "retry a failed upload": "methods/assets.retry|guides/uploads",
    "send feedback": "methods/feedback.record",
    "flux 2 pro": "models/t2i-flux-2-pro",
    "qwen image edit plus": "models/i2i-qwen-image-edit-plus",
    "kling video model": "models/t2v-kling-2.5|models/i2v-kling-2.5|models/m2v-kling-vref",
}
"""Each question, and the pages of which one has to be first."""

NAMES = {
    "generations.create": "methods/generations.create",
    "client.generations.create(": "methods/generations.create",
    "`client.projects.listNodes`": "methods/projects.list_nodes",
    "how do I call client.workspaces.projects.graph?": "methods/workspaces.projects.graph",
    "runNodes": "methods/workspaces.projects.run_nodes",
    "apply_changeset": "methods/workspaces.projects.canvas.apply_changeset",
    "batch": "guides/batch",
    "docs://guides/costs": "guides/costs",
    "guides/uploads": "guides/uploads",
    "t2i-flux-2-pro": "models/t2i-flux-2-pro",
    "params of i2v-kling-2.5": "models/i2v-kling-2.5",
    "crop-image-browser": "actions/crop-image-browser",
    "tech_color-transfer": "techniques/color-transfer",
    "book-drop": "techniques/book-drop",
    "": "guides/start",
}

SLIPS = {
    "webhok signatre": "guides/webhooks",
    "idempotancy": "guides/idempotency",
    "techniqe inputs": "guides/techniques",
    "aspectratio": "guides/generate",
    "UPLOADING LOCAL FILES": "guides/uploads",
    "canvass nodes": "guides/canvas",
}


async def first(docs: Docs, question: str) -> str:
    """Returns the address of the page that an answer begins with."""
    found = re.search(r"\(docs://([^)]+)\)$", (await docs.answer(question)).splitlines()[0])
    assert found is not None, await docs.answer(question)
    return found[1]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_question_finds_its_page_first(docs: Docs, question: str) -> None:
    assert await first(docs, question) in QUESTIONS[question].split("|")


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_leads_straight_to_its_page(docs: Docs, name: str) -> None:
    assert await first(docs, name) == NAMES[name]


@pytest.mark.parametrize("slip", SLIPS)
async def test_a_slip_is_forgiven(docs: Docs, slip: str) -> None:
    assert await first(docs, slip) == SLIPS[slip]


@pytest.mark.parametrize(
    "question",
    ["start generation", "runs generation start_generation", "start a run of a generation", "older start generation"],
)
async def test_a_deprecated_method_is_never_first(docs: Docs, question: str) -> None:
    assert await first(docs, question) not in ("methods/runs.start_generation", "methods/runs.start_technique")


@pytest.mark.parametrize(
    ("asked", "older", "newer"),
    [
        ("runs.start_generation", "runs.start_generation", "generations.create"),
        ("client.runs.startGeneration", "runs.start_generation", "generations.create"),
        ("runs.start_technique", "runs.start_technique", "techniques.runs.create"),
    ],
)
async def test_an_older_method_leads_to_the_one_that_took_its_place(
    docs: Docs, asked: str, older: str, newer: str
) -> None:
    assert await first(docs, asked) == f"methods/{newer}"
    assert f"its page is docs://methods/{older}." in await docs.answer(asked)

"""What kinds of nodes there are: FLORA's thirty block types, and the words that agents use for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Media = Literal["image", "video", "audio", "text"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One block type.

    Attributes:
        word: What agents call it (sdk:resources/workspaces/projects/projects.ts).
        media: What it holds or makes; None where that is no medium.
        generates: Whether POST …/nodes/run can run it.
        takes: Whether edges may end in it; where that is not known, they may.
        gives: Whether edges may begin at it.
    """

    word: str
    media: Media | None = None
    generates: bool = False
    takes: bool = True
    gives: bool = True


# Which block types exist is a fact (sdk); what this studio lets each of them do is a choice.
BLOCKS: Mapping[str, Kind] = {
    "emptyImageBlock": Kind(word="image", media="image", generates=True),
    "resultImageBlock": Kind(word="image", media="image", generates=True),
    "outpaintImageBlock": Kind(word="image", media="image", generates=True),
    "inpaintImageBlock": Kind(word="image", media="image", generates=True),
    "videoBlock": Kind(word="video", media="video", generates=True),
    "resultVideoBlock": Kind(word="video", media="video", generates=True),
    "audioBlock": Kind(word="audio", media="audio", generates=True),
    "resultAudioBlock": Kind(word="audio", media="audio", generates=True),
    "textBlock": Kind(word="text", media="text", generates=True),
    "resultTextBlock": Kind(word="text", media="text", generates=True),
    "staticImageBlock": Kind(word="static_image", media="image", takes=False),
    "staticVideoBlock": Kind(word="static_video", media="video", takes=False),
    "staticAudioBlock": Kind(word="static_audio", media="audio", takes=False),
    "codeBlock": Kind(word="action"),
    "techniqueBlock": Kind(word="technique"),
    "group": Kind(word="group", takes=False, gives=False),
    "comment": Kind(word="comment", takes=False, gives=False),
    "textLabel": Kind(word="label", takes=False, gives=False),
    "ghost": Kind(word="ghost"),
    "virtualSourceNode": Kind(word="virtual_source"),
    "layerEditorNode": Kind(word="layer_editor", media="image"),
    "videoEditorNode": Kind(word="video_editor", media="video"),
    "collectionNode": Kind(word="batch"),
    "routerNode": Kind(word="router"),
    "switchNode": Kind(word="switch"),
    "elementNode": Kind(word="element", media="image"),
    "documentNode": Kind(word="document"),
    "exportNode": Kind(word="export", gives=False),
    "webcamNode": Kind(word="webcam", media="image", takes=False),
    "model3dNode": Kind(word="model3d"),
}
"""Every block type of a definition (sdk:resources/workspaces/projects/canvas.ts)."""

ADDED: Mapping[str, str] = {
    "image": "emptyImageBlock",
    "video": "videoBlock",
    "text": "textBlock",
    "audio": "audioBlock",
    "group": "group",
    "static_image": "staticImageBlock",
    "layer_editor": "layerEditorNode",
}
"""What a changeset can add, and the block that it becomes."""

STATIC: Mapping[str, str] = {
    "image": "staticImageBlock",
    "static_image": "staticImageBlock",
    "video": "staticVideoBlock",
    "audio": "staticAudioBlock",
}
"""What an added node becomes that shows media which exist already."""

RESULTS: Mapping[str, str] = {
    "image": "resultImageBlock",
    "video": "resultVideoBlock",
    "audio": "resultAudioBlock",
    "text": "resultTextBlock",
}
"""What shows an output that was made without a node of its own."""

ASSETS: Mapping[str, str] = {
    "image": "staticImageBlock",
    "video": "staticVideoBlock",
    "audio": "staticAudioBlock",
    "document": "documentNode",
}
"""What shows an asset, by what it is."""

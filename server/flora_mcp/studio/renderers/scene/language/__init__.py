"""From a prompt to a scene: which words are known, what they ask for, and how it is put into a picture."""

from flora_mcp.studio.renderers.scene.graph import Reading
from flora_mcp.studio.renderers.scene.language.alt_text import alt_text
from flora_mcp.studio.renderers.scene.language.composition import compose
from flora_mcp.studio.renderers.scene.language.grammar import understand
from flora_mcp.studio.renderers.scene.language.verdicts import drawn

__all__ = ["Reading", "parse"]


def parse(prompt: str, *, width_px: int, height_px: int, seed: int) -> Reading:
    """Reads a prompt into a scene; every text makes one, and equal arguments make equal scenes.

    Args:
        prompt: Any text. What is not understood is listed as ignored; without any known noun it makes a still life.
        width_px: Width of the picture.
        height_px: Height of the picture.
        seed: Decides everything that the prompt leaves open, and nothing that it states.
    """
    understanding = understand(prompt)
    composition = compose(understanding.request, width_px=width_px, height_px=height_px, seed=seed)
    return Reading(
        scene=composition.scene,
        alt_text=alt_text(composition),
        recognised=tuple(heard.text for heard in understanding.heard if drawn(heard, composition)),
        ignored=tuple(heard.text for heard in understanding.heard if not drawn(heard, composition)),
    )

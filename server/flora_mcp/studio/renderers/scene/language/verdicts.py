"""Tells whether what a phrase asks of the picture is drawn in it."""

from flora_mcp.studio.renderers.scene.graph import INDOORS
from flora_mcp.studio.renderers.scene.language.composition import Composition
from flora_mcp.studio.renderers.scene.language.request import Claim, Heard

_WINDOW_LIGHTS = ("sunlit", "golden hour")
"""The lights that fall through a window indoors."""
_SOFT_LIGHTS = ("overcast", "candle")
"""Lights that come from everywhere, or from a flame: no side of them can be asked for."""

_FAR = ("mountains", "city")
"""Settings that are out of the picture where the camera looks down: all they have nearby is grass and paving."""


def drawn(heard: Heard, composition: Composition) -> bool:
    """Whether the phrase was understood, and the picture shows what it asks for."""
    if not heard.understood:
        return False
    return not heard.claims or any(is_drawn(claim, composition) for claim in heard.claims)


def is_drawn(claim: Claim, composition: Composition) -> bool:
    """Whether the picture shows what is claimed of it."""
    scene, request = composition.scene, composition.request
    match claim.kind:
        case "setting":
            if claim.value == "sky":
                return request.flying and bool(scene.things) and scene.setting not in INDOORS
            if claim.value in _FAR and scene.camera.angle in ("high", "top-down"):
                return False
            return claim.value in (scene.setting, *composition.beyond)
        case "backdrop":
            return scene.setting in INDOORS
        case "ground":
            return composition.ground_drawn
        case "light":
            return scene.light == claim.value and scene.setting != "space"
        case "product":
            return bool(scene.things) and scene.setting in INDOORS
        case "weather":
            return _is_weather(claim.value, composition)
        case "camera":
            return _is_view(claim.value, composition)
        case "mood":
            return scene.mood == claim.value
        case "gloom":
            return scene.mood == "moody"


def _is_weather(weather: str, composition: Composition) -> bool:
    scene = composition.scene
    if weather == "rain":
        return scene.rain
    if weather == "fog":
        return scene.fog > 0.0
    if scene.setting in INDOORS or (scene.camera.angle == "top-down" and scene.setting != "space"):
        return False
    if weather == "stars":
        return scene.setting == "space" or (scene.light == "night" and not scene.rain)
    if scene.setting == "space" or scene.rain or scene.clouds is None:
        return False
    if weather == "clear":
        return scene.clouds == 0.0 and scene.light != "overcast"
    return scene.clouds > 0.0


def _is_view(word: str, composition: Composition) -> bool:
    scene, said = composition.scene, composition.request.camera
    camera = scene.camera
    match word:
        case "close":
            return camera.framing == "close-up"
        case "wide":
            return camera.framing == "wide"
        case "top":
            return camera.angle == "top-down"
        case "low" | "high" | "eye":
            return camera.angle == word
        case "cinematic":
            return camera.cinematic
        case "front" | "side":
            return composition.faced == word
        case "window":
            return scene.setting in ("table", "room") and scene.light in _WINDOW_LIGHTS
        case "backlit":
            return scene.light not in _SOFT_LIGHTS
        case _:
            assert word == "sidelit"
            return scene.light not in _SOFT_LIGHTS and "backlit" not in said and not composition.request.sun

"""The scene graph: what a prompt was understood to ask for, as plain data.

The language half makes it from words; the picture half paints it. Axes everywhere: x to the right, y away
from the viewer, z up, in metres; the surface or ground is the plane z = 0. Colours are sRGB, each 0 to 1.
"""

from dataclasses import dataclass
from typing import Literal

Colour = tuple[float, float, float]
"""sRGB, 0 to 1 a channel."""

Setting = Literal[
    "table",
    "studio",
    "room",
    "field",
    "forest",
    "mountains",
    "lake",
    "ocean",
    "beach",
    "desert",
    "snow",
    "city",
    "space",
]
"""Where the scene is: three indoors, the others with sky and horizon."""

LightName = Literal["sunlit", "golden hour", "night", "candle", "overcast", "studio"]

Material = Literal[
    "ceramic",
    "glass",
    "steel",
    "gold",
    "copper",
    "wood",
    "plastic",
    "rubber",
    "stone",
    "marble",
    "clay",
    "wax",
    "paper",
    "fabric",
    "leather",
    "brick",
    "snow",
    "leaf",
    "fruit",
    "paint",
    "water",
    "coffee",
    "flame",
    "window",
    "lampshade",
]
"""What a part is made of: `flame` shines, `window` and `lampshade` do in the dark, `paint` is a car's lacquer."""

Framing = Literal["normal", "close-up", "wide"]
Angle = Literal["eye", "top-down", "low", "high"]
Mood = Literal["neutral", "warm", "cool", "dramatic", "dreamy", "cheerful", "moody", "minimal"]

INDOORS: tuple[Setting, ...] = ("table", "studio", "room")


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What things stand on: the table top, the floor or the ground."""

    material: Material | None = None
    """None leaves it to the setting: wood for a table, a seamless sweep for a studio, grass for a field."""
    colour: Colour | None = None
    """None leaves it to the material."""


@dataclass(frozen=True, kw_only=True)
class Camera:
    """How the scene is looked at; the renderer frames all things by itself."""

    framing: Framing = "normal"
    angle: Angle = "eye"
    cinematic: bool = False
    """Lower key, stronger contrast, shallow focus and a vignette."""
    yaw_degrees: float = 0.0
    """How far the camera walks around the scene, counter-clockwise seen from above."""


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One object of the scene."""

    shape: str
    """A key of `shapes.SHAPES`."""
    position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    """Where the middle of its underside is: (0, 0, 0) is the middle of the scene, on the surface."""
    yaw_degrees: float = 0.0
    """Turn about the upright axis, counter-clockwise seen from above; at 0 its front faces the viewer."""
    scale: float = 1.0
    """1 is the natural size of the shape."""
    material: Material | None = None
    """Material of the body; None leaves it to the shape."""
    colour: Colour | None = None
    """Colour of the body; None lets the seed choose from the colours of the shape."""
    accent: Colour | None = None
    """Colour of the secondary parts (lid, roof, shade); None leaves it to the shape."""
    framed: bool = True
    """Whether the camera takes care to show all of it; False for a shore or a table that may leave the picture."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Everything the renderer knows; equal scenes make equal pictures."""

    width_px: int
    height_px: int
    seed: int
    """Decides what the other fields leave open: window pattern, background, grain, clouds, ridges."""
    things: tuple[Thing, ...] = ()
    setting: Setting = "table"
    surface: Surface = Surface()
    light: LightName = "sunlit"
    light_degrees: float | None = None
    """Where the main light comes from: 0 right, 90 behind the scene, 180 left; None leaves it to the seed."""
    camera: Camera = Camera()
    mood: Mood = "neutral"
    backdrop: Colour | None = None
    """Colour of the wall or sweep behind an indoor scene; None lets the seed choose."""
    clouds: float | None = None
    """Share of the sky under cloud, 0 to 1; None leaves it to light and seed."""
    rain: bool = False
    fog: float = 0.0
    """0 is clear air, 1 hides the horizon."""
    moon: bool = False
    """Whether the prompt asks for the moon: at night it is then large and clear of the things."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the language half made of a prompt."""

    scene: Scene
    alt_text: str
    """One sentence that says what the picture shows."""
    recognised: tuple[str, ...] = ()
    """Words of the prompt that shaped the scene, in their order."""
    ignored: tuple[str, ...] = ()
    """Words of the prompt that did not."""

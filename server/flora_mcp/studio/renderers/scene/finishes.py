"""How materials take light: a table of finishes, one per material."""

from dataclasses import dataclass

from flora_mcp.studio.renderers.scene.graph import Colour, Material


@dataclass(frozen=True, kw_only=True)
class Finish:
    """The numbers of one material."""

    colour: Colour | None = None
    """The colour it has by itself; None takes the thing's. Dyed materials keep the thing's colour anyway."""
    roughness: float = 0.5
    """0 is a mirror, 1 is chalk."""
    gloss: float = 0.04
    """Share of light that the skin mirrors when seen straight on."""
    metal: bool = False
    clear: bool = False
    """Light passes through."""
    wrap: float = 0.0
    """How far light creeps around the terminator: wax, snow, leaves."""
    bump: float = 0.0
    """Tilt of the skin by fine noise."""
    grain: float = 0.0
    """Bumps of that noise per metre."""
    mirrors: bool = False
    """Other things are seen in it."""
    shines: float = 0.0
    """Light of its own, times its colour."""
    shines_in_the_dark: float = 0.0
    """Warm light of its own when it is dark; dyed by the colour if light creeps through it (`wrap`)."""


FINISHES: dict[Material, Finish] = {
    "ceramic": Finish(roughness=0.10, gloss=0.05, bump=0.012, grain=90.0, mirrors=True),
    "glass": Finish(colour=(0.93, 0.97, 0.96), roughness=0.02, gloss=0.045, clear=True, mirrors=True),
    "steel": Finish(colour=(0.80, 0.81, 0.83), roughness=0.18, gloss=0.75, metal=True, mirrors=True),
    "gold": Finish(colour=(1.0, 0.80, 0.42), roughness=0.16, gloss=0.8, metal=True, mirrors=True),
    "copper": Finish(colour=(0.96, 0.62, 0.47), roughness=0.20, gloss=0.8, metal=True, mirrors=True),
    "wood": Finish(colour=(0.62, 0.42, 0.25), roughness=0.48, gloss=0.035, bump=0.02, grain=300.0),
    "plastic": Finish(roughness=0.28, gloss=0.045, mirrors=True),
    "rubber": Finish(roughness=0.75, gloss=0.03, bump=0.02, grain=400.0),
    "stone": Finish(colour=(0.58, 0.57, 0.55), roughness=0.85, gloss=0.02, bump=0.16, grain=70.0),
    "marble": Finish(colour=(0.92, 0.91, 0.89), roughness=0.14, gloss=0.05, mirrors=True),
    "clay": Finish(colour=(0.74, 0.40, 0.27), roughness=0.85, gloss=0.02, bump=0.06, grain=220.0),
    "wax": Finish(colour=(0.93, 0.88, 0.76), roughness=0.45, gloss=0.04, wrap=0.5, bump=0.02, grain=60.0),
    "paper": Finish(colour=(0.94, 0.92, 0.87), roughness=0.95, gloss=0.015, wrap=0.15, bump=0.02, grain=500.0),
    "fabric": Finish(roughness=0.98, gloss=0.02, wrap=0.2, bump=0.14, grain=380.0),
    "leather": Finish(colour=(0.42, 0.25, 0.16), roughness=0.5, gloss=0.04, bump=0.10, grain=160.0),
    "brick": Finish(colour=(0.60, 0.30, 0.22), roughness=0.9, gloss=0.02, bump=0.06, grain=40.0),
    "snow": Finish(colour=(0.93, 0.95, 0.98), roughness=0.9, gloss=0.02, wrap=0.35, bump=0.06, grain=40.0),
    "leaf": Finish(colour=(0.27, 0.43, 0.16), roughness=0.6, gloss=0.035, wrap=0.35, bump=0.10, grain=30.0),
    "fruit": Finish(roughness=0.30, gloss=0.045, wrap=0.18, bump=0.015, grain=200.0),
    "paint": Finish(roughness=0.12, gloss=0.055, mirrors=True),
    "water": Finish(colour=(0.80, 0.92, 0.93), roughness=0.02, gloss=0.03, clear=True, mirrors=True),
    "coffee": Finish(colour=(0.15, 0.075, 0.035), roughness=0.30, gloss=0.012),
    "flame": Finish(colour=(1.0, 0.66, 0.22), roughness=1.0, gloss=0.0, shines=7.0),
    "lampshade": Finish(colour=(0.93, 0.86, 0.72), roughness=0.95, gloss=0.01, wrap=0.6, shines_in_the_dark=2.4),
    "window": Finish(colour=(0.16, 0.20, 0.25), roughness=0.06, gloss=0.08, shines_in_the_dark=1.5),
}

import io
import warnings
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from flora_mcp.studio.renderers import RenderRequest
from flora_mcp.studio.renderers.scene import render
from flora_mcp.studio.renderers.scene.bodies import place, subject_size
from flora_mcp.studio.renderers.scene.camera import frame
from flora_mcp.studio.renderers.scene.finishes import FINISHES
from flora_mcp.studio.renderers.scene.graph import (
    INDOORS,
    Angle,
    Camera,
    Framing,
    LightName,
    Material,
    Scene,
    Setting,
    Surface,
    Thing,
)
from flora_mcp.studio.renderers.scene.kin import Crowd
from flora_mcp.studio.renderers.scene.marching import FAR, Rays, meet, normals
from flora_mcp.studio.renderers.scene.picture import paint
from flora_mcp.studio.renderers.scene.shapes import SHAPES
from flora_mcp.studio.renderers.scene.work import Work

SETTINGS: tuple[Setting, ...] = get_args(Setting)
LIGHTS: tuple[LightName, ...] = get_args(LightName)
MATERIALS: tuple[Material, ...] = get_args(Material)
MUG = Thing(shape="mug", yaw_degrees=-30.0, colour=(0.2, 0.4, 0.5))


def scene(**changes: object) -> Scene:
    return replace(Scene(width_px=96, height_px=72, seed=1, things=(MUG,)), **changes)  # type: ignore[arg-type]


def painted(**changes: object) -> NDArray[np.uint8]:
    return paint(scene(**changes), lambda _: None)


def difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return float(np.abs(a.astype(float) - b.astype(float)).mean())


@pytest.mark.parametrize(("wide", "high"), [(160, 120), (120, 160), (128, 128), (192, 108), (108, 192), (210, 90)])
def test_a_picture_has_exactly_the_size_asked_for(wide: int, high: int) -> None:
    rendering = render(RenderRequest(prompt="a mug on a table", width_px=wide, height_px=high, seed=3), lambda _: None)
    with Image.open(io.BytesIO(rendering.content)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGB", (wide, high))
    assert (rendering.mime_type, rendering.width_px, rendering.height_px) == ("image/png", wide, high)


def test_the_same_request_gives_the_same_bytes() -> None:
    request = RenderRequest(prompt="two red apples and a glass vase", width_px=120, height_px=90, seed=8)
    assert render(request, lambda _: None).content == render(request, lambda _: None).content


def test_another_seed_gives_another_composition() -> None:
    prompt = "cinematic product shot of a ceramic mug on a sunlit table"
    pictures = []
    for seed in (1, 2, 3):
        request = RenderRequest(prompt=prompt, width_px=120, height_px=90, seed=seed)
        with Image.open(io.BytesIO(render(request, lambda _: None).content)) as image:
            pictures.append(np.asarray(image))
    first, second, third = pictures
    assert min(difference(first, second), difference(second, third), difference(first, third)) > 12.0


def test_the_facts_tell_what_was_understood_and_how_long_it_took() -> None:
    request = RenderRequest(prompt="a blue cube made of glass, zorply", width_px=96, height_px=72, seed=5)
    facts = render(request, lambda _: None).facts
    assert (facts["seed"], facts["width_px"], facts["height_px"]) == (5, 96, 72)
    assert facts["ignored"] == ["zorply"]
    assert isinstance(facts["scene"], dict)
    assert facts["scene"]["things"] == {"cube": 1}
    assert isinstance(facts["alt_text"], str)
    assert isinstance(facts["render_seconds"], float)


def test_progress_rises_from_nothing_to_one_in_many_steps() -> None:
    heard: list[float] = []
    render(RenderRequest(prompt="a mug", width_px=400, height_px=300, seed=1), heard.append)
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0.0, 1.0)
    assert len(heard) >= 10


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_every_shape_is_seen_from_outside_and_keeps_within_its_box(name: str) -> None:
    alone = scene(things=(Thing(shape=name, yaw_degrees=25.0, scale=0.7),), width_px=64, height_px=48)
    bodies = place(alone.things, SHAPES, alone.seed, Work())
    view = frame(alone, bodies)
    y, x = np.mgrid[0:48, 0:64].astype(np.float32) + np.float32(0.5)
    rays = view.rays(x.ravel(), y.ravel())
    met = meet(Crowd(bodies, Work()), Rays(origin=view.origin, direction=rays))
    assert (met.body >= 0).sum() > 40
    for number, body in enumerate(bodies):
        at = np.flatnonzero(met.body == number)
        local = body.inwards(view.origin + rays[:, at] * met.far[at])
        slack = 0.01 * (body.high - body.low).max()
        assert ((local > body.low - slack) & (local < body.high + slack)).all()
        away = (normals(body, local) * (body.turn.T @ rays[:, at])).sum(axis=0)
        assert (away < 0.3).sum() >= 0.85 * at.size


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_no_shape_sticks_out_of_its_box(name: str) -> None:
    shape = SHAPES[name]
    half = np.array([shape.width / 2, shape.depth / 2, shape.height / 2], dtype=np.float32)
    side = np.linspace(-1.0, 1.0, 25, dtype=np.float32)
    u, v = (grid.ravel() for grid in np.meshgrid(side, side))
    faces = [np.roll(np.stack([np.full_like(u, sign), u, v]), turn, axis=0) for sign in (-1, 1) for turn in range(3)]
    points = np.concatenate(faces, axis=1) * (half[:, None] * 1.002)
    points[2] += half[2]
    slack = 0.004 * float(half.max())
    for part in shape.parts:
        # What stands on the ground may reach into it.
        outside = part.distance(points[:, points[2] > 0.0].astype(np.float32))
        assert float(outside.min()) > -slack


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_painted_with_and_without_a_subject(setting: Setting) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        alone, peopled = painted(setting=setting, things=()), painted(setting=setting)
    assert alone.shape == peopled.shape == (72, 96, 3)
    assert alone.std() > 3.0
    assert difference(alone, peopled) > 2.0


@pytest.mark.parametrize("setting", ["table", "field"])
def test_every_light_makes_another_picture(setting: Setting) -> None:
    pictures = [painted(setting=setting, light=light) for light in LIGHTS]
    for index, first in enumerate(pictures):
        for second in pictures[index + 1 :]:
            assert difference(first, second) > 3.0


def test_night_is_darker_than_day() -> None:
    for setting in ("table", "field", "city"):
        assert painted(setting=setting, light="night").mean() < 0.6 * painted(setting=setting, light="sunlit").mean()


@pytest.mark.parametrize("material", MATERIALS)
def test_every_material_can_be_asked_for(material: Material) -> None:
    plain = painted(things=(Thing(shape="ball", colour=(0.5, 0.5, 0.5), material="plastic"),))
    made = painted(things=(Thing(shape="ball", colour=(0.5, 0.5, 0.5), material=material),))
    assert material in FINISHES
    assert made.shape == plain.shape
    assert material == "plastic" or difference(made, plain) > 0.05


def test_framing_and_angle_change_how_much_of_the_frame_the_subject_takes() -> None:
    def share(framing: Framing, angle: Angle) -> float:
        chosen = scene(camera=Camera(framing=framing, angle=angle))
        bodies = place(chosen.things, SHAPES, chosen.seed, Work())
        view = frame(chosen, bodies)
        y, x = np.mgrid[0:72, 0:96].astype(np.float32)
        return float(
            (
                meet(Crowd(bodies, Work()), Rays(origin=view.origin, direction=view.rays(x.ravel(), y.ravel()))).body
                >= 0
            ).mean()
        )

    assert share("wide", "eye") < 0.6 * share("normal", "eye") < share("close-up", "eye") * 0.8
    for angle in get_args(Angle):
        assert share("normal", angle) > 0.03


def test_a_shadow_falls_on_the_ground() -> None:
    light = {"light": "sunlit", "setting": "desert", "light_degrees": 0.0, "surface": Surface(colour=(0.8, 0.8, 0.8))}
    empty = painted(things=(Thing(shape="ball", scale=0.01),), **light)
    cast = painted(things=(Thing(shape="ball", colour=(0.8, 0.8, 0.8)),), **light)
    ground = cast[48:, :, 1].astype(int)
    assert ground.min() < 0.6 * np.median(empty[48:, :, 1])


def test_a_thing_keeps_the_colour_it_was_given_in_every_indoor_light() -> None:
    for setting in INDOORS:
        picture = painted(things=(Thing(shape="ball", colour=(0.8, 0.05, 0.05)),), setting=setting, light="overcast")
        middle = picture[24:56, 20:76].reshape(-1, 3).astype(int)
        assert ((middle[:, 0] > 70) & (middle[:, 0] > 2 * middle[:, 1]) & (middle[:, 0] > 2 * middle[:, 2])).any()


def test_things_far_apart_in_size_are_framed_together() -> None:
    pair = scene(things=(Thing(shape="house"), Thing(shape="snowman", position=(6.0, -2.0, 0.0))), setting="snow")
    bodies = place(pair.things, SHAPES, pair.seed, Work())
    assert subject_size(bodies) > 4.0
    view = frame(pair, bodies)
    y, x = np.mgrid[0:72, 0:96].astype(np.float32)
    met = meet(Crowd(bodies, Work()), Rays(origin=view.origin, direction=view.rays(x.ravel(), y.ravel())))
    assert {bodies[number].thing_number for number in np.unique(met.body) if number >= 0} == {0, 1}
    assert (met.far[met.body < 0] == FAR).all()

"""What light rays carry back: bodies, ground and backdrop lit, mirrored and seen through."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.bodies import Body, Skin
from flora_mcp.studio.renderers.scene.camera import View
from flora_mcp.studio.renderers.scene.finishes import Finish
from flora_mcp.studio.renderers.scene.kin import Crowd, Kin, Numbers
from flora_mcp.studio.renderers.scene.lighting import Lighting, Spots
from flora_mcp.studio.renderers.scene.marching import FAR, Meeting, Rays, Stretch, approach, march, meet, normals
from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.occlusion import openness
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.shadows import GroundShadows
from flora_mcp.studio.renderers.scene.sights import BACKDROP, GROUND, Patch, Seen, Sight, Way
from flora_mcp.studio.renderers.scene.textures import skin_colour
from flora_mcp.studio.renderers.scene.vectors import (
    column,
    dot,
    mixed,
    normalised,
    reflected,
    refracted,
    smoothstep,
)
from flora_mcp.studio.renderers.scene.work import Work
from flora_mcp.studio.renderers.scene.world.rig import Rig
from flora_mcp.studio.renderers.scene.world.surroundings import Footing, Surroundings

_GLASS = 1.0 / 1.46
_A_RAY, _A_FOOTING, _A_SKIN = 2.0, 2.0, 4.0
"""Work of a ray, and of colour on the ground or on a skin."""
_SOFTEST = 0.07
"""Even the sun is no point: light creeps this far around every skin."""


class Shader:
    """Answers rays for one scene, once `prepare` has measured the shadows on its ground."""

    def __init__(
        self, *, bodies: Sequence[Body], rig: Rig, surroundings: Surroundings, noise: Noise, view: View, work: Work
    ) -> None:
        self.work = work
        self._crowd = Crowd(bodies, work)
        self._rig = rig
        self._lighting = Lighting(crowd=self._crowd, rig=rig)
        self._around = surroundings
        self._noise = noise
        self._view = view
        self._shadows: GroundShadows | None = None
        self._size = max((body.shape.height * body.scale for body in bodies), default=1.0)

    def prepare(self, progress: Callable[[float], None]) -> None:
        """Measures the shadows that the bodies throw on the ground."""
        if self._around.has_ground:
            self._shadows = GroundShadows(
                view=self._view, crowd=self._crowd, lighting=self._lighting, size=self._size, progress=progress
            )

    def approached(self, direction: Floats, spread: float) -> Floats:
        """Returns how far cones from the camera go until they may touch a body; see `marching.approach`."""
        return approach(self._crowd, self._view.origin, direction, spread)

    def look(
        self,
        origin: Floats,
        direction: Floats,
        *,
        bounce: int = 0,
        without: NDArray[np.int16] | None = None,
        beyond: Floats | None = None,
        met: Meeting | None = None,
    ) -> Seen:
        """Returns what rays see.

        Args:
            origin: Where rays start, (3, 1) or (3, N).
            direction: Unit, (3, N).
            bounce: How many mirrors were on the way.
            without: Number of a body that is not there, for each ray.
            beyond: Metres before which there is known to be nothing, (N,).
            met: What the rays are known to meet.
        """
        count = direction.shape[1]
        self.work.add(count, _A_RAY)
        fine = self._view.pixel * (0.8 if bounce == 0 else 1.5)
        if met is None:
            rays = Rays(origin=origin, direction=direction, beyond=beyond)
            met = meet(self._crowd, rays, without=without, fineness=fine)
        seen = Seen(
            light=np.zeros((3, count), dtype=np.float32),
            what=np.where(met.body < 0, np.int16(BACKDROP), met.body),
            kind=np.zeros(count, dtype=np.int16),
            normal=np.zeros((3, count), dtype=np.float32),
            far=met.far.copy(),
        )
        if self._around.has_ground:
            self._see_ground(origin, direction, bounce, seen)
        sky = np.flatnonzero(seen.what == BACKDROP)
        if sky.size:
            towards = direction.take(sky, axis=1)
            past = self._around.mirrored(towards, 0.05) if bounce else self._around.backdrop(towards)
            seen.light[:, sky] = past
        patches: list[Patch] = []
        for kin, at, member in self._crowd.sorted_out(seen.what):
            sight = Sight(start=origin, direction=direction, bounce=bounce, at=at)
            patches.extend(self._see_kin(kin, member, sight, seen))
        # Light is followed to all skins at once, and through all glass: numpy's calls take longer than their points.
        clear = [patch for patch in patches if patch.finish.clear]
        opaque = [patch for patch in patches if not patch.finish.clear]
        for some, lights in ((clear, self._clear(clear)), (opaque, self._opaque(opaque))):
            for patch, light in zip(some, lights, strict=True):
                spots = patch.spots
                seen.light[:, patch.at] = self._around.veil(light, spots.far, spots.direction)
        return seen

    def _see_ground(self, start: Floats, direction: Floats, bounce: int, seen: Seen) -> None:
        at = np.flatnonzero((seen.what == BACKDROP) & (direction[2] < -1e-5))
        heading = direction.take(at, axis=1)
        begin = _some(start, at)
        far = np.minimum(-begin[2] / heading[2], np.float32(1e6))
        points = begin + heading * far
        share = self._around.ground_share(points, far)
        shown = np.flatnonzero(share > 0.004)
        if not shown.size:
            return
        at, heading, share = at[shown], heading.take(shown, axis=1), share[shown]
        points, far = points.take(shown, axis=1), far[shown]
        self.work.add(at.size, _A_FOOTING)
        footing = self._around.footing(points, far)
        spots = Spots(
            points=points, direction=heading, normal=footing.normal, local=points, far=far, bounce=bounce, member=at
        )
        light = self._ground_glimpse(spots, footing) if bounce else self._ground_light(spots, footing)
        light = self._around.veil(light, far, heading)
        part = np.flatnonzero(share < 0.996)
        if part.size:
            behind = self._around.backdrop(heading[:, part])
            light[:, part] = mixed(behind, light[:, part], share[part])
        seen.light[:, at] = light
        seen.normal[:, at], seen.far[at], seen.what[at] = footing.normal, far, GROUND

    def _ground_light(self, spots: Spots, footing: Footing) -> Floats:
        normal = footing.normal
        lifted = spots.points + column((0.0, 0.0, 0.004 * self._size))
        assert self._shadows is not None
        sky, *shares = self._shadows.at(spots.points)
        if footing.deep:
            light = footing.colour * (0.55 + 0.45 * sky)
        else:
            light = footing.colour * self._lighting.arriving(lifted, normal, shares, lit=footing.lit, sky=sky)
        if footing.gloss > 0.016:
            fresnel = footing.gloss + (1.0 - footing.gloss) * (1.0 - spots.facing) ** 5
            fresnel *= 1.0 if footing.deep else 1.0 - 0.75 * footing.roughness
            away = reflected(spots.direction, normal)
            away[2] = np.maximum(away[2], 0.02)
            mirror = self._around.mirrored(away, footing.roughness)
            if not footing.deep:
                mirror = mirror * (0.35 + 0.65 * sky)
            mirror = self._bodies_mirrored(mirror, lifted, away, footing.roughness)
            light = light * (1.0 - fresnel * (1.0 if footing.deep else 0.5)) + mirror * fresnel
            glint = self._lighting.glint(normal, spots.direction, max(footing.roughness, 0.06))
            light = light + self._rig.key_colour * (glint * footing.lit * fresnel * shares[0])
        return np.asarray(light, dtype=np.float32)

    def _ground_glimpse(self, spots: Spots, footing: Footing) -> Floats:
        """Returns the ground as a mirror shows it: without pattern of light, darker beneath bodies."""
        rig = self._rig
        sky = openness(self._crowd, spots.points, footing.normal, floor=False)
        key = rig.key_colour * (rig.key_towards[2] * np.float32(0.55))
        glimpse = footing.colour * (rig.above + key + sum(p.colour * 0.3 for p in rig.points)) * sky
        return np.asarray(glimpse, dtype=np.float32)

    def _bodies_mirrored(self, mirror: Floats, points: Floats, away: Floats, roughness: float) -> Floats:
        rays = Rays(origin=points, direction=away, within=0.3 * self._size / roughness)
        met = meet(self._crowd, rays, rough=True)
        at = np.flatnonzero(met.body >= 0)
        if not at.size:
            return mirror
        seen = self.look(points.take(at, axis=1), away.take(at, axis=1), bounce=1, met=met.only(at))
        glimpse = np.minimum(seen.light, 1.1)
        # A rough table blurs what stands far above it; letting it fade looks much the same.
        share = np.exp(-seen.far * np.float32(roughness * 11.0 / self._size))
        mirror = mirror.copy()
        mirror[:, at] = mixed(mirror[:, at] * 0.7 + glimpse * 0.3, glimpse, share)
        return mirror

    def _see_kin(self, kin: Kin, member: Numbers, sight: Sight, seen: Seen) -> list[Patch]:
        """Sees what shines by itself, and returns what light must be followed to."""
        body, at = kin.body, sight.at
        far, heading = seen.far[at], sight.direction.take(at, axis=1)
        points = _some(sight.start, at) + heading * far
        local = kin.inwards(points, member)
        normal = kin.outwards(normals(body, local), member)
        kinds = body.nearest_skin(local)
        self.work.add(at.size, _A_SKIN)
        spots = Spots(
            points=points,
            direction=heading,
            normal=normal,
            local=local,
            far=far,
            bounce=sight.bounce,
            member=member,
        )
        seen.normal[:, at], seen.kind[at] = normal, kinds
        patches = []
        for kind, skin in enumerate(body.skins):
            here = np.flatnonzero(kinds == kind)
            if not here.size:
                continue
            some, finish = spots.only(here), skin.finish
            if finish.shines:
                light = _flame(skin, kin.colour(kind, some.member), some)
                seen.light[:, at[here]] = self._around.veil(light, some.far, some.direction)
                continue
            bumpy = finish.bump and not finish.clear and not sight.bounce
            rough = self._bumped(some, finish, kin) if bumpy else some.normal
            lifted = some.points + rough * (np.float32(0.012 * body.shape.height) * kin.sizes(some.member))
            patches.append(Patch(kin=kin, kind=kind, at=at[here], spots=some, normal=rough, lifted=lifted))
        return patches

    def _opaque(self, patches: list[Patch]) -> list[Floats]:
        """Returns the light of skins, (3, N) each."""
        if not patches:
            return []
        points = np.concatenate([patch.spots.points for patch in patches], axis=1)
        normal = np.concatenate([patch.normal for patch in patches], axis=1)
        lifted = np.concatenate([patch.lifted for patch in patches], axis=1)
        wrap = np.repeat(
            np.array([max(patch.finish.wrap, _SOFTEST) for patch in patches], dtype=np.float32),
            [patch.at.size for patch in patches],
        )
        lit = self._around.lit(points)
        sky = openness(self._crowd, points, normal, floor=self._around.has_ground)
        shares = self._lighting.shares(lifted, normal, wrap=wrap, glimpsed=bool(patches[0].spots.bounce))
        light = self._lighting.arriving(lifted, normal, shares, lit=lit, sky=sky, wrap=wrap)
        found, start = [], 0
        for patch in patches:
            part = slice(start, start + patch.at.size)
            found.append(self._skin(patch, light[:, part], sky[part], lit[part] * shares[0][part]))
            start += patch.at.size
        return found

    def _skin(self, patch: Patch, arriving: Floats, sky: Floats, key: Floats) -> Floats:
        """Returns what a skin makes of the light that arrives, (3, N), and of its share of the main light."""
        kin, spots, finish, normal, rig = patch.kin, patch.spots, patch.finish, patch.normal, self._rig
        skin, own = kin.body.skins[patch.kind], kin.colour(patch.kind, spots.member)
        colour = skin_colour(skin.material, own, spots.local, self._noise, kin.body.shape.height)
        light = arriving * (np.float32(0.0) if finish.metal else colour)
        if finish.shines_in_the_dark and rig.dark:
            dye = own if finish.wrap else np.float32(1.0)
            light = light + column((1.0, 0.66, 0.30)) * dye * finish.shines_in_the_dark
        cosine = np.clip(-dot(spots.direction, normal), 0.0, 1.0)
        rim = (1.0 - cosine) ** 5 * (1.0 - finish.roughness) ** 2
        base = colour * finish.gloss if finish.metal else np.float32(finish.gloss)
        fresnel = base + (1.0 - base) * rim
        away = reflected(spots.direction, normal)
        mirror = self._around.mirrored(away, finish.roughness)
        if finish.mirrors and not spots.bounce:
            mirror = self._others_mirrored(kin.numbers[spots.member], mirror, patch.lifted, away)
        hidden = sky if finish.metal else sky * sky
        glint = self._lighting.glint(normal, spots.direction, max(finish.roughness, 0.09)) * key
        light = light + fresnel * (mirror * (0.25 + 0.75 * hidden) + rig.key_colour * glint)
        return np.asarray(light, dtype=np.float32)

    def _others_mirrored(self, own: NDArray[np.int16], mirror: Floats, points: Floats, away: Floats) -> Floats:
        met = meet(self._crowd, Rays(origin=points, direction=away), without=own, rough=True)
        down = (away[2] < -1e-4) & self._around.has_ground
        at = np.flatnonzero((met.body >= 0) | down)
        if at.size:
            seen = self.look(points.take(at, axis=1), away.take(at, axis=1), bounce=1, met=met.only(at))
            # The surface ends somewhere: beyond, the skin mirrors the room again.
            near = 1.0 - smoothstep(0.5 * self._size, 2.2 * self._size, seen.far) * (seen.what == GROUND)
            mirror = mirror.copy()
            mirror[:, at] = mixed(mirror[:, at], seen.light, near)
        return mirror

    def _clear(self, patches: list[Patch]) -> list[Floats]:
        """Returns what clear skins mirror and let through: bent on the way in, on the way out again."""
        if not patches or patches[0].spots.bounce:
            return [self._glass(patch, self._around.mirrored(patch.spots.direction, 0.3), None) for patch in patches]
        ways = [self._through(patch) for patch in patches]
        leaving = np.concatenate([way.leaving for way in ways], axis=1)
        behind = self.look(
            np.concatenate([way.exit for way in ways], axis=1),
            leaving,
            bounce=1,
            without=np.concatenate([patch.kin.numbers[patch.spots.member] for patch in patches]),
        )
        light = behind.light
        backdrop = np.flatnonzero(behind.what == BACKDROP)
        if backdrop.size:
            light[:, backdrop] = self._around.backdrop(leaving.take(backdrop, axis=1))
        parts = np.split(light, np.cumsum([patch.at.size for patch in patches])[:-1], axis=1)
        return [self._glass(patch, part, way.path) for patch, part, way in zip(patches, parts, ways, strict=True)]

    def _through(self, patch: Patch) -> Way:
        kin, spots, member = patch.kin, patch.spots, patch.spots.member
        inside = refracted(spots.direction, spots.normal, _GLASS)
        start = kin.inwards(spots.points - spots.normal * np.float32(0.006 * self._size), member)
        heading = kin.headings(inside, member)
        _, leave = kin.body.crossing(start, heading)
        stretch = Stretch(start=start, heading=heading, enter=np.zeros_like(leave), leave=leave)
        path = march(kin.body, stretch, inside=True)
        path = np.where(path < FAR, path, np.maximum(leave, 0.0))
        exit_local = start + heading * path
        back = -kin.outwards(normals(kin.body, exit_local), member)
        leaving = normalised(refracted(inside, back, 1.0 / _GLASS))
        return Way(exit=kin.outside(exit_local, member), leaving=leaving, path=path)

    def _glass(self, patch: Patch, behind: Floats, path: Floats | None) -> Floats:
        """Returns what a clear skin shows before light from behind; `path` is its way inside, if it was followed."""
        spots, finish, shape = patch.spots, patch.finish, patch.kin.body.shape
        own, cosine = patch.kin.colour(patch.kind, spots.member), spots.facing
        fresnel = finish.gloss + (1.0 - finish.gloss) * (1.0 - cosine) ** 5
        mirror = self._around.mirrored(reflected(spots.direction, spots.normal), finish.roughness)
        if path is None:
            return mixed(behind * own, mirror, fresnel)
        thick = path * np.float32(1.0 / (0.35 * min(shape.width, shape.depth)))
        tint = own ** (0.25 + 0.9 * np.minimum(thick, 2.5))
        light = behind * tint * (1.0 - 0.35 * (1.0 - cosine) ** 3)
        glint = self._lighting.glint(spots.normal, spots.direction, 0.08) * self._around.lit(spots.points)
        glass: Floats = mixed(light, mirror, fresnel) + self._rig.key_colour * (glint * fresnel)
        return glass

    def _bumped(self, spots: Spots, finish: Finish, kin: Kin) -> Floats:
        # Bumps finer than two pixels would sparkle: they are widened, and weaken with it.
        away = kin.middle - self._view.origin
        nearest = np.maximum(np.sqrt(dot(away, away)) - kin.radius, np.float32(0.2) * kin.radius)
        finest = np.float32(0.5 / self._view.pixel) * kin.scale / nearest
        grain = np.minimum(np.float32(finish.grain), finest)
        grain = grain if grain.size == 1 else grain.take(spots.member)
        height = finish.bump * np.sqrt(grain / np.float32(finish.grain))
        p = spots.local * grain
        tilt = np.stack([self._noise.solid(p + np.float32(s)) for s in (0.0, 11.3, 23.7)]) - np.float32(0.5)
        return normalised(spots.normal + tilt * (height * np.float32(2.0)))


def _some(vectors: Floats, at: Numbers) -> Floats:
    return vectors if vectors.shape[1] == 1 else vectors.take(at, axis=1)


def _flame(skin: Skin, own: Floats, spots: Spots) -> Floats:
    facing = spots.facing
    hot = column((1.0, 0.86, 0.55))
    return mixed(own, hot, facing) * (skin.finish.shines * (0.35 + 0.65 * facing))

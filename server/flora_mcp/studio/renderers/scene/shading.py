"""What light rays carry back: bodies, ground and backdrop lit, mirrored and seen through."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.bodies import Body, Skin
from flora_mcp.studio.renderers.scene.marching import FAR, march, meet, normals, openness, shade
from flora_mcp.studio.renderers.scene.noise import Noise
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.textures import skin_colour
from flora_mcp.studio.renderers.scene.vectors import column, dot, mixed, normalised, reflected, refracted, smoothstep
from flora_mcp.studio.renderers.scene.world.rig import Rig
from flora_mcp.studio.renderers.scene.world.surroundings import Footing, Surroundings

GROUND = -1
BACKDROP = -2

_GLASS = 1.0 / 1.46


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What rays brought back."""

    light: Floats
    """Linear, (3, N)."""
    what: NDArray[np.int16]
    """Number of the body, `GROUND` or `BACKDROP`."""
    kind: NDArray[np.int16]
    """Number of the skin on that body."""
    normal: Floats
    far: Floats


class Shader:
    """Answers rays for one scene."""

    def __init__(self, *, bodies: Sequence[Body], rig: Rig, surroundings: Surroundings, noise: Noise) -> None:
        self._bodies = tuple(bodies)
        self._rig = rig
        self._around = surroundings
        self._noise = noise
        self._size = max((body.shape.height * body.scale for body in bodies), default=1.0)

    def look(self, origin: Floats, direction: Floats, *, bounce: int = 0, without: int = -1) -> Seen:
        """Returns what rays see; `bounce` counts mirrors on the way, body `without` is not there."""
        count = direction.shape[1]
        met = meet(self._bodies, origin, direction, without=without)
        light = np.zeros((3, count), dtype=np.float32)
        normal = np.zeros((3, count), dtype=np.float32)
        what, far = met.body.copy(), met.far.copy()
        kind = np.zeros(count, dtype=np.int16)
        start = np.broadcast_to(origin, direction.shape)
        missed = what < 0
        what[missed] = BACKDROP
        if self._around.has_ground:
            self._see_ground(start, direction, missed, bounce, light, normal, what, far)
        sky = np.flatnonzero(what == BACKDROP)
        if sky.size:
            towards = direction[:, sky]
            light[:, sky] = self._around.backdrop(towards) if bounce == 0 else self._around.mirrored(towards, 0.05)
        for number in range(len(self._bodies)):
            at = np.flatnonzero(what == number)
            if at.size:
                lit, up, kinds = self._skin_light(number, start[:, at], direction[:, at], far[at], bounce)
                light[:, at] = self._around.veil(lit, far[at], direction[:, at])
                normal[:, at], kind[at] = up, kinds
        return Seen(light=light, what=what, kind=kind, normal=normal, far=far)

    def _see_ground(
        self,
        start: Floats,
        direction: Floats,
        missed: NDArray[np.bool_],
        bounce: int,
        light: Floats,
        normal: Floats,
        what: NDArray[np.int16],
        far: Floats,
    ) -> None:
        at = np.flatnonzero(missed & (direction[2] < -1e-5))
        if not at.size:
            return
        heading = direction[:, at]
        distance = np.minimum(-start[2, at] / heading[2], np.float32(1e6))
        points = start[:, at] + heading * distance
        share = self._around.ground_share(points, distance)
        seen = np.flatnonzero(share > 0.004)
        at, heading, distance, points = at[seen], heading[:, seen], distance[seen], points[:, seen]
        if not at.size:
            return
        share = share[seen]
        lit, up = self._ground_light(points, heading, distance, bounce)
        lit = self._around.veil(lit, distance, heading)
        part = np.flatnonzero(share < 0.996)
        if part.size:
            behind = self._around.backdrop(heading[:, part])
            lit[:, part] = mixed(behind, lit[:, part], share[part])
        light[:, at] = lit
        normal[:, at] = up
        far[at] = distance
        what[at] = GROUND

    def _ground_light(self, points: Floats, direction: Floats, distance: Floats, bounce: int) -> tuple[Floats, Floats]:
        rig, footing = self._rig, self._around.footing(points, distance)
        normal = footing.normal
        if bounce:
            return self._ground_glimpse(points, footing), normal
        lifted = points + column((0.0, 0.0, 0.004 * self._size))
        clear_sky = openness(self._bodies, points, normal, floor=False)
        if footing.deep:
            lit = footing.colour * (0.55 + 0.45 * clear_sky)
        else:
            arriving = self._arriving(lifted, normal, footing.lit, clear_sky, 0.0)
            lit = footing.colour * arriving
        if footing.gloss > 0.016 and bounce == 0:
            cosine = np.clip(-dot(direction, normal), 0.0, 1.0)
            fresnel = footing.gloss + (1.0 - footing.gloss) * (1.0 - cosine) ** 5
            fresnel *= 1.0 if footing.deep else (1.0 - 0.75 * footing.roughness)
            away = reflected(direction, normal)
            away[2] = np.maximum(away[2], 0.02)
            mirror = self._around.mirrored(away, footing.roughness)
            if not footing.deep:
                mirror = mirror * (0.35 + 0.65 * clear_sky)
            mirror = self._bodies_mirrored(mirror, lifted, away, footing.roughness)
            lit = lit * (1.0 - fresnel * (1.0 if footing.deep else 0.5)) + mirror * fresnel
            shine = self._shine(normal, direction, max(footing.roughness, 0.06)) * footing.lit
            lit = lit + rig.key_colour * (shine * fresnel * clear_sky)
        return lit.astype(np.float32, copy=False), normal

    def _ground_glimpse(self, points: Floats, footing: Footing) -> Floats:
        """Returns the ground as a mirror shows it: without pattern of light, darker beneath bodies."""
        rig = self._rig
        sky = openness(self._bodies, points, footing.normal, floor=False)
        key = rig.key_colour * (rig.key_towards[2] * np.float32(0.55))
        glimpse: Floats = footing.colour * (rig.above + key + sum(p.colour * 0.3 for p in rig.points)) * sky
        return np.asarray(glimpse, dtype=np.float32)

    def _bodies_mirrored(self, mirror: Floats, points: Floats, away: Floats, roughness: float) -> Floats:
        met = meet(self._bodies, points, away)
        at = np.flatnonzero(met.body >= 0)
        if not at.size:
            return mirror
        seen = self.look(points[:, at], away[:, at], bounce=1)
        glimpse = np.minimum(seen.light, 1.1)
        # A rough table blurs what stands far above it; letting it fade looks much the same.
        share = np.exp(-seen.far * np.float32(roughness * 11.0 / self._size))
        mirror = mirror.copy()
        mirror[:, at] = mixed(mirror[:, at] * 0.7 + glimpse * 0.3, glimpse, share)
        return mirror

    def _skin_light(
        self, number: int, start: Floats, direction: Floats, far: Floats, bounce: int
    ) -> tuple[Floats, Floats, NDArray[np.int16]]:
        body = self._bodies[number]
        points = start + direction * far
        local = body.inwards(points)
        shaped = body.turn @ normals(body, local)
        kinds = body.nearest_skin(local) if len(body.skins) > 1 else np.zeros(far.shape, dtype=np.int16)
        lit = np.zeros_like(direction)
        for kind, skin in enumerate(body.skins):
            at = np.flatnonzero(kinds == kind)
            if not at.size:
                continue
            whole = at.size == far.size
            p, d, n, own = ((a if whole else a[:, at]) for a in (points, direction, shaped, local))
            if skin.finish.shines:
                lit[:, at] = self._flame(skin, n, d)
            elif skin.finish.clear:
                lit[:, at] = self._through(number, skin, p, d, n, bounce)
            else:
                lit[:, at] = self._opaque(number, skin, p, d, n, own, bounce)
        return lit, shaped, kinds

    def _flame(self, skin: Skin, normal: Floats, direction: Floats) -> Floats:
        facing = np.clip(-dot(normal, direction), 0.0, 1.0)
        hot = column((1.0, 0.86, 0.55))
        return mixed(skin.colour, hot, facing) * (skin.finish.shines * (0.35 + 0.65 * facing))

    def _opaque(
        self, number: int, skin: Skin, points: Floats, direction: Floats, normal: Floats, local: Floats, bounce: int
    ) -> Floats:
        body, finish, rig = self._bodies[number], skin.finish, self._rig
        size = body.shape.height
        colour = skin_colour(skin.material, skin.colour, local, self._noise, size)
        if finish.bump and bounce == 0:
            normal = self._bumped(normal, local, finish.bump, finish.grain)
        lifted = points + normal * np.float32(0.004 * size * body.scale)
        clear_sky = openness(self._bodies, points, normal, floor=self._around.has_ground)
        arriving = self._arriving(lifted, normal, self._around.lit(points), clear_sky, finish.wrap)
        lit = np.zeros_like(direction) if finish.metal else colour * arriving
        if finish.shines_in_the_dark and rig.dark:
            lit = lit + column((1.0, 0.66, 0.30)) * finish.shines_in_the_dark
        cosine = np.clip(-dot(direction, normal), 0.0, 1.0)
        rim = (1.0 - cosine) ** 5 * (1.0 - 0.8 * finish.roughness)
        base = colour * finish.gloss if finish.metal else np.float32(finish.gloss)
        fresnel = base + (1.0 - base) * rim
        away = reflected(direction, normal)
        mirror = self._mirrored(number, lifted, away, finish.roughness, finish.mirrors and bounce == 0)
        hidden = clear_sky if finish.metal else clear_sky * clear_sky
        shine = self._shine(normal, direction, max(finish.roughness, 0.09)) * self._around.lit(points)
        lit = lit + fresnel * (mirror * (0.25 + 0.75 * hidden) + rig.key_colour * (shine * clear_sky))
        return np.asarray(lit, dtype=np.float32)

    def _mirrored(self, number: int, points: Floats, away: Floats, roughness: float, deep: bool) -> Floats:
        mirror = self._around.mirrored(away, roughness)
        if not deep:
            return mirror
        met = meet(self._bodies, points, away, without=number)
        down = (away[2] < -1e-4) & self._around.has_ground
        at = np.flatnonzero((met.body >= 0) | down)
        if at.size:
            seen = self.look(points[:, at], away[:, at], bounce=1, without=number)
            # The surface ends somewhere: beyond, the skin mirrors the room again.
            near = 1.0 - smoothstep(0.5 * self._size, 2.2 * self._size, seen.far) * (seen.what == GROUND)
            mirror = mirror.copy()
            mirror[:, at] = mixed(mirror[:, at], seen.light, near)
        return mirror

    def _through(
        self, number: int, skin: Skin, points: Floats, direction: Floats, normal: Floats, bounce: int
    ) -> Floats:
        """Returns what a clear skin mirrors and lets through: bent on the way in, on the way out again."""
        body, finish = self._bodies[number], skin.finish
        cosine = np.clip(-dot(direction, normal), 0.0, 1.0)
        fresnel = finish.gloss + (1.0 - finish.gloss) * (1.0 - cosine) ** 5
        mirror = self._around.mirrored(reflected(direction, normal), finish.roughness)
        shine = self._shine(normal, direction, 0.08) * self._around.lit(points)
        if bounce:
            return mixed(self._around.mirrored(direction, 0.3) * skin.colour, mirror, fresnel)
        inside = refracted(direction, normal, _GLASS)
        start = body.inwards(points - normal * np.float32(0.006 * self._size))
        heading = body.turn.T @ inside
        _, leave = body.crossing(start, heading)
        path = march(body, start, heading, np.zeros_like(leave), leave, -1.0)
        path = np.where(path < FAR, path, np.maximum(leave, 0.0))
        exit_local = start + heading * path
        back = -(body.turn @ normals(body, exit_local))
        leaving = refracted(inside, back, 1.0 / _GLASS)
        exits = body.turn @ (exit_local * np.float32(body.scale)) + body.position
        behind = self.look(exits, normalised(leaving), bounce=1, without=number)
        backdrop = behind.what == BACKDROP
        light = behind.light
        if backdrop.any():
            light = light.copy()
            light[:, backdrop] = self._around.backdrop(leaving[:, backdrop])
        thick = path * np.float32(1.0 / (0.35 * min(body.shape.width, body.shape.depth)))
        tint = skin.colour ** (0.25 + 0.9 * np.minimum(thick, 2.5))
        seen = light * tint * (1.0 - 0.35 * (1.0 - cosine) ** 3)
        glass: Floats = mixed(seen, mirror, fresnel) + self._rig.key_colour * (shine * fresnel)
        return glass

    def _bumped(self, normal: Floats, local: Floats, height: float, grain: float) -> Floats:
        p = local * np.float32(grain)
        tilt = np.stack([self._noise.solid(p + np.float32(s)) for s in (0.0, 11.3, 23.7)]) - np.float32(0.5)
        return normalised(normal + tilt * np.float32(height * 2.0))

    def _arriving(self, points: Floats, normal: Floats, lit: Floats, clear_sky: Floats, wrap: float) -> Floats:
        """Returns the light that falls on a matt skin, (3, N)."""
        rig = self._rig
        up = np.float32(0.5) + np.float32(0.5) * normal[2]
        aside = np.clip(0.35 + 0.65 * dot(np.broadcast_to(rig.key_towards, normal.shape), normal), 0.0, 1.0)
        total = (rig.below * (1.0 - up) + rig.above * up + rig.side * (aside * aside)) * clear_sky
        facing = np.clip((dot(rig.key_towards, normal) + wrap) / (1.0 + wrap), 0.0, 1.0)
        share = facing * lit
        at = np.flatnonzero(share > 0.003)
        if at.size:
            passed = shade(self._bodies, points[:, at], rig.key_towards, hardness=rig.key_hardness)
            share[at] *= passed
            total = total + rig.key_colour * share
        for lamp in rig.points:
            total = total + self._lamp(lamp.position, lamp.colour, lamp.unit, points, normal, wrap)
        return total

    def _lamp(
        self, position: Floats, colour: Floats, unit: float, points: Floats, normal: Floats, wrap: float
    ) -> Floats:
        away = position - points
        squared = dot(away, away)
        distance = np.sqrt(squared)
        towards = away / np.maximum(distance, 1e-6)
        facing = np.clip((dot(towards, normal) + wrap) / (1.0 + wrap), 0.0, 1.0)
        share = facing / (0.12 + squared / np.float32(unit * unit))
        at = np.flatnonzero(share > 0.01)
        if at.size:
            # Short of the flame itself, or its own wick would hide it.
            reach = np.maximum(distance[at] - np.float32(0.12 * unit), 0.0)
            share[at] *= shade(self._bodies, points[:, at], towards[:, at], hardness=9.0, reach=reach)
        result: Floats = colour * share
        return result

    def _shine(self, normal: Floats, direction: Floats, roughness: float) -> Floats:
        """Returns the glint of the main light."""
        half = normalised(self._rig.key_towards - direction)
        cosine = np.clip(dot(normal, half), 0.0, 1.0)
        a = np.float32(max(roughness * roughness, 0.004))
        below = cosine * cosine * (a * a - 1.0) + 1.0
        glint: Floats = np.minimum(a * a / (4.0 * below * below), 60.0)
        return glint

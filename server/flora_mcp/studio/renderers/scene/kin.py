"""Kin: bodies that differ in place, turn, size and colour alone, so that all of them are measured at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from flora_mcp.studio.renderers.scene.bodies import Body
from flora_mcp.studio.renderers.scene.sdf import Floats
from flora_mcp.studio.renderers.scene.vectors import dot
from flora_mcp.studio.renderers.scene.work import Work

Numbers = NDArray[np.intp]


class Lines:
    """Many straight lines, ready to be asked which of them pass near a body."""

    def __init__(self, origin: Floats, direction: Floats, *, length: Floats | None = None, end: Floats | None = None):
        """Takes lines from `origin` along unit `direction`s, (3, 1) or (3, N).

        Args:
            origin: Where they start.
            direction: Unit vectors.
            length: Where they end, (N,); None is never.
            end: The point, (3, 1), towards which all of them go; with one common direction or a common end,
                bodies off the way of all lines are told apart at once.
        """
        low, high = origin.min(axis=1, keepdims=True), origin.max(axis=1, keepdims=True)
        self._centre = (low + high) * np.float32(0.5)
        self._spread = float(np.linalg.norm(high - low)) * 0.5
        self._origin = origin - self._centre
        self._direction, self._length, self._end = direction, length, end
        self._squared = dot(self._origin, self._origin)
        self._offset = dot(self._direction, self._origin)

    def near(self, middle: Floats, radius: Floats) -> tuple[Numbers, Numbers]:
        """Returns which lines pass through which balls: numbers of lines and of balls, balls in order."""
        away = middle - self._centre
        lines, balls = [], []
        for ball in np.flatnonzero(self._possible(away, radius)):
            at = away[:, ball]
            along = at @ self._direction - self._offset
            squared = self._squared + (np.float32(at @ at) - np.float32(2.0) * (at @ self._origin))
            # Differences of large squares are a little off.
            most = radius[ball] * radius[ball] + np.float32(2e-6) * (np.float32(at @ at) + np.float32(self._spread**2))
            inside = (squared - along * along < most) & (along > -radius[ball])
            if self._length is not None:
                inside &= along < self._length + radius[ball]
            found = np.flatnonzero(inside)
            if found.size:
                lines.append(found)
                balls.append(np.full(found.size, ball, dtype=np.intp))
        return _joined(lines), _joined(balls)

    def _possible(self, away: Floats, radius: Floats) -> NDArray[np.bool_]:
        reach = radius + np.float32(1.001 * self._spread)
        squared = dot(away, away)
        if self._end is not None:
            way = self._end - self._centre
            whole = float(np.sqrt(dot(way, way)[0]))
            along = np.clip(dot(way, away) / np.float32(max(whole, 1e-9)), 0.0, whole)
            rest = away - way * (along / np.float32(max(whole, 1e-9)))
            return np.asarray(dot(rest, rest) < reach * reach)
        if self._direction.shape[1] == 1:
            along = dot(self._direction, away)
            return np.asarray((squared - along * along < reach * reach * np.float32(1.001)) & (along > -reach))
        return np.ones(radius.shape, dtype=np.bool_)


def within(points: Floats, middle: Floats, radius: Floats) -> tuple[Numbers, Numbers]:
    """Returns which points lie in which balls: numbers of points and of balls, balls in order."""
    low, high = points.min(axis=1, keepdims=True), points.max(axis=1, keepdims=True)
    beside = np.maximum(np.maximum(low - middle, middle - high), np.float32(0.0))
    inside, balls = [], []
    for ball in np.flatnonzero(dot(beside, beside) < radius * radius):
        away = points - middle[:, ball : ball + 1]
        found = np.flatnonzero(dot(away, away) < radius[ball] * radius[ball])
        if found.size:
            inside.append(found)
            balls.append(np.full(found.size, ball, dtype=np.intp))
    return _joined(inside), _joined(balls)


def _joined(parts: list[Numbers]) -> Numbers:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, kw_only=True)
class Kin:
    """Some bodies of one build; members are counted from 0."""

    body: Body
    """Any of them: their boxes and distances are the same."""
    numbers: NDArray[np.int16]
    """Of the members among all bodies."""
    position: Floats
    """(3, M)."""
    cosine: Floats
    """Of the turn, (M,)."""
    sine: Floats
    scale: Floats
    middle: Floats
    """Of the balls around the members, (3, M)."""
    radius: Floats
    colours: tuple[Floats, ...]
    """Of each skin, (3, M)."""

    def sizes(self, member: Numbers) -> Floats:
        """Returns the scales of members, (N,), or (1,) if there is only one."""
        return self.scale if self.scale.size == 1 else self.scale.take(member)

    def colour(self, kind: int, member: Numbers) -> Floats:
        """Returns the colours of a skin, (3, N), or (3, 1) if there is only one."""
        colour = self.colours[kind]
        return colour if colour.shape[1] == 1 else colour.take(member, axis=1)

    def inwards(self, points: Floats, member: Numbers) -> Floats:
        """Returns world points in the space of members."""
        if self.scale.size == 1:
            return self.body.inwards(points)
        return self.headings(points - self.position.take(member, axis=1), member) / self.scale.take(member)

    def outside(self, local: Floats, member: Numbers) -> Floats:
        """Returns points of the space of members in the world."""
        position = self.position if self.scale.size == 1 else self.position.take(member, axis=1)
        return self.outwards(local * self.sizes(member), member) + position

    def headings(self, direction: Floats, member: Numbers) -> Floats:
        """Returns world vectors in the space of members."""
        if self.scale.size == 1:
            return np.asarray(self.body.turn.T @ direction)
        return _turned(direction, self.cosine.take(member), -self.sine.take(member))

    def outwards(self, vectors: Floats, member: Numbers) -> Floats:
        """Returns vectors of the space of members in the world."""
        if self.scale.size == 1:
            return np.asarray(self.body.turn @ vectors)
        return _turned(vectors, self.cosine.take(member), self.sine.take(member))


class Crowd:
    """All bodies of a scene, sorted by kin."""

    def __init__(self, bodies: Sequence[Body], work: Work) -> None:
        self.bodies = tuple(bodies)
        self.work = work
        groups: dict[tuple[str, bool, tuple[str, ...]], list[int]] = {}
        for number, body in enumerate(bodies):
            build = (body.shape.name, body.clear, tuple(skin.material for skin in body.skins))
            groups.setdefault(build, []).append(number)
        self.kins = tuple(_kin(self.bodies, numbers) for numbers in groups.values())
        self._kin_of = np.zeros(len(bodies), dtype=np.intp)
        self._member_of = np.zeros(len(bodies), dtype=np.intp)
        for index, kin in enumerate(self.kins):
            self._kin_of[kin.numbers] = index
            self._member_of[kin.numbers] = np.arange(kin.numbers.size)

    def sorted_out(self, what: NDArray[np.int16]) -> list[tuple[Kin, Numbers, Numbers]]:
        """Returns, of the kins met, where they were met and which member it was; negative numbers are no bodies."""
        at = np.flatnonzero(what >= 0)
        kin_of = self._kin_of.take(what[at])
        found = []
        for index in np.unique(kin_of):
            mine = at[kin_of == index]
            found.append((self.kins[index], mine, self._member_of.take(what[mine])))
        return found


def _kin(bodies: tuple[Body, ...], numbers: list[int]) -> Kin:
    members = [bodies[number] for number in numbers]
    first = members[0]
    scale = np.array([body.scale for body in members], dtype=np.float32)
    middles = [body.turn @ ((body.low + body.high) * np.float32(0.5 * body.scale)) + body.position for body in members]
    return Kin(
        body=first,
        numbers=np.array(numbers, dtype=np.int16),
        position=np.concatenate([body.position for body in members], axis=1),
        cosine=np.array([body.turn[0, 0] for body in members], dtype=np.float32),
        sine=np.array([body.turn[1, 0] for body in members], dtype=np.float32),
        scale=scale,
        middle=np.concatenate(middles, axis=1).astype(np.float32),
        radius=scale * np.float32(1.001 * 0.5 * float(np.linalg.norm(first.high - first.low))),
        colours=tuple(
            np.concatenate([body.skins[kind].colour for body in members], axis=1) for kind in range(len(first.skins))
        ),
    )


def _turned(vectors: Floats, cosine: Floats, sine: Floats) -> Floats:
    x, y, z = vectors
    return np.stack([x * cosine - y * sine, x * sine + y * cosine, np.broadcast_to(z, cosine.shape)])

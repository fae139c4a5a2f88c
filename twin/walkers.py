"""People on a campus whom the crowd does not move: intruders, and staff who are outside.

Each is a body at a place at any moment: detectors and cameras find him by geometry, like everybody
else. He walks straight from point to point at his own pace; nobody is in his way and he is in
nobody's (a limit: people in his space do not slow him).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import hypot

from twin.plan import Plan, Point
from twin.world import World


@dataclass(slots=True)
class Walker:
    """One of them: his track among all bodies, his space, and the leg that he walks (ms, m)."""

    track: int
    space: str
    at: Point
    to: Point
    since_ms: int
    due_ms: int

    def place(self, now: int) -> Point:
        """Where he is; at the end of his leg once it is over."""
        if now >= self.due_ms:
            return self.to
        share = max(0.0, (now - self.since_ms) / (self.due_ms - self.since_ms))
        return (
            self.at[0] + (self.to[0] - self.at[0]) * share,
            self.at[1] + (self.to[1] - self.at[1]) * share,
        )


class Walkers:
    """All of them by name; `first` is the first track that is not one of the crowd's."""

    def __init__(self, plan: Plan, world: World, first: int) -> None:
        self._plan, self._world = plan, world
        self._next = first
        self._known: dict[str, Walker] = {}

    def appear(self, name: str, space: str, at: Point, now: int) -> None:
        """Somebody is there from now on."""
        self._known[name] = Walker(self._next, space, at, at, now, now)
        self._next += 1
        self._world.strangers[space] += 1

    def vanish(self, name: str) -> None:
        """Somebody is gone."""
        self._world.strangers[self._known.pop(name).space] -= 1

    def walk(self, name: str, to: Point, speed_m_s: float, now: int) -> int:
        """He goes straight to a point; how long it takes, ms."""
        one = self._known[name]
        one.at, one.to = one.place(now), to
        took_ms = max(1, round(1000 * hypot(to[0] - one.at[0], to[1] - one.at[1]) / speed_m_s))
        one.since_ms, one.due_ms = now, now + took_ms
        return took_ms

    def enter(self, name: str, space: str) -> None:
        """He is in another space now."""
        one = self._known[name]
        self._world.strangers[one.space] -= 1
        self._world.strangers[space] += 1
        one.space = space

    def where(self, name: str, now: int) -> tuple[str, Point]:
        """The space of one of them, and where he is in it."""
        one = self._known[name]
        return one.space, one.place(now)

    def bodies(self, now: int) -> Iterator[tuple[int, int, float, float]]:
        """Track, index of the space, x and y (m) of everybody, in the order of their coming."""
        for one in self._known.values():
            x, y = one.place(now)
            yield one.track, self._plan.place[one.space], x, y

    @property
    def names(self) -> Sequence[str]:
        """Who is there."""
        return tuple(self._known)

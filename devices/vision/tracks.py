"""Tracks: the same body from picture to picture, and what it did: stay, fall, cross a line.

A track that is not found for a while ends; who is found again later is a new one. So loitering
times begin anew where people hide each other, as they do in real analytics.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import dist

from devices.vision.view import Flags, View

Point = tuple[float, float]
Line = tuple[float, float, float, float]
"""x1, y1, x2, y2 in m. Who goes from its left to its right, seen along it, crosses it outwards."""
FOLLOWED_MS = 1500
"""A speed takes 1.5 s at least: shorter windows tell noise."""


@dataclass(slots=True)
class Track:
    """One body: since when, when and where it was found last, whether it lies on the ground.

    `trace` are its times and places of the last 1.5 s, and one before.
    """

    since: int
    last: int
    at: Point
    lies: bool
    trace: deque[tuple[int, Point]]


class Tracks:
    """All bodies that a camera follows; `outwards` and `inwards` are its crossings so far.

    A body that is not found for `lost_ms` is forgotten.
    """

    def __init__(self, line: Line | None, lost_ms: int) -> None:
        self._line, self._lost_ms = line, lost_ms
        self._known: dict[int, Track] = {}
        self.outwards = self.inwards = 0

    def take(self, view: View, found: Flags, at: int) -> None:
        """Follow those who were found in the picture of `at`, ms."""
        columns = (view.track, view.x, view.y, view.fallen, found)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for body, x, y, fallen, seen in rows:
            if seen:
                self._follow(body, (x, y), fallen, at)
        for body in [b for b, one in self._known.items() if at - one.last >= self._lost_ms]:
            del self._known[body]

    def loitering(self, at: int, after_ms: int) -> int:
        """How many have been in view for `after_ms`, of those not yet lost."""
        return sum(one.last - one.since >= after_ms for one in self._known.values())

    @property
    def speed(self) -> float:
        """Mean speed of those who have been followed for `FOLLOWED_MS`, m/s; 0 if there are none.

        A picture a second and 3 cm of error in a place make 0.02 m/s of noise over 2 s.
        """
        speeds = [
            dist(one.trace[0][1], one.at) / (one.last - one.trace[0][0]) * 1000
            for one in self._known.values()
            if one.last - one.trace[0][0] >= FOLLOWED_MS
        ]
        return sum(speeds) / len(speeds) if speeds else 0.0

    @property
    def fallen(self) -> int:
        """How many lie on the ground."""
        return sum(one.lies for one in self._known.values())

    def _follow(self, body: int, place: Point, lies: bool, at: int) -> None:
        one = self._known.get(body)
        if one is None:
            self._known[body] = Track(at, at, place, lies, deque([(at, place)]))
            return
        if self._line is not None:
            side = crossing(self._line, one.at, place)
            self.outwards += side > 0
            self.inwards += side < 0
        one.last, one.at, one.lies = at, place, lies
        one.trace.append((at, place))
        while at - one.trace[1][0] >= FOLLOWED_MS:
            one.trace.popleft()


def crossing(line: Line, a: Point, b: Point) -> int:
    """1 if the way from a to b crosses a line from left to right, -1 the other way, else 0."""
    p, q = (line[0], line[1]), (line[2], line[3])
    before, after = _side(p, q, a) > 0, _side(p, q, b) > 0
    if before == after or (_side(a, b, p) > 0) == (_side(a, b, q) > 0):
        return 0
    return 1 if before else -1


def _side(p: Point, q: Point, r: Point) -> float:
    """Above 0 where r lies left of the way from p to q."""
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

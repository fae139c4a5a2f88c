"""The analytics of one camera: from the people in view to what it tells.

Works on single bodies; a camera that only counts whole spaces has no need of it.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from controller.interface.corners import Corners
from controller.interface.points import Value
from devices.vision.mistakes import Mistakes
from devices.vision.seeing import Sight
from devices.vision.tracks import Line, Tracks
from devices.vision.view import Flags, Look, View
from devices.wiring import Wiring

POINTS = ("loitering", "fallen", "intrusion", "line-out", "line-in", "speed")
VIEW = ("x", "y", "direction", "angle", "range", "view")
LINE = ("line-x1", "line-y1", "line-x2", "line-y2")


def is_wanted(wiring: Wiring) -> bool:
    """Whether a camera needs single bodies: for a point, or for a field of view of its own."""
    return any(map(wiring.has, POINTS)) or any(name in wiring.device.settings for name in VIEW)


class Analyst:
    """Looks once per picture; tells people, density and what its rules found.

    With a portal it counts who passes there; with a line, who crosses it from picture to picture.
    """

    def __init__(self, wiring: Wiring, look: Look, sight: Sight, rng: Generator) -> None:
        self._wiring, self._look, self._sight, self._rng = wiring, look, sight, rng
        ends = tuple(float(wiring.setting(name)) for name in LINE)
        line: Line | None = (ends[0], ends[1], ends[2], ends[3]) if any(ends) else None
        self._field = Corners.of(str(wiring.setting("field")))
        self._portal = bool(wiring.device.portal)
        self._tracks = Tracks(None if self._portal else line, wiring.ms("lost"))
        self._loiter_ms = round(1000 * float(wiring.setting("loiter-after")))
        self._mistakes = Mistakes(float(wiring.setting("mistaken")))
        self._passed, self._counted = (0, 0), (0, 0)
        self._truth: dict[str, Value] = {}

    def picture(self, at: int, dark: bool, blocked: bool) -> dict[str, Value]:
        """What one picture gives: the points by name; `at` is when it is taken, ms."""
        view = self._look()
        self._confess(view, at)
        found = self._sight.found(view, dark, self._rng)
        if blocked:
            found = np.zeros_like(found)
        self._tracks.take(self._mistakes.seen(view, at, self._rng), found, at)
        out, inwards = self._crossings(view, dark, blocked)
        return {
            "count": int(np.count_nonzero(found)),
            "density": round(_density(view, found), 2),
            "loitering": self._tracks.loitering(at, self._loiter_ms),
            "fallen": self._tracks.fallen,
            "speed": round(self._tracks.speed, 2),
            "intrusion": self._inside(view, found),
            "line-out": out,
            "line-in": inwards,
        }

    def _crossings(self, view: View, dark: bool, blocked: bool) -> tuple[int, int]:
        """People over the line so far; at a portal a draw for those who passed since."""
        if not self._portal:
            return self._tracks.outwards, self._tracks.inwards
        stair = bool(view.stair.any())
        share = 0.0 if blocked else self._sight.share(view.fullest, stair, dark)
        new = [now - before for now, before in zip(view.through, self._passed, strict=True)]
        seen = [int(self._rng.binomial(n, share)) for n in new]
        self._passed = view.through
        self._counted = (self._counted[0] + seen[0], self._counted[1] + seen[1])
        return self._counted

    def _inside(self, view: View, found: Flags) -> int:
        """How many of those who were found stand in the field that it guards."""
        if not self._field:
            return int(np.count_nonzero(found))
        here = zip(view.x[found].tolist(), view.y[found].tolist(), strict=True)
        return sum(self._field.holds(x, y) for x, y in here)

    def _confess(self, view: View, at: int) -> None:
        """Leave the ground truth in the journal, when it has changed; never on the wire."""
        truth: dict[str, Value] = {"count": view.people, "fallen": view.lying}
        if self._portal:
            truth |= {"line-out": view.through[0], "line-in": view.through[1]}
        if truth != self._truth:
            self._truth = truth
            self._wiring.record("truth", taken_ms=at, **truth)


def _density(view: View, found: Flags) -> float:
    """The density of the fullest space as it is found, people per m2."""
    if not view.people:
        return 0.0
    there = view.density == view.density.max()
    return float(view.density.max() * np.count_nonzero(found & there) / np.count_nonzero(there))

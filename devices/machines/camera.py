"""Analytics camera: one picture a second, what it makes of it 0.3 to 2 s later.

What one picture finds is drawn from the camera's own stream (`devices.vision.seeing`). A camera
that counts whole spaces draws once per space; one with a field of view, or with rules that follow
single bodies, draws for each.
"""

from __future__ import annotations

from functools import partial

from numpy.random import Generator

from controller.interface.points import Value
from devices.surroundings import Probe
from devices.vision.analyst import Analyst, is_wanted
from devices.vision.seeing import IN_THE_DARK, ON_STAIRS, SEEN_THROUGH, Sight
from devices.wiring import Wiring

Told = dict[str, Value]


class Camera:
    """Points: count r (people), density r (people per m2, of the fullest space it sees), crowd r,
    loitering r (people), fallen r (people), intrusion r (people in its field), line-out r,
    line-in r (people so far), speed r (m/s), tamper r (it cannot see), frames r (pictures so far;
    told with the rest, never for its own sake).

    Wrong: it counts that number whatever it sees. Off: its station is lost and it sees nothing.
    Lens-blocked: it sees nobody. Recount: people twice. Night: no light where it looks.
    """

    def __init__(self, wiring: Wiring, rng: Generator) -> None:
        self.wiring = wiring
        self._rng = rng
        self._latency_ms = wiring.drawn(rng, "latency")
        self._picture_ms = round(wiring.ms("picture") / float(wiring.setting("rate")))
        self._repeat_ms = wiring.ms("repeat")
        self._first_ms = int(rng.integers(self._picture_ms))
        self._spaces = [_Space(wiring, place) for place in wiring.device.sees]
        stairs = any(space.stair for space in self._spaces)
        share = float(rng.uniform(*ON_STAIRS)) if stairs else 1.0
        self._sight = Sight(share, IN_THE_DARK[bool(wiring.setting("infrared"))])
        self._dark = wiring.probe(wiring.device.at, "dark")
        self._analyst = (
            Analyst(wiring, wiring.look(), self._sight, rng) if is_wanted(wiring) else None
        )
        self._crowd_at = float(wiring.setting("crowd-at"))
        self._crowd_ms = round(1000 * float(wiring.setting("crowd-for")))
        self._dense_since: int | None = None
        self._frames = 0
        self._told: Told = {}
        self._told_ms = 0

    def start(self, at: int) -> None:
        """Nobody seen; pictures begin."""
        names = (p.name for p in self.wiring.device.points if p.name != "frames")
        nothing: Told = dict.fromkeys(names, 0)
        seen = nothing | {"count": 0, "density": 0.0}
        seen |= {name: False for name in ("crowd", "tamper") if name in nothing}
        self._tell(seen, at, at)
        self.wiring.agenda.at(at + self._first_ms, self._picture)

    def _picture(self, at: int) -> None:
        agenda = self.wiring.agenda
        agenda.at(at + self._picture_ms, self._picture)
        if self.wiring.off:
            return
        self._frames += 1
        seen = self._look(at)
        if self.wiring.wrong is not None:
            seen = seen | {"count": int(self.wiring.wrong)}
        agenda.at(at + self._latency_ms, partial(self._tell, seen, at))

    def _look(self, at: int) -> Told:
        """What one picture holds."""
        failing = self.wiring.failing
        dark, blocked = "night" in failing or bool(self._dark()), "lens-blocked" in failing
        if self._analyst is not None:
            seen = self._analyst.picture(at, dark, blocked)
        else:
            count, density = (0, 0.0) if blocked else self._count(dark)
            seen = {"count": count, "density": density}
        twice = float(failing.get("recount", 0.0)) / 100
        if twice:
            seen["count"] = int(seen["count"]) + int(self._rng.binomial(int(seen["count"]), twice))
        if self.wiring.has("tamper"):
            seen["tamper"] = blocked or (dark and not self.wiring.setting("infrared"))
        if self.wiring.has("crowd"):
            seen["crowd"] = self._crowded(float(seen["density"]), at)
        return seen

    def _count(self, dark: bool) -> tuple[int, float]:
        """People in all spaces, and the density where it is highest."""
        total, densest = 0, 0.0
        for space in self._spaces:
            people = int(space.people())
            if people and space.depth() / 2 <= SEEN_THROUGH:
                density = space.density()
                share = self._sight.share(density, space.stair, dark)
                seen = int(self._rng.binomial(people, share))
                total += seen
                densest = max(densest, density * seen / people)
        return total, round(densest, 2)

    def _crowded(self, density: float, at: int) -> bool:
        """Whether the density has been too high for long enough."""
        if density < self._crowd_at:
            self._dense_since = None
            return False
        if self._dense_since is None:
            self._dense_since = at
        return at - self._dense_since >= self._crowd_ms

    def _tell(self, seen: Told, taken_ms: int, at: int) -> None:
        if self.wiring.off or (
            seen == self._told and at - self._told_ms < self._repeat_ms and at > 0
        ):
            return
        self._told, self._told_ms = seen, at
        for name, value in seen.items():
            self.wiring.show(name, value, taken_ms)
        if self.wiring.has("frames"):
            self.wiring.show("frames", self._frames, taken_ms)


class _Space:
    """One space that a camera sees whole."""

    def __init__(self, wiring: Wiring, place: str) -> None:
        self.people: Probe = wiring.probe(place, "people")
        self.density: Probe = wiring.probe(place, "density_per_m2")
        self.depth: Probe = wiring.probe(place, "optical_depth")
        self.stair = bool(wiring.probe(place, "stairs")())

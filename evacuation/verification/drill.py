"""Runs a crowd out of a floor and keeps what the cases measure: times, counts and queues."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from evacuation.conditions import Conditions, Cue
from evacuation.crowd import Crowd
from evacuation.floor import Floor
from evacuation.laws import BOUNDING, Laws
from evacuation.moves import Passage, Segment
from evacuation.people import Person

SPEED_M_S = 1.2
SLICE_MS = 1000


def people(count: int, space: str, prefix: str = "p", **more: Any) -> list[Person]:
    """Return persons at 1.2 m/s who start at once, changed by ``more``."""
    base = Person("", space, "g", "adult", SPEED_M_S, 0.1, 0)
    return [replace(base, id=f"{prefix}{k:04d}", **more) for k in range(count)]


def alarm(floor: Floor, **more: Any) -> Conditions:
    """Return conditions in which everybody hears the alarm."""
    return Conditions(cues=(Cue(tuple(floor.spaces), "bell", "sounder", "alarm"),), **more)


@dataclass
class Drill:
    """A crowd on its way out; queues are looked at once a second."""

    crowd: Crowd
    outs: list[Passage] = field(default_factory=list)
    turned: list[Passage] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    peaks: Counter[str] = field(default_factory=Counter)
    courses: dict[str, list[int]] = field(default_factory=dict)

    def go(self, seconds: float, conditions: Conditions) -> "Drill":
        """Go on for some time, or until nobody is inside or can move."""
        end = self.crowd.now_ms + round(seconds * 1000)
        while self.crowd.now_ms < end and self.crowd.inside:
            new = self.crowd.advance(min(SLICE_MS, end - self.crowd.now_ms), conditions)
            self.outs += new.outs
            self.turned += new.turned
            self.segments += new.segments
            self._look()
            if self.crowd.settled:
                break
        return self

    def _look(self) -> None:
        for portal in self.crowd.floor.portals:
            waiting = self.crowd.queue(portal)
            self.peaks[portal] = max(self.peaks[portal], waiting)
            self.courses.setdefault(portal, []).append(waiting)

    @property
    def last_s(self) -> float:
        """When the last one was out; infinite while somebody is inside."""
        return float("inf") if self.crowd.inside else self.last_of("")

    def last_of(self, prefix: str) -> float:
        """Return when the last of those whose id begins so was out; infinite if one is not."""
        out = {person: t for person, _, t in self.outs if person.startswith(prefix)}
        left = {s[0] for s in self.crowd.open_segments() if s[0].startswith(prefix)} - set(out)
        return float("inf") if left or not out else max(out.values()) / 1000

    @property
    def times_s(self) -> list[float]:
        """When people were out, in order."""
        return sorted(t / 1000 for _, _, t in self.outs)

    def used(self) -> Counter[str]:
        """Return how many left by each exit."""
        return Counter(portal for _, portal, _ in self.outs)

    def entries(self, space: str) -> dict[str, float]:
        """Return when each person came into a space that he did not start in, in seconds."""
        first: dict[str, int] = {}
        for person, where, _, begin, _ in self._all():
            if where == space:
                first.setdefault(person, begin)
        return {person: t / 1000 for person, t in first.items() if t > 0}

    def stays(self, space: str) -> dict[str, tuple[float, float]]:
        """Return from when to when each person was in a space, in seconds."""
        found: dict[str, tuple[float, float]] = {}
        for person, where, _, begin, end in self._all():
            if where == space:
                since = found[person][0] if person in found else begin / 1000
                found[person] = (since, end / 1000)
        return found

    def starts(self) -> dict[str, float]:
        """Return when each person took his first step, in seconds."""
        first: dict[str, int] = {}
        for person, _, state, begin, _ in self._all():
            if state in ("walk", "queue"):
                first.setdefault(person, begin)
        return {person: t / 1000 for person, t in first.items()}

    def crossings(self, a: str, b: str) -> list[float]:
        """Return when people went from space a to space b or back, in order, in seconds."""
        found, last = [], dict[str, str]()
        for person, space, _, begin, _ in self._all():
            if {last.get(person), space} == {a, b}:
                found.append(begin / 1000)
            last[person] = space
        return sorted(found)

    def _all(self) -> list[Segment]:
        return self.segments + self.crowd.open_segments()


def drill(floor: Floor, crowd: Sequence[Person], seed: int = 1, laws: Laws = BOUNDING) -> Drill:
    """Return a drill that has not begun yet."""
    return Drill(Crowd(floor, crowd, seed, laws))


def evacuate(floor: Floor, crowd: Sequence[Person], seconds: float = 1800, **more: Any) -> Drill:
    """Sound the alarm and run until everybody is out."""
    return drill(floor, crowd, **more).go(seconds, alarm(floor))


def rate(times: Iterable[float]) -> float:
    """Return persons per second: n - 1 headways over the time from first to last."""
    ordered = sorted(times)
    if len(ordered) < 2 or ordered[-1] <= ordered[0]:
        return 0.0
    return (len(ordered) - 1) / (ordered[-1] - ordered[0])


def peak_rate(times: Sequence[float], window_s: float) -> float:
    """Return the greatest flow over any stretch of at least ``window_s``, in persons per second."""
    ordered = sorted(times)
    best, j = 0.0, 0
    for i, begin in enumerate(ordered):
        while j < len(ordered) and ordered[j] - begin < window_s:
            j += 1
        if j == len(ordered):
            break
        best = max(best, (j - i) / (ordered[j] - begin))
    return best


def middle(times: Iterable[float], low: float = 0.25, high: float = 0.75) -> list[float]:
    """Return the middle half of some times, without the beginning and the end."""
    ordered = sorted(times)
    return ordered[round(low * len(ordered)) : round(high * len(ordered))]

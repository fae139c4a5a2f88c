"""The four levels of every watched flight: green, amber 1, amber 2, red - or unknown.

A level is reached when enough of its signs have stood together for its time, and left when they
have been away for a while, well away (hysteresis). A fall is amber 1 while it is
only suspected; it is red when one has lain long enough, when several lie, or on a flight that is at
amber 2 by its signs. What a camera says counts only while all of it can be trusted: else the flight
is unknown, never green, which is a fault after a while.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from controller.crowdvalues import (
    AMBER1,
    AMBER2,
    GREEN,
    RED,
    RISING,
    SUSPECTED,
    UNKNOWN,
    Crowd,
    Level,
    Watch,
)
from controller.interface.points import Quality, Sample
from controller.service import NEVER

STEP_MS = 1000
"""How often flows and times are looked at while anything is above green: cameras look as often."""
_RANKS = (GREEN, *RISING)
LIES, SEVERAL = "lies", "several"
"""Among the levels that are being met: somebody lies, more than one at a time."""
UNBALANCE_MS = 20_000
"""Over how long more people in than out must last."""


class Seen(NamedTuple):
    """What a camera says, corrected for those it misses; None where nothing can be said yet.

    `adults` per m2, `flow` out and `gain` (in less out) per m and s, `speed` in m/s.
    """

    adults: float
    flow: float | None
    gain: float | None
    speed: float
    fallen: int


class Change(NamedTuple):
    """A watch came to another level: which, from which, why, and what was seen."""

    watch: Watch
    level: str
    was: str
    why: tuple[str, ...]
    seen: Seen | None


@dataclass(slots=True)
class Watched:
    """One watch: its level and since when; since when a level's signs stand, when they were there
    last. `answered`: somebody has taken notice of the level that stands.
    """

    level: str = UNKNOWN
    since_ms: int = 0
    met: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    fell_ms: int = -NEVER
    answered: bool = False
    unseen: bool = False
    out: deque[tuple[int, float]] = field(default_factory=deque)
    count: deque[tuple[int, float]] = field(default_factory=deque)

    @property
    def suspects(self) -> bool:
        """Whether somebody lies there, or did a moment ago, for however short a time."""
        return SUSPECTED in self.met

    def reaches(self, level: str) -> bool:
        """Whether it is at this level or a worse one; suspected and unknown are only themselves."""
        if level == SUSPECTED:
            return self.suspects
        if UNKNOWN in (level, self.level):
            return level == self.level
        return _RANKS.index(self.level) >= _RANKS.index(level)


class CrowdWatch:
    """All watches of a site. `look` at every decision; `wake_ms` is when to look again at last."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self.watched = {name: Watched() for name in crowd.watches}
        self.wake_ms = NEVER

    def look(self, samples: Mapping[str, Sample], unheard: set[str], now: int) -> list[Change]:
        """Look at every camera once: the watches that changed. One not heard since a restart
        stays as it was.
        """
        changes = []
        self.wake_ms = NEVER
        for watch in self._crowd.watches.values():
            one = self.watched[watch.id]
            if unheard.isdisjoint(watch.says):
                seen = self._see(watch, one, samples, now)
                level, why = self._level(watch, one, seen, now)
                if level != one.level:
                    changes.append(Change(watch, level, one.level, why, seen))
                    worse = UNKNOWN in (level, one.level) or not one.reaches(level)
                    one.answered = one.answered and not worse and level != GREEN
                    one.level, one.since_ms = level, now
            if self._stirs(one, now):
                self.wake_ms = now + STEP_MS
        return changes

    def unseen(self, now: int) -> list[tuple[str, bool]]:
        """The watches that have just been unknown for too long, or are known again."""
        news = []
        for name, one in self.watched.items():
            lost = one.level == UNKNOWN and now - one.since_ms >= self._crowd.unseen_ms
            if lost != one.unseen:
                one.unseen = lost
                news.append((name, lost))
        return news

    def acknowledge(self, target: str) -> list[str]:
        """Somebody has taken notice of a watch ("": of all): those that waited for it."""
        waiting = [
            name for name, one in self.watched.items()
            if target in ("", name) and one.level != GREEN and not one.answered
        ]  # fmt: skip
        for name in waiting:
            self.watched[name].answered = True
        return waiting

    def capture(self) -> dict[str, Any]:
        """Levels and their times, as plain values."""
        return {
            name: [one.level, one.since_ms, one.met, one.kept, one.fell_ms, one.answered,
                   one.unseen]
            for name, one in self.watched.items()
        }  # fmt: skip

    def restore(self, plain: Mapping[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured; what a matrix no longer watches is left out."""
        for name in self.watched.keys() & plain.keys():
            one = self.watched[name]
            one.level, since_ms, met, kept, fell_ms, one.answered, one.unseen = plain[name]
            one.since_ms, one.fell_ms = move(since_ms), move(fell_ms)
            one.met = {level: move(t) for level, t in met.items()}
            one.kept = {level: move(t) for level, t in kept.items()}
        self.wake_ms = 0

    def _see(
        self, watch: Watch, one: Watched, samples: Mapping[str, Sample], now: int
    ) -> Seen | None:
        """What its camera says now; None unless every point of it can be trusted."""
        said = []
        for point in watch.says:
            sample = samples.get(point)
            if sample is None or sample.quality is not Quality.GOOD:
                break
            said.append(float(sample.value))
        if len(said) < len(watch.says) or said[-1]:
            one.out.clear()
            one.count.clear()
            return None
        density, count, out, speed, fallen, _ = said
        crowd = self._crowd
        flow = _rate(one.out, out, crowd.window_ms, now)
        gain = _rate(one.count, count, UNBALANCE_MS, now)
        per = crowd.counted * watch.width_m
        return Seen(
            density / crowd.counted * watch.adults,
            None if flow is None or flow < 0 else flow / per,
            None if gain is None else gain / per,
            speed,
            int(fallen),
        )

    def _level(
        self, watch: Watch, one: Watched, seen: Seen | None, now: int
    ) -> tuple[str, tuple[str, ...]]:
        """The worst level that stands, and why."""
        if seen is None:
            one.met.clear()
            one.kept.clear()
            one.fell_ms = -NEVER
            return UNKNOWN, ("not seen",)
        found: str = GREEN
        why: tuple[str, ...] = ("clear",)
        for name, level in watch.levels.items():
            signs = self._signs(name, level, seen)
            if self._stands(name, level, one, seen, bool(signs), now):
                found, why = name, signs or ("not clear yet",)
        self._suspect(one, seen, now)
        sure = self._lies(one, seen, now)
        if sure or (one.suspects and found == AMBER2):
            one.fell_ms = now
        if now - one.fell_ms < self._crowd.fall_clear_ms or one.fell_ms == now:
            return RED, ("fall",)
        if one.suspects and found == GREEN:
            return AMBER1, ("fall suspected",)
        return found, why

    def _suspect(self, one: Watched, seen: Seen, now: int) -> None:
        """Keep when somebody was last seen to lie, until that is long enough ago."""
        if seen.fallen:
            one.met[SUSPECTED] = now
        elif now - one.met.get(SUSPECTED, -NEVER) >= self._crowd.suspect_clear_ms:
            one.met.pop(SUSPECTED, None)

    def _lies(self, one: Watched, seen: Seen, now: int) -> bool:
        """Whether a fall is sure: one has lain for long enough, or several for less; a mistake of
        a moment is none.
        """
        crowd = self._crowd
        alone = _lasts(one, LIES, seen.fallen > 0, crowd.fall_for_ms, now)
        several = _lasts(one, SEVERAL, seen.fallen > 1, crowd.falls_for_ms, now)
        return alone or several

    def _signs(self, name: str, level: Level, seen: Seen, ease: float = 1.0) -> tuple[str, ...]:
        """The signs of a level that stand, if there are enough of them; `ease` below 1 takes less
        for each.
        """
        crowd = self._crowd
        slow, filled = crowd.flow_per_m_s / ease, seen.adults >= ease * level.least
        signs = (
            ("dense", seen.adults >= ease * level.dense),
            ("breakdown", filled and seen.flow is not None and seen.flow < slow),
            ("standing", filled and seen.speed < crowd.standing_m_s / ease),
        )
        found = tuple(sign for sign, stands in signs if stands)
        filling = seen.gain is not None and seen.gain > ease * crowd.unbalance_per_m_s
        if name == AMBER1 and filling:
            return (*found, "filling")
        return found if len(found) >= level.agree else ()

    def _stands(
        self, name: str, level: Level, one: Watched, seen: Seen, signs: bool, now: int
    ) -> bool:
        """Whether a level stands: reached after its time, left after the time to clear."""
        reached = _lasts(one, name, signs, level.for_ms, now)
        crowd = self._crowd
        goes_on = bool(self._signs(name, level, seen, crowd.release))
        if reached or (name in one.kept and goes_on):
            one.kept[name] = now
        elif name in one.kept and now - one.kept[name] >= crowd.clear_ms:
            del one.kept[name]
        return name in one.kept

    def _stirs(self, one: Watched, now: int) -> bool:
        """Whether time alone can change something here."""
        waits = one.level == UNKNOWN and not one.unseen
        return waits or one.level not in (GREEN, UNKNOWN) or bool(one.met)


def _lasts(one: Watched, what: str, there: bool, for_ms: int, now: int) -> bool:
    """Whether something has been there for so long."""
    if not there:
        one.met.pop(what, None)
        return False
    return now - one.met.setdefault(what, now) >= for_ms


def _rate(past: deque[tuple[int, float]], value: float, window_ms: int, now: int) -> float | None:
    """How fast a number grew over a window, per s; None until the window is full."""
    if not past or past[-1][1] != value:
        past.append((now, value))
    while len(past) > 1 and past[1][0] <= now - window_ms:
        past.popleft()
    if past[0][0] > now - window_ms:
        return None
    return (value - past[0][1]) / window_ms * 1000

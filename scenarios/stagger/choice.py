"""Chooses among schedules: the quickest that holds on seeds of its own, pulled together.

What was pulled together on some seeds fits those a little too well. So it must hold on others
too, that had no say in it; else it is pulled together again under a lower density.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import floor

from scenarios.stagger.bench import Bench
from scenarios.stagger.rehearsal import Schedule
from scenarios.stagger.rooms import Room
from scenarios.stagger.search import Found, front

STRIDES_S = (30, 20, 10)
EXCEEDING = 0.05
"""Share of dismissals that may exceed the density: the plan holds in 95 of 100."""
AIMS = (0.95, 0.88, 0.8)
"""What is aimed at, of the density asked for, one after the other."""
PULL_FROM, CHECK_FROM = 10_001, 15_001
"""Seeds that pull a schedule together, and those that check it, begin here: no search and no
report uses them.
"""
PULLED, CHECKED = 0.6, 1.5
"""How many of them there are, by how many fresh ones confirm the choice."""
CHUNK = 6


def allowed(runs: int) -> int:
    """How many of so many dismissals may exceed the density."""
    return floor(EXCEEDING * runs)


def chosen(
    bench: Bench,
    rooms: Sequence[Room],
    found: Sequence[Found],
    density_per_m2: float,
    fresh: int,
    progress: Callable[[str], None],
) -> Schedule:
    """Return the schedule of choice; the one with the lowest peak where none holds.

    `fresh` is how many dismissals will confirm it; `progress` is told what is being done.
    """
    best = front(found)
    pull = range(PULL_FROM, PULL_FROM + round(PULLED * fresh))
    check = range(CHECK_FROM, CHECK_FROM + round(CHECKED * fresh))
    for aim in AIMS:
        limit = aim * density_per_m2
        fits = (f for f in best if f.peak <= limit and _end_s(bench, f.schedule, limit, pull))
        first = next(fits, None)
        if first is None:
            continue
        pulled = _pulled(bench, rooms, first.schedule, limit, pull, progress)
        if _end_s(bench, pulled, density_per_m2, check) is not None:
            return pulled
    return best[-1].schedule


def _end_s(
    bench: Bench, schedule: Schedule, density_per_m2: float, seeds: Sequence[int]
) -> float | None:
    """Mean time until all are out, None as soon as too many dismissals exceed the density.

    One less may than `allowed`: a choice among many is luckier than its dismissals to come.
    """
    above, total = 0, 0.0
    for first in range(0, len(seeds), CHUNK):
        gave = bench.all([schedule], seeds[first : first + CHUNK])[0]
        above += int((gave.peak > density_per_m2).sum())
        total += float(gave.end_s.sum())
        if above > max(0, allowed(len(seeds)) - 1):
            return None
    return total / len(seeds)


def _pulled(
    bench: Bench,
    rooms: Sequence[Room],
    schedule: Schedule,
    density_per_m2: float,
    seeds: Sequence[int],
    progress: Callable[[str], None],
) -> Schedule:
    """Call each room, and all after it on its stair, earlier by the longest stride that holds."""
    best, end_s = dict(schedule), _end_s(bench, schedule, density_per_m2, seeds) or 0.0
    for room in sorted(rooms, key=lambda r: (schedule[r.id], r.id)):
        progress("pulling together")
        for stride in STRIDES_S if room.stair else ():
            tried = _earlier(rooms, best, room, 1_000 * stride)
            took = None if tried == best else _end_s(bench, tried, density_per_m2, seeds)
            if took is not None and took <= end_s:
                best, end_s = tried, took
                break
    return best


def _earlier(rooms: Sequence[Room], schedule: Schedule, first: Room, by_ms: int) -> dict[str, int]:
    """The schedule with a room and those behind it on its stair moved; none before those ahead."""
    same = [r for r in rooms if r.stair == first.stair]
    at = schedule[first.id]
    ahead = [schedule[r.id] for r in same if schedule[r.id] < at]
    by = min(by_ms, at - max(ahead, default=0))
    moved = {r.id for r in same if schedule[r.id] >= at}
    return {room: t - by if room in moved else t for room, t in schedule.items()}

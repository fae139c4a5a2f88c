"""Times of the day: windows of a plan, and whether one is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from controller.interface.people import PeopleFile

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Window:
    """From `from_ms` to before `to_ms` of the day, over midnight where it ends before it begins."""

    from_ms: int
    to_ms: int

    def holds(self, day_ms: int) -> bool:
        """Whether a time of the day lies in it."""
        if self.from_ms <= self.to_ms:
            return self.from_ms <= day_ms < self.to_ms
        return day_ms >= self.from_ms or day_ms < self.to_ms


def clock_ms(text: str) -> int:
    """`08:20` as ms of the day."""
    hours, minutes = text.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000


def windows(
    begin: str | None, end: str | None, periods: Iterable[str], timetable: Mapping[str, Window]
) -> tuple[Window, ...]:
    """The windows of an entry: its own times, its periods, or none, which is always."""
    if begin is not None and end is not None:
        return (Window(clock_ms(begin), clock_ms(end)),)
    return tuple(timetable[period] for period in periods)


def timetable(people: PeopleFile) -> dict[str, Window]:
    """The periods of a timetable."""
    return {one.id: Window(clock_ms(one.from_), clock_ms(one.to)) for one in people.timetable}


def is_open(hours: tuple[Window, ...], day_ms: int) -> bool:
    """Whether any window holds; no windows are open at all hours."""
    return not hours or any(window.holds(day_ms) for window in hours)


def next_edge_ms(hours: tuple[Window, ...], day_ms: int) -> int:
    """How long until a window next begins or ends, ms; a day at most."""
    edges = [edge for window in hours for edge in (window.from_ms, window.to_ms)]
    return min(((edge - day_ms - 1) % DAY_MS + 1 for edge in edges), default=DAY_MS)

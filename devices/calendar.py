"""What the devices' own clocks show: a date and a time of day for the run's milliseconds."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

HERE = timezone(timedelta(hours=8))
"""China standard time, in which the devices are set."""

FIRST_DAY = datetime(2025, 9, 1, 8, 0, tzinfo=HERE)
"""What they show when a run begins, unless somebody sets them: 1 September 2025, 8 in the morning.
A run must give the same bytes whenever it is made."""


class Calendar:
    """The devices' clocks; `start` is what they show at run time 0, and may be set before."""

    def __init__(self, start: datetime = FIRST_DAY) -> None:
        self.start = start

    def set(self, utc_ms: int) -> None:
        """Set the clocks: time 0 was `utc_ms` after 1970."""
        self.start = datetime.fromtimestamp(utc_ms / 1000, HERE)

    def at(self, t_ms: int) -> datetime:
        """Local time with its offset."""
        return self.start + timedelta(milliseconds=t_ms)

    def epoch_ms(self, t_ms: int) -> int:
        """Milliseconds since 1970 in UTC."""
        return round(self.start.timestamp() * 1000) + t_ms

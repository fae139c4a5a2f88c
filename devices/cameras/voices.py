"""How a camera of each make speaks over time: what it repeats, sums up, and says unasked."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from controller.interface.cameras import axis, hikvision, milesight, onvif
from controller.interface.cameras.telling import Message, Plate, Told

PASSING = ("line-out", "line-in")
"""People over a line so far."""

STANDING = ("loitering", "intrusion")
"""People to whom something applies now."""


class Voice(Protocol):
    """One camera's analytics application."""

    def tell(self, told: Told) -> tuple[Message, ...]:
        """What it says when something is so, or has happened."""
        ...

    def tick(self, now: datetime) -> tuple[Message, ...]:
        """What it says by itself; called once a second."""
        ...


class OnvifVoice:
    """Events as they happen; a count is sent each time it is taken.

    A crowd is told when it begins and when it ends. Of those who loiter or stand in a field, and of
    each who crosses a line, there is an event for every one, under a number of the camera's own;
    who came first is taken to go first. What was not told while the link was down comes at once.
    """

    def __init__(self, plate: Plate) -> None:
        self._plate = plate
        self._crowd = False
        self._numbers = 0
        self._standing: dict[str, deque[str]] = {what: deque() for what in STANDING}
        self._passed = dict.fromkeys(PASSING, 0)

    def tell(self, told: Told) -> tuple[Message, ...]:
        """What begins, ends, happens, or is counted."""
        return tuple(message for one in self._events(told) for message in self._say(one))

    def _events(self, told: Told) -> list[Told]:
        if told.what in self._standing:
            return self._come_and_go(told, self._standing[told.what])
        if told.what in self._passed:
            new = max(0, int(told.value) - self._passed[told.what])
            self._passed[told.what] = int(told.value)
            return [replace(told, value=True, object=self._new()) for _ in range(new)]
        if told.what == "crowd" and told.value == self._crowd:
            return []
        if told.what == "crowd":
            self._crowd = bool(told.value)
        return [told]

    def _come_and_go(self, told: Told, standing: deque[str]) -> list[Told]:
        events = []
        while len(standing) < int(told.value):
            standing.append(self._new())
            events.append(replace(told, value=True, object=standing[-1]))
        while len(standing) > int(told.value):
            events.append(replace(told, value=False, object=standing.popleft()))
        return events

    def _new(self) -> str:
        self._numbers += 1
        return str(self._numbers)

    def _say(self, told: Told) -> tuple[Message, ...]:
        return (onvif.encode(told),)

    def tick(self, now: datetime) -> tuple[Message, ...]:
        """Nothing."""
        return ()


class AxisVoice(OnvifVoice):
    """The same in other words, retained; a crossing is active and at once inactive again."""

    def _say(self, told: Told) -> tuple[Message, ...]:
        over = (replace(told, value=False),) if told.what in PASSING else ()
        return tuple(axis.encode(one, self._plate) for one in (told, *over))


class HikvisionVoice:
    """An alarm that lasts is repeated every second with a growing count; a heartbeat every 10 s."""

    HEARTBEAT = timedelta(seconds=10)

    def __init__(self, plate: Plate) -> None:
        self._plate = plate
        self._posts: dict[str, int] = {}
        self._passed = dict.fromkeys(PASSING, 0)
        self._beat: datetime | None = None

    def tell(self, told: Told) -> tuple[Message, ...]:
        """A count as it is; an alarm when it begins, and once when it ends."""
        if told.what == "count":
            return (hikvision.encode_count(told, self._plate),)
        if told.what in PASSING:
            return self._pass(told)
        standing = told.what in self._posts
        if bool(told.value) == standing:
            return ()
        posts = self._posts.pop(told.what, 0) + 1
        if told.value:
            self._posts[told.what] = posts
        return (hikvision.encode_alert(told, self._plate, posts),)

    def _pass(self, told: Told) -> tuple[Message, ...]:
        """An alarm for each who crosses the line, which does not say which way; and both totals."""
        new = max(0, int(told.value) - self._passed[told.what])
        self._passed[told.what] = int(told.value)
        alert = hikvision.encode_alert(replace(told, value=True), self._plate, 1)
        totals = hikvision.encode_passed(told.when, self._plate, *self._passed.values())
        return (alert,) * new + (totals,)

    def tick(self, now: datetime) -> tuple[Message, ...]:
        """Every alarm that stands, once more; and the heartbeat."""
        said = []
        for what in self._posts:
            self._posts[what] += 1
            told = Told(what, True, now)
            said.append(hikvision.encode_alert(told, self._plate, self._posts[what]))
        if self._beat is None or now - self._beat >= self.HEARTBEAT:
            self._beat = now
            quiet = Told(hikvision.HEARTBEAT, False, now)
            said.append(hikvision.encode_alert(quiet, self._plate, 0))
        return tuple(said)


class MilesightVoice:
    """A report when the count changes, and two at the end of each interval of 60 s."""

    INTERVAL = timedelta(seconds=60)

    def __init__(self, plate: Plate) -> None:
        self._plate = plate
        self._count, self._most = 0, 0
        self._begin: datetime | None = None

    def tell(self, told: Told) -> tuple[Message, ...]:
        """Counts only; it knows no alarms."""
        if told.what != "count" or told.value == self._count:
            return ()
        self._count = int(told.value)
        self._most = max(self._most, self._count)
        return (milesight.encode_trigger(told, self._plate),)

    def tick(self, now: datetime) -> tuple[Message, ...]:
        """Both reports, when an interval is over."""
        if self._begin is None:
            self._begin = now
        if now - self._begin < self.INTERVAL:
            return ()
        told = Told("count", self._count, now)
        said = milesight.encode_interval(told, self._plate, self._begin, self._most)
        self._begin, self._most = now, self._count
        return said


VOICES: Mapping[str, Callable[[Plate], Voice]] = {
    "onvif": OnvifVoice,
    "axis": AxisVoice,
    "hikvision": HikvisionVoice,
    "milesight": MilesightVoice,
}

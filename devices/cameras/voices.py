"""How a camera of each make speaks over time: what it repeats, sums up, and says unasked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from controller.interface.cameras import axis, hikvision, milesight, onvif
from controller.interface.cameras.telling import Message, Plate, Told


class Voice(Protocol):
    """One camera's analytics application."""

    def tell(self, told: Told) -> tuple[Message, ...]:
        """What it says when something is so, or has happened."""
        ...

    def tick(self, now: datetime) -> tuple[Message, ...]:
        """What it says by itself; called once a second."""
        ...


class OnvifVoice:
    """Events as they happen; a count is sent each time it is taken."""

    def __init__(self, plate: Plate) -> None:
        self._crowd = False

    def tell(self, told: Told) -> tuple[Message, ...]:
        """A crowd is an event of its own only when it begins and when it ends."""
        if told.what == "crowd":
            if told.value == self._crowd:
                return ()
            self._crowd = bool(told.value)
        return (onvif.encode(told),)

    def tick(self, now: datetime) -> tuple[Message, ...]:
        """Nothing."""
        return ()


class AxisVoice(OnvifVoice):
    """The same in other words, retained; a state is sent anew only when it has changed."""

    def __init__(self, plate: Plate) -> None:
        super().__init__(plate)
        self._plate = plate

    def tell(self, told: Told) -> tuple[Message, ...]:
        """What has changed, or is counted."""
        return (axis.encode(told, self._plate),) if super().tell(told) else ()


class HikvisionVoice:
    """An alarm that lasts is repeated every second with a growing count; a heartbeat every 10 s."""

    HEARTBEAT = timedelta(seconds=10)

    def __init__(self, plate: Plate) -> None:
        self._plate = plate
        self._posts: dict[str, int] = {}
        self._beat: datetime | None = None

    def tell(self, told: Told) -> tuple[Message, ...]:
        """A count as it is; an alarm when it begins, and once when it ends."""
        if told.what == "count":
            return (hikvision.encode_count(told, self._plate),)
        if told.what in hikvision.MOMENTARY:
            return (hikvision.encode_alert(told, self._plate, 1),)
        standing = told.what in self._posts
        if told.value == standing:
            return ()
        posts = self._posts.pop(told.what, 0) + 1
        if told.value:
            self._posts[told.what] = posts
        return (hikvision.encode_alert(told, self._plate, posts),)

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

"""Section `intrusion` of plan.yaml: zones, their detectors and hours, and guards who are asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from controller.access.entry import HoursEntry, strays
from controller.interface.files import Entry, Finding
from controller.interface.people import Name, PeopleFile, persons_of
from controller.interface.points import PointList

DETECTORS = ("pir", "perimeter-beam")
SEEN = ("intrusion", "loitering", "line-in", "line-out")
"""Points of a camera that can verify: people in its field, who loiter, and who cross its line."""

Keys = tuple[str | int, ...]


class ZoneEntry(Entry):
    """One zone. Armed in `armed` hours, `exit_s` after they begin.

    The first detector begins `entry_s`; after it, `verify` different ones within `window_s` are an
    intruder, fewer ask a guard to look.
    """

    id: Name
    say: str
    detectors: Annotated[tuple[str, ...], Field(min_length=1)]
    cameras: tuple[str, ...] = ()
    armed: HoursEntry
    exit_s: float = Field(default=0, ge=0, le=600)
    entry_s: float = Field(default=0, ge=0, le=600)
    verify: int = Field(default=2, ge=1, le=8)
    window_s: float = Field(default=60, gt=0, le=3_600)


class IntrusionEntry(Entry):
    """Section `intrusion`; `guards` are asked in this order, each for `ack_s`."""

    desk: str
    guards: Annotated[tuple[Name, ...], Field(min_length=1)]
    ack_s: float = Field(default=60, ge=5, le=3_600)
    zones: Annotated[tuple[ZoneEntry, ...], Field(min_length=1)]

    def findings(self, points: PointList, people: PeopleFile) -> Iterator[Finding]:
        """What leads nowhere; keys begin at the section."""
        devices = points.devices.values()
        desks = [d.id for d in devices if d.kind == "duty-desk"]
        yield from strays(("desk",), "duty desk", (self.desk,), desks)
        groups = {group.id for group in people.groups}
        persons = {name for group in people.groups for name in persons_of(group)}
        for number, guard in enumerate(self.guards):
            if guard in persons or guard.rpartition(".")[0] in groups:
                text = "the desk and the journal say it: name the guard's post, no person"
                yield Finding(("guards", number), text)
        detectors = [d.id for d in devices if d.kind in DETECTORS]
        seen = [f"{d.id}.{p.name}" for d in devices if d.kind == "camera" for p in d.points]
        seen = [name for name in seen if name.partition(".")[2] in SEEN]
        periods = [one.id for one in people.timetable]
        taken: dict[str, str] = {}
        for number, zone in enumerate(self.zones):
            keys: Keys = ("zones", number)
            for name in zone.detectors:
                yield from strays((*keys, "detectors"), "intrusion detector", (name,), detectors)
                if name in taken:
                    yield Finding((*keys, "detectors"), f"{name} is already in {taken[name]}")
                taken.setdefault(name, zone.id)
            for name in zone.cameras:
                yield from strays((*keys, "cameras"), "point of a camera", (name,), seen)
            for name in zone.armed.periods:
                yield from strays((*keys, "armed"), "timetable period", (name,), periods)
            if zone.verify > len(zone.detectors) + len(zone.cameras):
                text = f"{zone.verify} of {len(zone.detectors) + len(zone.cameras)} never alarm"
                yield Finding((*keys, "verify"), text)

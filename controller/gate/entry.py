"""Section `gate` of plan.yaml: a gate's bollards, who watches it, and its modes of the day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from controller.access.entry import HoursEntry, strays
from controller.interface.files import Entry, Finding
from controller.interface.people import Name, PeopleFile
from controller.interface.points import PointList

PEOPLE = ("count", "intrusion")
"""Points of a camera that say how many people are there."""


class ModeEntry(HoursEntry):
    """A mode and its hours: whether vehicles come in, and which turnstiles stand open for all."""

    id: Name
    vehicles: bool = False
    free: tuple[str, ...] = ()


class GateEntry(Entry):
    """Section `gate`. Outside its modes vehicles come in and turnstiles do not stand open.

    `people`: how many are in the gate area; `line`: how many stand where the bollards rise.
    `attack`: causes of the matrix that are one.
    """

    portal: str
    bollards: Annotated[tuple[str, ...], Field(min_length=1)]
    people: str
    line: str = ""
    attack: tuple[str, ...] = ()
    clear_s: float = Field(default=5, ge=0, le=600)
    open_s: float = Field(default=40, ge=5, le=600)
    modes: tuple[ModeEntry, ...] = ()

    def findings(self, points: PointList, people: PeopleFile) -> Iterator[Finding]:
        """What leads nowhere; keys begin at the section."""
        devices = points.devices
        portals = [d.portal for d in devices.values() if d.kind == "bollard"]
        yield from strays(("portal",), "portal with a bollard", (self.portal,), portals)
        bollards = [d.id for d in devices.values() if d.kind == "bollard"]
        for name in self.bollards:
            yield from strays(("bollards",), "bollard", (name,), bollards)
            bound = {p.name for p in devices[name].points} if name in bollards else {"loop"}
            if "loop" not in bound:
                text = f"{name} has no point `loop`: nothing would keep it from rising"
                yield Finding(("bollards",), text)
        cameras = (d for d in devices.values() if d.kind == "camera")
        counts = [f"{d.id}.{p.name}" for d in cameras for p in d.points if p.name in PEOPLE]
        for key, name in (("people", self.people), ("line", self.line or self.people)):
            yield from strays((key,), "count of a camera", (name,), counts)
        turnstiles = [d.id for d in devices.values() if d.kind == "turnstile"]
        periods = [one.id for one in people.timetable]
        for mode in self.modes:
            for name in mode.free:
                yield from strays(("modes",), "turnstile", (name,), turnstiles)
            for name in mode.periods:
                yield from strays(("modes",), "timetable period", (name,), periods)
